"""What mediation asks every service's trail, for the auditors' page."""

from fastapi import APIRouter

from shared.trail.belonging import Things
from shared.trail.question import Question
from shared.trail.reading import Lines, read
from shared.web import TheDatabase, service


def trail_router(things: Things) -> APIRouter:
    """`POST /internal/audit`, with a service token only; `things`: whose the service's are."""
    router = APIRouter(prefix="/internal", dependencies=[service()], include_in_schema=False)

    @router.post("/audit")
    async def audit(asked: Question, database: TheDatabase) -> Lines:
        """Rows of this service's trail, newest first."""
        return await read(database, asked, things)

    return router
