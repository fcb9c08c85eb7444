"""Reading the trail: what was done, newest first, for auditors; one service at a time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from shared.trail.belonging import Things, of_bodies, perhaps, touched
from shared.trail.keys import among
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.vault import Vault, WrongKeyError
from shared.work import Database

MOST = 2000
PEOPLE = ("staff", "session")
"""Kinds of chains whose key is a person."""
NOTHING: Things = MappingProxyType({})


class Question(BaseModel):
    """What somebody wants to know of the trail."""

    model_config = ConfigDict(extra="forbid")

    before: UUID | None = None
    """Only rows older than the one of this id."""
    limit: int = Field(default=50, ge=1, le=MOST)
    since: datetime | None = None
    until: datetime | None = None
    """Up to, but without, this instant."""
    people: list[UUID] | None = Field(default=None, max_length=5000)
    """What these did, what was done in their name, or with their accounts; None: everybody's."""
    bodies: list[str] | None = Field(default=None, max_length=5000)
    """Whose things may be seen at all (see `belonging`); None: everybody's."""
    staff: list[UUID] = Field(default_factory=list, max_length=200_000)
    """Who works for these bodies, or did: what they did to nobody's things may be seen."""
    kind: str | None = None
    complaint: UUID | None = None
    """Only what was done to this complaint, its case and its letters."""
    actions: list[str] | None = Field(default=None, max_length=200)


class Line(BaseModel):
    """One row of the trail as an auditor reads it."""

    id: UUID
    service: str = ""
    at: datetime
    kind: str
    key: str
    seq: int
    doer_kind: str
    doer: UUID | None
    doer_name: str = ""
    """As they were called then; empty where it was erased."""
    role: str
    for_id: UUID | None
    for_name: str = ""
    action: str
    said: dict[str, Any] | None = None
    """What belongs to it; None where it was erased."""


class Lines(BaseModel):
    """Rows of the trail, newest first."""

    items: list[Line]


async def read(database: Database, asked: Question, things: Things = NOTHING) -> list[Line]:
    """The rows that were asked for, newest first; `things` tells whose the service's things are.

    Some rows tell only in what is sealed whom they touch: others of these are left out, and more is
    read in their place, so that a short answer always means that there is no more.
    """
    wanted, found = asked.limit, list[Line]()
    async with database.reading() as session:
        about = await chains_about(session, asked, things)
        while True:
            rows = await stretch(session, asked, things, about)
            found += await shown(session, asked, things, [
                (line_of(database.vault, row), theirs) for row, theirs in rows
            ])  # fmt: skip
            if len(rows) < asked.limit or len(found) >= wanted:
                return found[:wanted]
            further = {"before": rows[-1][0].id, "limit": min(2 * asked.limit, MOST)}
            asked = asked.model_copy(update=further)


async def stretch(
    session: AsyncSession, asked: Question, things: Things, about: ColumnElement[bool]
) -> Sequence[tuple[AuditRow, bool]]:
    """The next rows, each with whether it is theirs by what stands in the open."""
    theirs: ColumnElement[bool] = true()
    seen = theirs
    if asked.bodies is not None:
        theirs = of_bodies(things, asked.bodies, asked.staff)
        seen = or_(theirs, perhaps())
    statement = select(AuditRow, theirs.label("theirs")).where(seen, about, *conditions(asked))
    answer = await session.execute(statement.order_by(AuditRow.id.desc()).limit(asked.limit))
    return [(row[0], bool(row[1])) for row in answer]


async def shown(
    session: AsyncSession, asked: Question, things: Things, lines: Sequence[tuple[Line, bool]]
) -> list[Line]:
    """Those of these lines that may be seen: theirs, or of those that may be, the ones that are."""
    doubtful = [line for line, theirs in lines if not theirs]
    if asked.bodies is None or not doubtful:
        return [line for line, _ in lines]
    touch = await touched(session, things, asked.bodies, [one.said for one in doubtful])
    seen = {line.id for line, does in zip(doubtful, touch, strict=True) if does}
    return [line for line, theirs in lines if theirs or line.id in seen]


async def chains_about(
    session: AsyncSession, asked: Question, things: Things
) -> ColumnElement[bool]:
    """The chains of a complaint, by name, so that the database goes straight to them."""
    if asked.complaint is None:
        return true()
    found: list[ColumnElement[bool]] = []
    for kind, belonging in things.items():
        if belonging.of_complaint is not None:
            ids = await session.scalars(belonging.of_complaint(asked.complaint))
            found.append(and_(AuditRow.kind == kind, AuditRow.key.in_([str(one) for one in ids])))
    return or_(false(), *found)


def conditions(asked: Question) -> list[ColumnElement[bool]]:
    """What a row must be like."""
    found: list[ColumnElement[bool]] = []
    if asked.before is not None:
        found.append(AuditRow.id < asked.before)
    if asked.since is not None:
        found.append(AuditRow.at >= asked.since)
    if asked.until is not None:
        found.append(AuditRow.at < asked.until)
    if asked.kind is not None:
        found.append(AuditRow.kind == asked.kind)
    if asked.actions is not None:
        found.append(AuditRow.action.in_(asked.actions))
    return found if asked.people is None else [*found, of(asked.people)]


def of(people: Collection[UUID]) -> ColumnElement[bool]:
    """What has to do with these people."""
    accounts = and_(AuditRow.kind.in_(PEOPLE), AuditRow.key.in_([str(one) for one in people]))
    return or_(among(AuditRow.doer, people), among(AuditRow.for_id, people), accounts)


def line_of(vault: Vault, row: AuditRow) -> Line:
    """A row with its names; what cannot be opened is shown as erased, `verify` says which."""
    try:
        found = opened(vault, row.sealed, row.id)
    except (WrongKeyError, ValueError):
        found = None
    values: dict[str, Any] = found[1] if found else {}
    return Line(
        id=row.id,
        at=row.at,
        kind=row.kind,
        key=row.key,
        seq=row.seq,
        doer_kind=row.doer_kind,
        doer=row.doer,
        doer_name=values.get("by", ""),
        role=row.role,
        for_id=row.for_id,
        for_name=values.get("for", ""),
        action=row.action,
        said=values.get("said"),
    )
