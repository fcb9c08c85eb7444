"""What the console asks of mediation: a copy of everything about one person."""

from base64 import b64encode
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.ports import Privacy
from services.mediation.use_cases.privacy import giving, persons, requests
from services.mediation.use_cases.privacy.holds import Officer
from services.mediation.use_cases.privacy.requests import COPY, Subject
from shared.acting import Staff
from shared.bodies import Bodies
from shared.rights import EVERYTHING, Action
from shared.trail import Doer
from shared.web import TheDatabase, Who, service


class CopyAsked(BaseModel):
    """Who asks, and how their identity was checked."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    id_number: str = Field("", max_length=40)
    checked: str = Field(max_length=500)
    language: Literal["zh", "en"] = "zh"


def internal_privacy(privacy: Privacy, bodies: Bodies) -> APIRouter:
    """The routes; each needs a service token."""
    router = APIRouter(prefix="/internal", dependencies=[service()], include_in_schema=False)

    @router.post("/copies")
    async def ask(asked: CopyAsked, who: Who, database: TheDatabase) -> dict[str, Any]:
        """Take down that somebody asks for a copy; the ids of the requests, one for each body."""
        subject = Subject(**asked.model_dump()).tidy()
        found = await persons.cases_of(database, privacy, subject, bodies.codes)
        cases = [one.case for one in found]
        async with database.work() as work:
            made = await requests.take_down_each(work, COPY, subject, cases, console(who))
        return {"requests": made}

    @router.get("/copies/{request_id}")
    async def progress(request_id: UUID, who: Who, database: TheDatabase) -> dict[str, Any]:
        """How far it is."""
        async with database.reading() as session:
            reach = console(who).rights.reach(Action.PRIVACY_ANSWER)
            row = await requests.request_of(session, request_id, reach)
        outcome = {"done": 0, "of": len(row.cases)} | dict(row.outcome)
        return {"state": row.state, **outcome}

    @router.post("/copies/{request_id}/content")
    async def content(request_id: UUID, who: Who, database: TheDatabase) -> dict[str, str]:
        """The archive in base64; that it was given is noted."""
        archive = await giving.fetch(database, request_id, console(who))
        return {"zip": b64encode(archive).decode()}

    return router


def console(who: Staff) -> Officer:
    """The console may do this in every body; what it does is noted as its own."""
    return Officer(who.id, Doer.of(who), EVERYTHING)
