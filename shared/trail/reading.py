"""Reading the trail: what was done, newest first, for auditors; one service at a time."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from shared.trail.belonging import Things, of_bodies, perhaps, touched
from shared.trail.question import Question
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.trail.walking import Walk, newest
from shared.trail.ways import chains_about, ways
from shared.vault import Vault, WrongKeyError
from shared.work import Database

NOTHING: Things = MappingProxyType({})


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
    """What belongs to it; None where it was erased, or cannot be opened."""
    unreadable: bool = False
    """Whether there is something sealed that does not open: it was changed (内容被改动), or sealed
    with another key. An erasure leaves nothing sealed."""


class Lines(BaseModel):
    """Rows of the trail, newest first."""

    items: list[Line]
    stopped: UUID | None = None
    """The last row that was gone through, where older ones were not, though fewer were found than
    were asked for: whoever goes on from it reads the rest. None: there is no more, or a full page.
    """


async def read(database: Database, asked: Question, things: Things = NOTHING) -> Lines:
    """The rows that were asked for, newest first; `things` tells whose the service's things are.

    Some rows tell only in what is sealed whom they touch. Others of these are left out, and more is
    read in their place, up to `asked.most_opened` rows: strangers can have as many refusals noted
    as they like, and no answer may wait for all of them to be opened.
    """
    found, left, before = list[Line](), asked.most_opened, asked.before
    async with database.reading() as session:
        about = await chains_about(session, asked, things)
        size = min(asked.limit, left)
        while True:
            part = asked.model_copy(update={"before": before, "limit": size})
            rows = await stretch(session, part, things, ways(part, about, database.clock()))
            lines = await asyncio.to_thread(opened_lines, database.vault, rows)
            found += await shown(session, asked, things, lines)
            left -= len(rows)
            if len(found) >= asked.limit or len(rows) < size:
                return Lines(items=found[: asked.limit])
            before = rows[-1][0].id
            if not left:
                return Lines(items=found, stopped=before)
            size = min(2 * size, left)


def opened_lines(
    vault: Vault, rows: Sequence[tuple[AuditRow, bool]]
) -> Sequence[tuple[Line, bool]]:
    """The rows as lines, in a thread: opening takes the processor."""
    return [(line_of(vault, row), theirs) for row, theirs in rows]


async def stretch(
    session: AsyncSession, asked: Question, things: Things, walks: Sequence[Walk]
) -> Sequence[tuple[AuditRow, bool]]:
    """The next rows, each with whether it is theirs by what stands in the open."""
    if not walks:
        return []
    theirs: ColumnElement[bool] = true()
    seen = theirs
    if asked.bodies is not None:
        theirs = of_bodies(things, asked.bodies, None if asked.nobodys else asked.staff)
        seen = or_(theirs, perhaps())
    found = newest(AuditRow.id, [one.also([seen]) for one in walks], asked.limit)
    statement = select(AuditRow, theirs.label("theirs")).where(AuditRow.id.in_(found))
    answer = await session.execute(statement.order_by(AuditRow.id.desc()))
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


def line_of(vault: Vault, row: AuditRow) -> Line:
    """A row with its names. What does not open is not taken for erased, and no page falls."""
    found, unreadable = None, False
    try:
        found = opened(vault, row.sealed, row.id)
    except (WrongKeyError, ValueError):
        unreadable = True
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
        unreadable=unreadable,
    )
