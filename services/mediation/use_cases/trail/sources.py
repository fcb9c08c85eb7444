"""Where rows of the trail come from: our own tables, the log of cases, and our sisters."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true

from services.mediation.tables import CaseLogRow, CaseRow
from shared.net import Client, Unanswered
from shared.trail.reading import Line, Lines, Question, read
from shared.work import Database

STEP = "step:"
"""Before the name of a step of a case, where the trail has the code of an action."""
OWN = "mediation"


@dataclass(frozen=True)
class Asked:
    """What somebody wants to know of all trails, and whose cases they may know of."""

    question: Question
    bodies: frozenset[str] | None = None
    """Whose cases' steps are shown; None: everybody's."""


class Source(Protocol):
    """One trail. Raises Unanswered."""

    async def __call__(self, asked: Asked) -> Sequence[Line]: ...


@dataclass(frozen=True)
class Own:
    """What mediation noted itself."""

    database: Database

    async def __call__(self, asked: Asked) -> Sequence[Line]:
        return await read(self.database, asked.question)


@dataclass(frozen=True)
class Sister:
    """What a sister noted."""

    client: Client

    async def __call__(self, asked: Asked) -> Sequence[Line]:
        question = asked.question.model_dump(mode="json")
        answer = await self.client.post("/internal/audit", json=question)
        answer.raise_for_status()
        return Lines.model_validate_json(answer.content).items


@dataclass(frozen=True)
class Steps:
    """The steps of cases. What was said with them stands on the page of the case."""

    database: Database

    async def __call__(self, asked: Asked) -> Sequence[Line]:
        statement = (
            select(CaseLogRow)
            .join(CaseRow, CaseRow.id == CaseLogRow.case_id)
            .where(*conditions(asked))
            .order_by(CaseLogRow.id.desc())
            .limit(asked.question.limit)
        )
        async with self.database.reading() as session:
            return [line_of(row) for row in await session.scalars(statement)]


def conditions(asked: Asked) -> list[ColumnElement[bool]]:
    """What a step must be like."""
    question, log = asked.question, CaseLogRow
    found: list[ColumnElement[bool]] = [true()]
    if question.kind not in {None, "case"}:
        found.append(false())
    if asked.bodies is not None:
        found.append(CaseRow.body.in_(asked.bodies))
    if question.before is not None:
        found.append(log.id < question.before)
    if question.since is not None:
        found.append(log.at >= question.since)
    if question.until is not None:
        found.append(log.at < question.until)
    if question.chains is not None:
        cases = [UUID(key) for kind, key in question.chains if kind == "case"]
        found.append(log.case_id.in_(cases))
    if question.people is not None:
        found.append(log.actor.in_(question.people) | log.behalf.in_(question.people))
    if question.actions is not None:
        steps = [one.removeprefix(STEP) for one in question.actions if one.startswith(STEP)]
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
        said={"source": row.source, "before": row.before, "after": row.after},
    )


@dataclass(frozen=True)
class Found:
    """Rows of all trails, newest first; `silent` are services that did not answer."""

    lines: Sequence[Line]
    more: bool
    silent: Sequence[str] = ()


async def gather(sources: Mapping[str, Sequence[Source]], asked: Asked, limit: int) -> Found:
    """The newest rows of these services' trails, in one order."""
    question = asked.question.model_copy(update={"limit": limit + 1})
    wanted = Asked(question, asked.bodies)
    named = [(name, one) for name, several in sources.items() for one in several]
    answers = await asyncio.gather(*(lines_of(name, one, wanted) for name, one in named))
    lines = [line for answer in answers if answer is not None for line in answer]
    lines.sort(key=lambda line: line.id, reverse=True)
    silent = [name for (name, _), answer in zip(named, answers, strict=True) if answer is None]
    return Found(lines[:limit], len(lines) > limit, silent)


async def lines_of(name: str, source: Source, asked: Asked) -> Sequence[Line] | None:
    """What one source has; None where it does not answer."""
    try:
        lines = await source(asked)
    except Unanswered:
        return None
    return [line.model_copy(update={"service": name}) for line in lines]
