"""Stylesheet and script: read once, named by their content, kept by browsers for a year."""

import mimetypes
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from shared.i18n import ROOT
from shared.kernel import UnknownError
from shared.web.access import public

FOLDERS = ("shared/web/static", "services/*/static")
FOR_A_YEAR = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"


class File(NamedTuple):
    """One static file in memory."""

    body: bytes
    media: str
    version: str


class NoSuchFileError(UnknownError):
    """No static file has this name."""


@cache
def files() -> dict[str, File]:
    """All static files by name."""
    folders = [folder for pattern in FOLDERS for folder in sorted(ROOT.glob(pattern))]
    found = {}
    for folder in folders:
        for path in filter(lambda one: one.is_file(), folder.rglob("*")):
            body = path.read_bytes()
            media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            version = sha256(body).hexdigest()[:12]
            found[path.relative_to(folder).as_posix()] = File(body, media, version)
    return found


def static_url(service: str, name: str) -> str:
    """The address of a static file at this service, with the hash of its content."""
    return f"/{service}/static/{name}?v={files()[name].version}"


def static_router(service: str) -> APIRouter:
    """Serves the files under the service's own prefix."""
    router = APIRouter(include_in_schema=False, dependencies=[public()])

    @router.get(f"/{service}/static/{{path:path}}")
    async def static_file(path: str, request: Request) -> Response:
        """One file; the address with its hash may be kept for ever."""
        file = files().get(path)
        if file is None:
            raise NoSuchFileError("没有这个文件，请检查网址。")
        etag = f'"{file.version}"'
        current = request.query_params.get("v") == file.version
        headers = {"Cache-Control": FOR_A_YEAR if current else FOR_A_WHILE, "ETag": etag}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(file.body, media_type=file.media, headers=headers)

    return router
