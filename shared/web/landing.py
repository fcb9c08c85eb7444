"""The first page: what one can do here."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from shared.web.access import public
from shared.web.pages import page

router = APIRouter(include_in_schema=False, dependencies=[public()])


@router.get("/")
async def landing(request: Request) -> Response:
    """Complain, look where a complaint stands, or log in."""
    return page(request, "landing.html")
