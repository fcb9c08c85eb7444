"""For sister services only: who is logged in, and what letters print of mediation's."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.ports import Intake
from services.mediation.use_cases import sessions
from services.mediation.use_cases.letters import letter_facts
from services.mediation.use_cases.staff import NoSuchAccountError
from shared.web import OpenRead, TheDatabase, service

MOST = 500


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Cookie(Strict):
    """A session cookie's value."""

    cookie: str = Field(max_length=200)


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

    def router(self) -> APIRouter:
        """Both routes; each needs a service token."""
        made = APIRouter(prefix="/internal", dependencies=[service()], include_in_schema=False)
        made.add_api_route("/session", self.session, methods=["POST"])
        made.add_api_route("/letter-facts", self.letters, methods=["POST"])
        return made

    async def session(
        self, asked: Cookie, database: TheDatabase, session: OpenRead
    ) -> dict[str, str]:
        """Who is logged in with this cookie; 404 for nobody."""
        found = await sessions.staff_of(session, asked.cookie, database.clock())
        if found is None:
            raise NoSuchAccountError("没有账号「{name}」。", name="")
        return found

    async def letters(
        self, asked: Forwardings, database: TheDatabase, session: OpenRead
    ) -> dict[str, Any]:
        """What forwarding letters print of mediation's."""
        wanted = [(one.case_id, one.serial) for one in asked.items]
        facts = await letter_facts(session, database.vault, self.intake, wanted)
        return {"items": facts}
