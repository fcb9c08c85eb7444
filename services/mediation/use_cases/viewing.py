"""One case for the person who works on it: facts, clocks, what happened, what may be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.case import (
    LEADS_TO,
    ForwardingNotAgreedError,
    State,
    Step,
    hindrance,
    lawful,
    leads_to,
)
from services.mediation.domain.rule_pack import Pack, Words
from services.mediation.ports import FACTS, Record
from services.mediation.tables import CaseLogRow, CaseRow, HeardRow
from services.mediation.use_cases.acting import standing_of
from services.mediation.use_cases.keeping import opened
from services.mediation.use_cases.rules import pack_of_case
from services.mediation.use_cases.staff import displays
from services.mediation.use_cases.words import Known
from shared.kernel import RuleError
from shared.vault import Vault

LATER = 10**9
"""What sisters say at the same instant comes after what was done then."""


@dataclass(frozen=True)
class Happened:
    """One line of the timeline."""

    at: datetime
    kind: str
    """A step, `open`, or what a sister said."""
    who: str
    """The colleague's name; empty for others."""
    actor_kind: str
    source: str
    before: str
    after: str
    values: Mapping[str, Any]
    seq: int | None


@dataclass(frozen=True)
class Possible:
    """A step that is lawful now, with its article."""

    step: Step
    source: Words
    to: State


@dataclass(frozen=True)
class Hindered:
    """A step that the state would allow, and what is missing for it."""

    step: Step
    source: Words
    why: RuleError

    @property
    def can_override(self) -> bool:
        """Whether a person may take it all the same, with a reason."""
        return isinstance(self.why, ForwardingNotAgreedError)


def pack_of(case: CaseRow) -> Pack:
    """The rules the case was opened under."""
    return pack_of_case(case.pack, case.pack_version)


def possible_steps(case: CaseRow) -> list[Possible]:
    """What may be done now, in the order people meet it."""
    standing, pack = standing_of(case), pack_of(case)
    steps = [(step, leads_to(standing, step)) for step in lawful(standing)]
    return [Possible(step, pack.steps[step], to) for step, to in steps if to]


def hindered_steps(case: CaseRow) -> list[Hindered]:
    """What the state would allow, but something is missing."""
    standing, pack = standing_of(case), pack_of(case)
    reachable = [step for state, step in LEADS_TO if state is standing.state]
    pairs = [(step, hindrance(standing, step)) for step in reachable]
    return [Hindered(step, pack.steps[step], why) for step, why in pairs if why]


async def timeline(session: AsyncSession, vault: Vault, case_id: UUID) -> list[Happened]:
    """Everything that happened to a case, the newest first."""
    logged = select(CaseLogRow).where(CaseLogRow.case_id == case_id).order_by(CaseLogRow.seq)
    heard = select(HeardRow).where(HeardRow.case_id == case_id).order_by(HeardRow.at)
    rows = (await session.scalars(logged)).all()
    names = await displays(session, {row.actor for row in rows if row.actor})
    found = [happened(vault, row, names) for row in rows]
    found += [told(row) for row in await session.scalars(heard)]
    return sorted(found, key=lambda one: (one.at, one.seq or LATER), reverse=True)


def happened(vault: Vault, row: CaseLogRow, names: Mapping[UUID, str]) -> Happened:
    said = opened(vault, row.sealed, row.case_id)
    return Happened(
        at=row.at,
        kind=row.step,
        who=names.get(row.actor, "") if row.actor else "",
        actor_kind=row.actor_kind,
        source=row.source,
        before=row.before,
        after=row.after,
        values=Known(said[1] if said else {}),
        seq=row.seq,
    )


def told(row: HeardRow) -> Happened:
    return Happened(row.at, row.kind, "", "service", "", "", "", Known(row.facts), None)


def corrected(record: Record, changes: Sequence[Mapping[str, Any]]) -> Record:
    """The record with corrections on it that intake has not heard yet."""
    parts = {
        "complainant": Known(record.complainant),
        "respondent": Known(record.respondent),
        "matter": Known(record.words),
        "facts": Known(record.facts),
    }
    for one in changes:
        for pointer, value in one.items():
            _, part, name = pointer.split("/", 2)
            parts["facts" if part == "matter" and name in FACTS else part][name] = value
    return Record(
        id=record.id,
        complainant=parts["complainant"],
        respondent=parts["respondent"],
        words=parts["matter"],
        files=record.files,
        facts=parts["facts"],
    )
