"""Notification with its real database, printer and rules; sisters and the post are stand-ins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notification.domain.facts import Claim, Enclosure, Respondent
from services.notification.domain.way import Outcome
from services.notification.ports import CaseFacts, Forwarding, Mail, Office, Words
from services.notification.printer.printer import Printer
from shared.acting import Caller
from shared.bodies import Bodies, Body, bodies_of
from shared.events import CaseClosed, CaseForwarded
from shared.kernel import ComplaintId
from shared.rights import Grant, Rights, Role
from shared.trail import Doer
from shared.units import NO_UNITS, Tree
from shared.vault import Vault
from shared.work import Database
from tests.conftest import StandingClock

CITY = Body(
    code="main",
    name="安澜市消费者权益保护委员会",
    short="安澜市消委会",
    docword="消转",
    phone="0999-12315",
    address="安澜市滨江路100号",
)
CASE = CaseFacts(
    number="260618-7QK3M9XWD",
    respondent=Respondent("安澜迅修手机维修店", "", "shop@example.invalid", ""),
    contact="林调解员",
    contact_phone="",
)
WORDS = Words(
    complainant="张小满",
    may_be_named=True,
    subject="手机换屏后开裂",
    text="换屏三天后屏幕开裂。\n与店方协商三次，未果。",
    happened_on="2026-06-01",
    goods="手机屏幕更换",
    amount_fen=129900,
    claims=(Claim("退还货款和服务费用", 129900),),
    evidence=("购物小票照片",),
)
RECEIPT = Enclosure(UUID(int=7), "张小满的小票.jpg")


@dataclass
class Sisters:
    """What mediation and intake would answer: the same about every case unless told otherwise."""

    case: CaseFacts | None = CASE
    words_of_all: Words | None = WORDS
    away: Exception | None = None
    asked: list[int] = field(default_factory=list)
    odd: dict[UUID, Words] = field(default_factory=dict)
    """What intake says of some complaints only."""

    def about(self, **other: str) -> None:
        """Change what mediation says of the respondent."""
        assert self.case is not None
        respondent = replace(self.case.respondent, **other)
        self.case = replace(self.case, respondent=respondent)

    async def of(self, forwardings: Sequence[Forwarding]) -> Mapping[Forwarding, CaseFacts]:
        self.asked.append(len(forwardings))
        if self.away:
            raise self.away
        return dict.fromkeys(forwardings, self.case) if self.case else {}

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Words]:
        usual = dict.fromkeys(ids, self.words_of_all) if self.words_of_all else {}
        return usual | {one: self.odd[one] for one in ids if one in self.odd}


@dataclass
class PostBox:
    """A post that remembers what it was handed, and answers what it is told to."""

    open: bool = True
    outcomes: list[Outcome] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    crash: Exception | None = None

    def takes(self, *, demo: bool) -> bool:
        return self.open and not demo

    async def send(self, mail: Mail) -> Outcome:
        self.mails.append(mail)
        if self.crash:
            raise self.crash
        return self.outcomes.pop(0) if self.outcomes else Outcome(detail="250 taken")


@pytest.fixture(scope="session")
def printer() -> Printer:
    return Printer()


@pytest.fixture
def bodies() -> Bodies:
    return bodies_of([CITY])


@pytest.fixture
def sisters() -> Sisters:
    return Sisters()


@pytest.fixture
def post() -> PostBox:
    return PostBox()


@pytest.fixture
def office(bodies: Bodies, sisters: Sisters, post: PostBox, printer: Printer) -> Office:
    return Office(bodies, "http://test", sisters, sisters, printer, post, draw=lambda: 0.0)


@pytest.fixture
def schema() -> str:
    return "notification"


@pytest.fixture
async def database(engine: AsyncEngine, vault: Vault, clock: StandingClock) -> Database:
    return Database(engine, clock, vault)


CLERK_ID = UUID(int=7)


def clerk(
    role: Role = Role.MEDIATOR, unit: UUID | None = None, path: str = "", tree: Tree = NO_UNITS
) -> Caller:
    """Somebody who works for `main`, in this role and unit."""
    rights = Rights((Grant(role, CLERK_ID, "main", unit, path),))
    return Caller(Doer("staff", CLERK_ID, "林调解员", role.value), rights, tree)


CLERK = clerk()
BODIES = ("main", "demo")


def forwarded(serial: int = 1, case: UUID | None = None, **other: object) -> CaseForwarded:
    """A case was forwarded on 23 June, reply due on 29 June."""
    facts = {
        "occurred_at": "2026-06-23T12:00:00+08:00",
        "complaint_id": ComplaintId(uuid4()),
        "version": 3,
        "case_id": case or uuid4(),
        "body": "main",
        "state": "forwarded",
        "serial": serial,
        "forwarded_on": date(2026, 6, 23),
        "reply_due": date(2026, 6, 29),
    }
    return CaseForwarded.model_validate(facts | other)


def closed(case: CaseForwarded, version: int = 4) -> CaseClosed:
    """The same case was closed, by default with the next event."""
    same = case.model_dump(include={"occurred_at", "complaint_id", "case_id", "body"})
    facts = {"version": version, "state": "closed", "outcome": "failed"}
    return CaseClosed.model_validate(same | facts | {"closed_on": date(2026, 6, 23)})
