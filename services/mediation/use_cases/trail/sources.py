"""Where rows of the trail come from: our own tables, the log of cases, and our sisters."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column, select

from services.mediation.domain.behalf import for_complainant
from services.mediation.tables import CaseLogRow, CaseRow
from services.mediation.use_cases.audit import CORRECTED
from services.mediation.use_cases.keeping import opened
from services.mediation.use_cases.opening import OPEN
from services.mediation.use_cases.trail.belonging import THINGS
from shared.net import Client, Unanswered
from shared.trail.question import Question
from shared.trail.reading import Line, Lines, read
from shared.trail.walking import MOST_WALKED, Conditions, Days, Walk, newest
from shared.vault import Vault, WrongKeyError
from shared.work import Database

STEP = "step:"
"""Before the name of a step of a case, where the trail has the code of an action."""
OWN = "mediation"


class Source(Protocol):
    """One trail. Raises Unanswered."""

    async def __call__(self, asked: Question) -> Lines: ...


@dataclass(frozen=True)
class Own:
    """What mediation noted itself."""

    database: Database

    async def __call__(self, asked: Question) -> Lines:
        return await read(self.database, asked, THINGS)


@dataclass(frozen=True)
class Sister:
    """What a sister noted."""

    client: Client

    async def __call__(self, asked: Question) -> Lines:
        answer = await self.client.post("/internal/audit", json=asked.model_dump(mode="json"))
        answer.raise_for_status()
        return Lines.model_validate_json(answer.content)


@dataclass(frozen=True)
class Steps:
    """The steps of cases. What was said with them stands on the page of the case."""

    database: Database

    async def __call__(self, asked: Question) -> Lines:
        walks = ways(asked, self.database.clock())
        if not walks:
            return Lines(items=[])
        log = CaseLogRow.id
        wanted = select(CaseLogRow).where(log.in_(newest(log, walks, asked.limit)))
        async with self.database.reading() as session:
            rows = (await session.scalars(wanted.order_by(log.desc()))).all()
        return Lines(items=await asyncio.to_thread(told, self.database.vault, rows))


def ways(asked: Question, now: datetime) -> list[Walk]:
    """The walks that together find the steps, each along an index; none: there are none."""
    log, also = CaseLogRow, conditions(asked, now)
    if asked.kind not in {None, "case"}:
        return []
    few = asked.people is not None and len(asked.people) <= MOST_WALKED
    along: Sequence[Walk] = [Walk([], ordered=asked.complaint is None)]
    if asked.people is not None and few and asked.complaint is None:
        columns = (log.actor, log.behalf)
        along = [Walk([one == person]) for person in asked.people for one in columns]
    elif asked.people is not None:
        also.append(log.actor.in_(asked.people) | log.behalf.in_(asked.people))
    elif asked.actions is not None and asked.complaint is None:
        along = [Walk(taken(one)) for one in steps_in(asked.actions)]
    return [one.also(also) for one in along]


def steps_in(actions: Sequence[str]) -> list[str]:
    """Those of the actions that are steps of cases."""
    return [one.removeprefix(STEP) for one in actions if one.startswith(STEP)]


def taken(step: str) -> Conditions:
    """Rows of one step; said so that the index of those after the first is known to have them."""
    same = CaseLogRow.step == step
    return [same] if step == OPEN else [same, CaseLogRow.step != literal_column(f"'{OPEN}'")]


def conditions(asked: Question, now: datetime) -> list[ColumnElement[bool]]:
    """What a step must be like, whoever took it."""
    log = CaseLogRow
    found = list(Days(asked.since, asked.until, now).of(log.id, log.at))
    if asked.before is not None:
        found.append(log.id < asked.before)
    if asked.actions is not None:
        found.append(log.step.in_(steps_in(asked.actions)))
    if asked.complaint is not None:
        about = select(CaseRow.id).where(CaseRow.complaint_id == asked.complaint)
        found.append(log.case_id.in_(about))
    if asked.bodies is not None:
        case = select(CaseRow.id).where(CaseRow.id == log.case_id)
        found.append(case.where(CaseRow.body.in_(asked.bodies)).exists())
    return found


def told(vault: Vault, rows: Sequence[CaseLogRow]) -> list[Line]:
    """Steps as lines; in a thread, as corrections are opened for it."""
    return [line_of(vault, row) for row in rows]


def corrections(vault: Vault, row: CaseLogRow) -> tuple[Collection[str], bool]:
    """What a step corrects, by JSON pointers, and whether it is a correction that does not open.

    It decides for whom the correction (更正) was made, as on the timeline of the case. Nothing is
    left of an erased one.
    """
    if row.step != CORRECTED:
        return (), False
    try:
        found = opened(vault, row.sealed, row.case_id, row.id)
    except (WrongKeyError, ValueError):
        return (), True
    return (found[1].get("changes") or () if found else ()), False


def line_of(vault: Vault, row: CaseLogRow) -> Line:
    """A step as a line of the trail."""
    corrected, unreadable = corrections(vault, row)
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
            "for_complainant": row.actor_kind == "staff" and for_complainant(row.step, corrected),
        },
        unreadable=unreadable,
    )


@dataclass(frozen=True)
class Found:
    """Rows of all trails, newest first; `silent` are services that did not answer."""

    lines: Sequence[Line]
    next: UUID | None
    """The rows before this one follow, if there are any; None: there are none."""
    silent: Sequence[str] = ()


async def gather(sources: Mapping[str, Sequence[Source]], asked: Question, limit: int) -> Found:
    """The newest rows of these services' trails, in one order.

    Where one of them stopped early, the others' older rows wait for the next page.
    """
    wanted = asked.model_copy(update={"limit": limit + 1})
    named = [(name, one) for name, several in sources.items() for one in several]
    answers = await asyncio.gather(*(lines_of(name, one, wanted) for name, one in named))
    told = [answer for answer in answers if answer is not None]
    stopped = max((one.stopped for one in told if one.stopped is not None), default=None)
    lines = [line for one in told for line in one.items if stopped is None or line.id >= stopped]
    lines.sort(key=lambda line: line.id, reverse=True)
    further = lines[limit - 1].id if len(lines) > limit else stopped
    silent = [name for (name, _), answer in zip(named, answers, strict=True) if answer is None]
    return Found(lines[:limit], further, silent)


async def lines_of(name: str, source: Source, asked: Question) -> Lines | None:
    """What one source has; None where it does not answer."""
    try:
        found = await source(asked)
    except Unanswered:
        return None
    items = [line.model_copy(update={"service": name}) for line in found.items]
    return found.model_copy(update={"items": items})
