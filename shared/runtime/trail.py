"""What mediation asks every service's trail, for the auditors' page."""

from fastapi import APIRouter

from shared.trail.reading import Lines, Question, read
from shared.web import TheDatabase, service


def trail_router() -> APIRouter:
    """`POST /internal/audit`, with a service token only."""
    router = APIRouter(prefix="/internal", dependencies=[service()], include_in_schema=False)

    @router.post("/audit")
    async def audit(asked: Question, database: TheDatabase) -> Lines:
        """Rows of this service's trail, newest first."""
        return Lines(items=await read(database, asked))

    return router
