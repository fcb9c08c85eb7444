"""Reading the trail: what was done, newest first, for auditors; one service at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, and_, false, or_, select

from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.vault import Vault, WrongKeyError
from shared.work import Database

MOST = 2000
PEOPLE = ("staff", "session")
"""Kinds of chains whose key is a person."""


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
    within: list[UUID] | None = Field(default=None, max_length=20_000)
    """Whose doings may be seen at all; None: everybody's."""
    kind: str | None = None
    chains: list[tuple[str, str]] | None = Field(default=None, max_length=100)
    """Only these chains, as kind and key."""
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


async def read(database: Database, asked: Question) -> list[Line]:
    """The rows that were asked for, newest first."""
    statement = (
        select(AuditRow).where(*conditions(asked)).order_by(AuditRow.id.desc()).limit(asked.limit)
    )
    async with database.reading() as session:
        rows = (await session.scalars(statement)).all()
    return [line_of(database.vault, row) for row in rows]


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
    if asked.chains is not None:
        same = [and_(AuditRow.kind == kind, AuditRow.key == key) for kind, key in asked.chains]
        found.append(or_(false(), *same))
    if asked.actions is not None:
        found.append(AuditRow.action.in_(asked.actions))
    return found + [of(people) for people in (asked.people, asked.within) if people is not None]


def of(people: Sequence[UUID]) -> ColumnElement[bool]:
    """What has to do with these people."""
    accounts = and_(AuditRow.kind.in_(PEOPLE), AuditRow.key.in_([str(one) for one in people]))
    return or_(AuditRow.doer.in_(people), AuditRow.for_id.in_(people), accounts)


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
