"""Where rows of the trail come from: our own tables, the log of cases, and our sisters."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, false, select, true

from services.mediation.domain.behalf import for_complainant
from services.mediation.tables import CaseLogRow, CaseRow
from services.mediation.use_cases.trail.belonging import THINGS
from shared.net import Client, Unanswered
from shared.trail.reading import Line, Lines, Question, read
from shared.work import Database

STEP = "step:"
"""Before the name of a step of a case, where the trail has the code of an action."""
OWN = "mediation"


class Source(Protocol):
    """One trail. Raises Unanswered."""

    async def __call__(self, asked: Question) -> Sequence[Line]: ...


@dataclass(frozen=True)
class Own:
    """What mediation noted itself."""

    database: Database

    async def __call__(self, asked: Question) -> Sequence[Line]:
        return await read(self.database, asked, THINGS)


@dataclass(frozen=True)
class Sister:
    """What a sister noted."""

    client: Client

    async def __call__(self, asked: Question) -> Sequence[Line]:
        answer = await self.client.post("/internal/audit", json=asked.model_dump(mode="json"))
        answer.raise_for_status()
        return Lines.model_validate_json(answer.content).items


@dataclass(frozen=True)
class Steps:
    """The steps of cases. What was said with them stands on the page of the case."""

    database: Database

    async def __call__(self, asked: Question) -> Sequence[Line]:
        statement = (
            select(CaseLogRow)
            .join(CaseRow, CaseRow.id == CaseLogRow.case_id)
            .where(*conditions(asked))
            .order_by(CaseLogRow.id.desc())
            .limit(asked.limit)
        )
        async with self.database.reading() as session:
            return [line_of(row) for row in await session.scalars(statement)]


def conditions(asked: Question) -> list[ColumnElement[bool]]:
    """What a step must be like."""
    log = CaseLogRow
    found: list[ColumnElement[bool]] = [true()]
    if asked.kind not in {None, "case"}:
        found.append(false())
    if asked.bodies is not None:
        found.append(CaseRow.body.in_(asked.bodies))
    if asked.before is not None:
        found.append(log.id < asked.before)
    if asked.since is not None:
        found.append(log.at >= asked.since)
    if asked.until is not None:
        found.append(log.at < asked.until)
    if asked.complaint is not None:
        found.append(CaseRow.complaint_id == asked.complaint)
    if asked.people is not None:
        found.append(log.actor.in_(asked.people) | log.behalf.in_(asked.people))
    if asked.actions is not None:
        steps = [one.removeprefix(STEP) for one in asked.actions if one.startswith(STEP)]
        found.append(log.step.in_(steps))
    return found


def line_of(row: CaseLogRow) -> Line:
    """A step as a line of the trail."""
    return Line(
        id=row.id,
        at=row.at,
        kind="case",
        key=str(row.case_id),
        seq=row.seq,
        doer_kind=row.actor_kind,
        doer=row.actor,
        role=row.role,
        for_id=row.behalf,
        action=STEP + row.step,
        said={
            "source": row.source,
            "before": row.before,
            "after": row.after,
            "for_complainant": row.actor_kind == "staff" and for_complainant(row.step),
        },
    )


@dataclass(frozen=True)
class Found:
    """Rows of all trails, newest first; `silent` are services that did not answer."""

    lines: Sequence[Line]
    more: bool
    silent: Sequence[str] = ()


async def gather(sources: Mapping[str, Sequence[Source]], asked: Question, limit: int) -> Found:
    """The newest rows of these services' trails, in one order."""
    wanted = asked.model_copy(update={"limit": limit + 1})
    named = [(name, one) for name, several in sources.items() for one in several]
    answers = await asyncio.gather(*(lines_of(name, one, wanted) for name, one in named))
    lines = [line for answer in answers if answer is not None for line in answer]
    lines.sort(key=lambda line: line.id, reverse=True)
    silent = [name for (name, _), answer in zip(named, answers, strict=True) if answer is None]
    return Found(lines[:limit], len(lines) > limit, silent)


async def lines_of(name: str, source: Source, asked: Question) -> Sequence[Line] | None:
    """What one source has; None where it does not answer."""
    try:
        lines = await source(asked)
    except Unanswered:
        return None
    return [line.model_copy(update={"service": name}) for line in lines]
