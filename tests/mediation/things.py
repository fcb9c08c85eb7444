"""Usual complaints, cases and colleagues; override what matters."""

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.case import Step
from services.mediation.ports import (
    Amendment,
    EntryRefusedError,
    Intake,
    Notice,
    Record,
    Registered,
)
from services.mediation.tables import CaseLogRow, CaseRow, StaffRow
from services.mediation.use_cases.acting import Request
from services.mediation.use_cases.allowing import Caller
from services.mediation.use_cases.cases import case_of
from services.mediation.use_cases.keeping import Actor
from services.mediation.use_cases.opening import open_cases
from services.mediation.use_cases.staff import account_of, add_staff, hold
from services.mediation.use_cases.taking import Wanted, take
from shared.events import ComplaintReceived, Event, decode
from shared.ids import uuid7
from shared.kernel import ComplaintId
from shared.messaging.tables import OutboxRow
from shared.net import Unanswered
from shared.rights import EVERYTHING, Grant, Rights, Role
from shared.text import crockford
from shared.trail import Doer
from shared.work import Database

RECEIVED = datetime(2026, 6, 22, 2, tzinfo=UTC)
"""10:00 in Shanghai, the Monday before NOON."""
counter = itertools.count(1)


def a_complaint(**facts: Any) -> ComplaintReceived:
    number = f"260622-{crockford(next(counter), 9)}"
    usual: dict[str, Any] = {
        "occurred_at": RECEIVED,
        "complaint_id": ComplaintId(uuid7()),
        "version": 1,
        "number": number,
        "body": "main",
        "kind": "complaint",
        "channel": "web",
        "received_at": RECEIVED,
        "region": "510903",
        "category": None,
        "nature": None,
        "amount_fen": 12900,
        "happened_on": date(2026, 6, 1),
        "respondent_known": True,
    }
    return ComplaintReceived.model_validate(usual | facts)


async def a_case(database: Database, **facts: Any) -> CaseRow:
    """An opened case."""
    complaint = a_complaint(**facts)
    async with database.work() as work:
        await open_cases(work, [complaint])
    return await the_case(database, complaint.number)


async def the_case(database: Database, name: str) -> CaseRow:
    async with database.reading() as session:
        return await case_of(session, name)


async def a_colleague(database: Database, name: str = "lin", body: str = "main") -> Actor:
    """Somebody who works here, as an actor; without a password, hashing takes its time."""
    row: dict[str, Any] = {
        "id": uuid7(),
        "name": name,
        "display": f"{name}调解员",
        "body": body,
        "unit": None,
        "phone": "0825-12315",
        "password": "",
        "must_change": False,
        "created_at": RECEIVED,
        "ended_at": None,
    }
    async with database.work() as work:
        await work.insert(StaffRow, [row])
        await hold(work, row["id"], [Role.MEDIATOR], body)
    return Actor("staff", row["id"], "mediator")


def caller_as(actor: Actor, body: str = "") -> Caller:
    """Somebody with a colleague's name who may take every step, in one body or in all."""
    held = (Grant(Role.SECRETARY_GENERAL, actor.id, body),) if actor.id else ()
    rights = Rights(held) if body else EVERYTHING
    return Caller(Doer(actor.kind, actor.id, role=actor.role), rights)


async def step(
    database: Database,
    case: CaseRow,
    what: str,
    actor: Actor,
    intake: Intake | None = None,
    **facts: Any,
) -> CaseRow:
    """Take a step on the version seen in `case`; intake knows its record if none is named."""
    request = Request(Step(what), facts, case.version)
    known = intake or IntakeInMemory({case.complaint_id: a_record(case.complaint_id)})
    return await take(database, Wanted(str(case.id), caller_as(actor), request), known)


async def walk(database: Database, case: CaseRow, actor: Actor, *steps: str) -> CaseRow:
    """Several steps with usual facts, one after the other."""
    usual: dict[str, dict[str, Any]] = {
        "refuse": {"reason": "private_deal"},
        "record-reply": {"text": "同意退款"},
        "agree": {"text": "退款129元"},
        "fail": {"reason": "no_agreement"},
        "reopen": {"note": "投诉人提出异议"},
    }
    for one in steps:
        case = await step(database, case, one, actor, **usual.get(one, {}))
    return case


async def log_of(session: AsyncSession, case: CaseRow) -> Sequence[CaseLogRow]:
    statement = select(CaseLogRow).where(CaseLogRow.case_id == case.id)
    return (await session.scalars(statement.order_by(CaseLogRow.seq))).all()


async def said(database: Database) -> list[Event]:
    """What waits in the outbox, in order."""
    async with database.reading() as session:
        rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.sequence))
        events = [decode(row.payload) for row in rows]
    return [event for event in events if event is not None]


@dataclass
class IntakeInMemory:
    """Intake's side of the port, kept in memory: what it was asked, and what it answers."""

    records: dict[UUID, Record] = field(default_factory=dict)
    asked: list[list[UUID]] = field(default_factory=list)
    amendments: dict[UUID, Amendment] = field(default_factory=dict)
    entered: list[Mapping[str, Any]] = field(default_factory=list)
    renewed: list[UUID] = field(default_factory=list)
    renewed_by: list[Doer] = field(default_factory=list)
    refusal: EntryRefusedError | None = None
    without_notice: bool = False
    leaves_out: tuple[str, ...] = ()
    """Corrections of which it would not know what their stars hide."""
    knows_everyone: bool = False
    """Whether it has a usual record of whoever it is asked for."""

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Record]:
        self.asked.append(list(ids))
        if self.knows_everyone:
            self.records = {one: a_record(one) for one in ids} | self.records
        return {one: self.records[one] for one in ids if one in self.records}

    async def amend(self, amendments: Sequence[Amendment]) -> None:
        self.amendments.update({one.id: one for one in amendments})

    async def unclear(self, complaint_id: UUID, changes: Mapping[str, Any]) -> Sequence[str]:
        return [one for one in changes if one in self.leaves_out]

    async def renew_code(self, complaint_id: UUID, doer: Doer) -> str:
        self.renewed.append(complaint_id)
        self.renewed_by.append(doer)
        return "NEWC0DE23456"

    async def notice(self, body: str, language: str) -> Notice | None:
        if self.without_notice:
            raise Unanswered("away")
        return Notice("2026-11", body, "隐私告知", f"您填的内容由{body}用来办理这件事。")

    async def wrong_with(
        self, complaint: Mapping[str, Any], language: str
    ) -> Sequence[tuple[str, str]]:
        return self.refusal.errors if self.refusal else []

    async def register(self, complaint: Mapping[str, Any], language: str, key: str) -> Registered:
        if self.refusal:
            raise self.refusal
        json.dumps(complaint)
        self.entered.append(complaint)
        return Registered("260623-000000001", "ABCDEFGHJKMN")


def a_record(complaint: UUID, **parts: Mapping[str, Any]) -> Record:
    usual: dict[str, Any] = {
        "complainant": {"name": "周晓明", "phone": "13800000000", "kind": "natural"},
        "respondent": {"name": "安澜禾木家居有限公司", "phone": "0825-1234567"},
        "words": {"subject": "餐桌开裂", "text": "桌面中间裂开一条缝。"},
    }
    return Record(complaint, **(usual | parts))


PASSWORD = "a password of my own"


@dataclass
class Colleague:
    """Somebody who is logged in: their browser, their account, their header for scripts."""

    client: httpx.AsyncClient
    actor: Actor
    header: dict[str, str]

    async def post_step(
        self, case: CaseRow, what: str, version: int | str | None = None, **fields: Any
    ) -> httpx.Response:
        """A step over the API, on the version seen in `case` unless another is named."""
        seen = case.version if version is None else version
        headers = self.header | ({"If-Match": str(seen)} if seen != "" else {})
        address = f"/mediation/api/v1/cases/{case.id}/steps/{what}"
        return await self.client.post(address, json=fields, headers=headers)


async def logged_in(
    client: httpx.AsyncClient,
    database: Database,
    name: str,
    body: str = "main",
    role: str = "mediator",
) -> Colleague:
    """A new colleague who has chosen a password."""
    async with database.work() as work:
        first = await add_staff(work, name, display=f"{name}调解员", role=role, body=body)
        actor = Actor("staff", (await account_of(work.session, name)).id, role)
    form = {"name": name, "password": first, "new_password": PASSWORD}
    answer = await client.post("/mediation/api/v1/login", json=form)
    assert answer.status_code == 200, answer.text
    return Colleague(client, actor, {"X-CSRF-Token": answer.headers["X-CSRF-Token"]})


def form_token(page: httpx.Response) -> str:
    """The form token of a page."""
    found = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]
