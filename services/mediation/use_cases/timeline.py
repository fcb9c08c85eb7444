"""What happened to a case: its own steps, and what sisters said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.behalf import for_complainant
from services.mediation.tables import CaseLogRow, HeardRow
from services.mediation.use_cases.keeping import opened
from services.mediation.use_cases.staff import displays
from services.mediation.use_cases.words import Known
from shared.vault import Vault

BY = ("registrar", "behalf")
"""What a sister calls somebody of the staff, and for whom that one stood in."""
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
    behalf: str
    """For whom they stood in; empty where for nobody."""
    for_complainant: bool
    """Whether somebody of the staff did it for whoever complained (代投诉人)."""
    whom: str
    """Who the case was given to; empty where it was given to nobody."""
    actor_kind: str
    source: str
    before: str
    after: str
    values: Mapping[str, Any]
    seq: int | None


async def timeline(session: AsyncSession, vault: Vault, case_id: UUID) -> list[Happened]:
    """Everything that happened to a case, the newest first."""
    logged = select(CaseLogRow).where(CaseLogRow.case_id == case_id).order_by(CaseLogRow.seq)
    heard = select(HeardRow).where(HeardRow.case_id == case_id).order_by(HeardRow.at)
    rows = (await session.scalars(logged)).all()
    lines = [(row, values_of(vault, row)) for row in rows]
    said = (await session.scalars(heard)).all()
    names = await displays(session, people_in(lines) | {one for row in said for one in by(row)})
    found = [happened(row, values, names) for row, values in lines]
    found += [told(row, names) for row in said]
    return sorted(found, key=lambda one: (one.at, one.seq or LATER), reverse=True)


def values_of(vault: Vault, row: CaseLogRow) -> Known:
    """What a log row keeps; nothing where it was erased."""
    said = opened(vault, row.sealed, row.case_id, row.id)
    return Known(said[1] if said else {})


def people_in(lines: Sequence[tuple[CaseLogRow, Known]]) -> set[UUID]:
    """Whom these lines name: who acted, and who was given the case."""
    given = {UUID(values["assignee"]) for _, values in lines if values["assignee"]}
    acted = {one for row, _ in lines for one in (row.actor, row.behalf) if one}
    return acted | given


def happened(row: CaseLogRow, values: Known, names: Mapping[UUID, str]) -> Happened:
    given = values["assignee"]
    return Happened(
        at=row.at,
        kind=row.step,
        who=names.get(row.actor, "") if row.actor else "",
        behalf=names.get(row.behalf, "") if row.behalf else "",
        for_complainant=row.actor_kind == "staff"
        and for_complainant(row.step, values["changes"] or ()),
        whom=names.get(UUID(given), "") if given else "",
        actor_kind=row.actor_kind,
        source=row.source,
        before=row.before,
        after=row.after,
        values=values,
        seq=row.seq,
    )


def by(row: HeardRow) -> list[UUID]:
    """Who of the staff a sister names, and for whom that one stood in (代理)."""
    return [UUID(row.facts[name]) for name in BY if row.facts.get(name)]


def told(row: HeardRow, names: Mapping[UUID, str]) -> Happened:
    """What a sister said; what staff did there, they did for whoever complained."""
    said = [row.facts.get(name) for name in BY]
    who, behalf = (names.get(UUID(one), "") if one else "" for one in said)
    return Happened(
        at=row.at,
        kind=row.kind,
        who=who,
        behalf=behalf,
        for_complainant=any(said),
        whom="",
        actor_kind="staff" if any(said) else "service",
        source="",
        before="",
        after="",
        values=Known({name: one for name, one in row.facts.items() if name not in BY}),
        seq=None,
    )
