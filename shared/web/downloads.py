"""A file that the browser saves: never shown inline, never looked into, never kept on the way."""

from urllib.parse import quote

from starlette.responses import Response


def attached(body: bytes, media_type: str, name: str, plain: str = "file") -> Response:
    """A file to keep, by a name that may be Chinese (RFC 6266); `plain` for very old programs."""
    named = f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {
        "Content-Disposition": f"attachment; {named}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return Response(body, headers=headers, media_type=media_type)
