"""Opening cases: many complaints, few statements."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation import announcements
from services.mediation.domain.calendar import Calendar
from services.mediation.domain.case import State
from services.mediation.domain.due import due
from services.mediation.domain.legal_clock import deadline
from services.mediation.domain.rule_pack import Pack
from services.mediation.tables import CaseLogRow, CaseRow, StaffRow, UnitRow, WordsWantedRow
from services.mediation.use_cases.calendar import calendar_of_work
from services.mediation.use_cases.keeping import SYSTEM, Actor, Entry, log_row
from services.mediation.use_cases.rules import pack_for
from services.mediation.use_cases.tree import tree_of_work
from shared.clock import local_day
from shared.events import ComplaintAmended, ComplaintReceived
from shared.ids import uuid7
from shared.trail.chain import NOTHING_BEFORE
from shared.work import Work

OPEN = "open"


async def open_cases(work: Work, complaints: Sequence[ComplaintReceived]) -> None:
    """Open one case for each complaint that has none yet; its clock of acceptance runs."""
    calendar = await calendar_of_work(work)
    homes = await home_units(work, complaints)
    starts = {one: beginning(one, calendar) for one in {day_of(one) for one in complaints}}
    rows, logs = [], {}
    for complaint in complaints:
        row = case_columns(complaint, starts[day_of(complaint)], work.now)
        row["unit"] = homes.get(complaint.complaint_id)
        log = log_row(
            work.vault, row["id"], 1, NOTHING_BEFORE, (work.now, actor_of(complaint), entry(row))
        )
        row["chain"] = log["hash"]
        logs[row["id"]] = log
        rows.append(row)
    answer = await work.insert_new(CaseRow, rows, [CaseRow.id])
    fresh = {found.id for found in answer}
    new = [row for row in rows if row["id"] in fresh]
    await work.insert(CaseLogRow, [logs[row["id"]] for row in new])
    await work.insert(WordsWantedRow, [wanted(row, work.now) for row in new])
    for row in new:
        work.announce(announcements.opened(row, work.now))


async def home_units(work: Work, complaints: Sequence[ComplaintReceived]) -> Mapping[UUID, UUID]:
    """Where each case begins: with the registrar's unit, else with the one of its region.

    Who received it first looks after it (首诉负责); what nobody is responsible for lies with the
    body itself. So does what a unit would get that was ended a moment ago: the tree may be older.
    """
    tree = await tree_of_work(work)
    if not tree.units:
        return {}
    registrars = {one.registrar for one in complaints if one.registrar}
    statement = select(StaffRow.id, StaffRow.unit, StaffRow.body).where(StaffRow.id.in_(registrars))
    found = (await work.session.execute(statement)).all() if registrars else []
    at = {row.id: (row.body, row.unit) for row in found}
    homes: dict[UUID, UUID | None] = {}
    for one in complaints:
        body, unit = at.get(one.registrar, ("", None)) if one.registrar else ("", None)
        mine = unit if unit and body == one.body else None
        homes[one.complaint_id] = mine or tree.responsible(one.body, one.region)
    live = await at_work(work.session, {one for one in homes.values() if one})
    return {complaint: unit for complaint, unit in homes.items() if unit and unit in live}


async def at_work(session: AsyncSession, units: Collection[UUID]) -> AbstractSet[UUID]:
    """Those of these units that were not ended; nobody ends them while this work lasts."""
    if not units:
        return frozenset()
    live = select(UnitRow.id).where(UnitRow.id.in_(units), UnitRow.ended_at.is_(None))
    locked = live.order_by(UnitRow.id).with_for_update(read=True)
    return set(await session.scalars(locked))


def actor_of(complaint: ComplaintReceived) -> Actor:
    """Who registered it, by whose right: a colleague who entered it, else nobody in particular."""
    if complaint.registrar is None:
        return SYSTEM
    return Actor("staff", complaint.registrar, complaint.registrar_role or "", complaint.behalf)


def day_of(complaint: ComplaintReceived) -> date:
    return local_day(complaint.received_at)


def beginning(received_on: date, calendar: Calendar) -> dict[str, Any]:
    """What all cases received on one day begin with: pack, clock, what is due."""
    pack = pack_for(received_on)
    clocks = {"accept": accept_clock(pack, received_on, calendar)}
    first = due(State.REGISTERED, clocks)
    return {
        "received_on": received_on,
        "state": State.REGISTERED.value,
        "version": 1,
        "pack": pack.id,
        "pack_version": pack.version,
        "clocks": clocks,
        "due_on": first.on,
        "due_for": first.clock,
        "due_status": first.status,
        "queue_on": first.queue_on,
        "serial": 0,
        "files": 0,
    }


def accept_clock(pack: Pack, received_on: date, calendar: Calendar) -> dict[str, Any]:
    return deadline(pack.clock("accept").period, received_on, calendar).derivation()


def case_columns(
    complaint: ComplaintReceived, start: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """The columns of a new case, without its chain."""
    return {
        **start,
        "id": uuid7(),
        "complaint_id": complaint.complaint_id,
        "number": complaint.number,
        "body": complaint.body,
        "demo": complaint.demo,
        "kind": complaint.kind,
        "channel": complaint.channel,
        "received_at": complaint.received_at,
        "region": complaint.region,
        "category": complaint.category,
        "nature": complaint.nature,
        "amount_fen": complaint.amount_fen,
        "happened_on": complaint.happened_on,
        "respondent_known": complaint.respondent_known,
        "respondent_named": is_named(complaint),
        "source": complaint.source,
        "forwarding_consent": complaint.forwarding_consent,
        "unit": None,
        "opened_at": now,
        "changed_at": now,
    }


def is_named(said: ComplaintReceived | ComplaintAmended) -> bool:
    """Whether the respondent has a name; of an event that does not say, whether it is known."""
    return said.respondent_known if said.respondent_named is None else said.respondent_named


def entry(row: Mapping[str, Any]) -> Entry:
    """The first log row: what was due when the case was opened."""
    return Entry(
        step=OPEN,
        rule=f"{row['pack']}@{row['pack_version']}",
        source="",
        before="",
        after=row["state"],
        values={
            "number": row["number"],
            "channel": row["channel"],
            "due_on": row["due_on"].isoformat() if row["due_on"] else None,
        },
    )


def wanted(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {"case_id": row["id"], "complaint_id": row["complaint_id"], "asked_at": now}
