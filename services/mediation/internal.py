"""For sister services only: who is logged in, and what letters print of mediation's."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.ports import Intake
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import api_tokens, sessions
from services.mediation.use_cases.letters import letter_facts
from services.mediation.use_cases.staff import no_such_account
from shared.web import OpenRead, TheDatabase, service

MOST = 500


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Cookie(Strict):
    """A session cookie's value."""

    cookie: str = Field(max_length=200)


class Jti(Strict):
    """The id of a token for scripts."""

    jti: str = Field(max_length=200)


class Forwarding(Strict):
    """A case and the number of its forwarding."""

    case_id: UUID
    serial: int = Field(ge=1, le=10_000)


class Forwardings(Strict):
    """Which letters need their facts."""

    items: list[Forwarding] = Field(max_length=MOST)


@dataclass(frozen=True)
class Internal:
    """The internal interface of mediation."""

    intake: Intake
    settings: MediationSettings = field(default_factory=MediationSettings)

    def router(self) -> APIRouter:
        """The routes; each needs a service token."""
        made = APIRouter(prefix="/internal", dependencies=[service()], include_in_schema=False)
        made.add_api_route("/session", self.session, methods=["POST"])
        made.add_api_route("/token", self.token, methods=["POST"])
        made.add_api_route("/letter-facts", self.letters, methods=["POST"])
        return made

    async def session(self, asked: Cookie, database: TheDatabase) -> dict[str, Any]:
        """Who is logged in with this cookie, and what they may do; 404 for nobody."""
        async with database.reading() as session:
            now = database.clock()
            found = await sessions.staff_of(session, asked.cookie, now, self.settings)
        if found is None:
            raise no_such_account()
        await sessions.note_seen(database, asked.cookie)
        return found

    async def token(self, asked: Jti, database: TheDatabase) -> dict[str, Any]:
        """Whom this token speaks for, and what it is good for; 404 for nobody."""
        async with database.reading() as session:
            now = database.clock()
            found = await api_tokens.holder_of(session, asked.jti, now, self.settings)
        if found is None:
            raise no_such_account()
        await api_tokens.note_used(database, asked.jti)
        return found

    async def letters(
        self, asked: Forwardings, database: TheDatabase, session: OpenRead
    ) -> dict[str, Any]:
        """What forwarding letters print of mediation's."""
        wanted = [(one.case_id, one.serial) for one in asked.items]
        facts = await letter_facts(session, database.vault, self.intake, wanted)
        return {"items": facts}
