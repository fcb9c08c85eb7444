"""For sister services and the console only: sessions, letter facts, accounts, dates, the audit."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.ports import Intake
from services.mediation.use_cases import audit, calendar, sessions, staff
from services.mediation.use_cases.explaining import Question, explain_clock
from services.mediation.use_cases.letters import letter_facts
from services.mediation.use_cases.staff import NoSuchAccountError
from shared.web import OpenRead, OpenWork, TheDatabase, service

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


class Demo(Strict):
    """Whether the demonstration's colleague is wanted too."""

    demo: bool = False


class Account(Strict):
    """A new account."""

    name: str = Field(max_length=40)
    display: str = Field(max_length=60)
    role: str = Field(max_length=40)
    body: str = Field(default="", max_length=40)
    phone: str = Field(default="", max_length=30)


class CalendarFile(Strict):
    """A calendar file's text."""

    text: str = Field(max_length=1_000_000)


class ClockQuestion(Strict):
    """A legal date somebody asks for."""

    pack: str = Field(max_length=60)
    clock: str = Field(max_length=60)
    start: str = Field(max_length=40)
    pauses: list[str] = Field(default=[], max_length=100)
    extension: str | None = Field(default=None, max_length=40)


@dataclass(frozen=True)
class Internal:
    """The internal interface of mediation."""

    intake: Intake

    def router(self) -> APIRouter:
        """All routes; each needs a service token."""
        made = APIRouter(prefix="/internal", dependencies=[service()], include_in_schema=False)
        for method, path, endpoint in (
            ("POST", "/session", self.session),
            ("POST", "/letter-facts", self.letters),
            ("POST", "/first-accounts", self.first_accounts),
            ("POST", "/staff", self.add),
            ("POST", "/staff/{name}/end", self.end),
            ("POST", "/staff/{name}/reset", self.reset),
            ("GET", "/calendar/{year}", self.year),
            ("POST", "/calendar", self.replace_years),
            ("POST", "/clock", self.clock),
            ("GET", "/audit", self.verify),
        ):
            made.add_api_route(path, endpoint, methods=[method])
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

    async def first_accounts(self, asked: Demo, work: OpenWork) -> dict[str, Any]:
        """The first accounts with their one-time passwords; none if there are accounts."""
        made = await staff.first_accounts(work, asked.demo)
        return {"accounts": [{"name": name, "password": password} for name, password in made]}

    async def add(self, account: Account, work: OpenWork) -> dict[str, str]:
        """Add an account; its one-time password."""
        facts = account.model_dump()
        return {
            "name": account.name,
            "password": await staff.add_staff(work, facts.pop("name"), **facts),
        }

    async def end(self, name: str, work: OpenWork) -> dict[str, str]:
        """End an account."""
        await staff.end_staff(work, name)
        return {"name": name}

    async def reset(self, name: str, work: OpenWork) -> dict[str, str]:
        """A new one-time password."""
        return {"name": name, "password": await staff.reset_staff(work, name)}

    async def year(self, year: int, database: TheDatabase, session: OpenRead) -> dict[str, Any]:
        """One year of the calendar."""
        return await calendar.show_year(session, year, database.clock())

    async def replace_years(self, file: CalendarFile, work: OpenWork) -> dict[str, Any]:
        """Replace the years a file names."""
        return await calendar.import_calendar(work, file.text)

    async def clock(
        self, asked: ClockQuestion, database: TheDatabase, session: OpenRead
    ) -> dict[str, Any]:
        """One legal date with its sentence."""
        question = Question(**asked.model_dump())
        return await explain_clock(session, question, database.clock())

    async def verify(self, database: TheDatabase, session: OpenRead) -> dict[str, Any]:
        """Whether the log is intact."""
        return await audit.verify(session, database.vault)
