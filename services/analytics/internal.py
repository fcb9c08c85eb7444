"""For the console: the facts anew, and how far that is."""

from fastapi import APIRouter
from pydantic import BaseModel

from services.analytics.following import Following
from services.analytics.use_cases import tell_anew
from shared.web import service


class Progress(BaseModel):
    """Numbers of the log; equal when everything is told."""

    read: int
    of: int


def internal_router(following: Following) -> APIRouter:
    """`POST /internal/rebuild` and `GET /internal/progress`."""
    router = APIRouter(prefix="/internal", dependencies=[service()])

    @router.post("/rebuild", status_code=202)
    async def rebuild() -> Progress:
        await tell_anew(following)
        return progress_of(following)

    @router.get("/progress")
    async def progress() -> Progress:
        return progress_of(following)

    return router


def progress_of(following: Following) -> Progress:
    """Nothing is all of it before the facts that are shown hold it."""
    if following.rebuilding:
        of = max(following.of, 1)
        return Progress(read=min(following.read, of - 1), of=of)
    return Progress(read=following.read, of=following.of)
