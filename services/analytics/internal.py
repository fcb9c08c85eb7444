"""For the console: the facts anew, and how far that is."""

from fastapi import APIRouter
from pydantic import BaseModel

from services.analytics.following import Following
from services.analytics.use_cases import tell_anew
from shared.trail import Chain, Deed, Doer, Said, note
from shared.web import TheDatabase, Who, service

REBUILT = Chain("figures", "facts")
"""The chain of how often the facts were told anew."""


class Progress(BaseModel):
    """Numbers of the log; equal when everything is told."""

    read: int
    of: int


def internal_router(following: Following) -> APIRouter:
    """`POST /internal/rebuild` and `GET /internal/progress`."""
    router = APIRouter(prefix="/internal", dependencies=[service()])

    @router.post("/rebuild", status_code=202)
    async def rebuild(who: Who, database: TheDatabase) -> Progress:
        async with database.work() as work:
            await note(work, REBUILT, Doer.of(who), Said(Deed.FIGURES_REBUILT))
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
