"""The desk: open cases by what is due first, filtered, searched, page by page."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.case import State
from services.mediation.domain.due import CLOSED_QUEUE
from services.mediation.tables import CaseLookupRow, CaseRow, CaseWordsRow
from services.mediation.use_cases.allowing import ALL, Seen
from services.mediation.use_cases.masking import masked_copy
from services.mediation.use_cases.scoping import in_one_go, walks
from services.mediation.use_cases.words import NAME, PHONE, Copy, opened_copy
from shared.text import normal_name, normal_number, phone_key
from shared.vault import Vault

PAGE = 50
MOST_COUNTED = 1000
"""Counts stop here: nobody needs to know more, and counting all is slow."""
WINDOW = 2000
"""How many cases one page looks through for filters that no index knows."""
SHORTEST_PHONE = 5
OPEN_STATES = tuple(state.value for state in State if state is not State.CLOSED)
SHOWN = (
    "id", "complaint_id", "number", "body", "demo", "kind", "channel", "received_at",
    "received_on", "region", "category", "nature", "amount_fen", "happened_on",
    "respondent_known", "source", "state", "version", "assignee", "due_on", "due_for",
    "due_status", "unit", "queue_on", "accepted_on", "serial", "forwarded_on", "replied_on",
    "reason", "outcome", "closed_on", "recovered_fen", "files", "opened_at", "changed_at",
)  # fmt: skip


Bodies = tuple[str, ...]
Walk = ColumnElement[bool]
"""Which cases one walk along an index is to find."""


@dataclass(frozen=True)
class Filters:
    """Which cases to list. Nothing said: all open ones."""

    bodies: Bodies
    """The bodies of which the person may see something, or the one they chose."""
    seen: Seen = ALL
    """What of them they may see."""
    state: str | None = None
    """A state, `open` or `all`; nothing: open, and all where something is searched."""
    channel: str | None = None
    kind: str | None = None
    assignee: UUID | None = None
    due_before: date | None = None
    """Due before this day (not counted)."""
    q: str | None = None
    """A number, a phone, a full name, or words."""

    @cached_property
    def walks(self) -> list[Walk]:
        """What is to be walked, each on its own; what is searched is found in one go."""
        if self.q:
            return [in_one_go(self.seen, self.bodies)] if self.bodies else []
        return walks(self.seen, self.bodies)

    @property
    def unindexed(self) -> dict[str, str]:
        """The filters that no index knows, by column."""
        wanted = {"channel": self.channel, "kind": self.kind}
        return {name: value for name, value in wanted.items() if value is not None}


Place = tuple[date, UUID]
"""Where a row stands: its day and its id."""


@dataclass(frozen=True)
class Listed:
    """One line of the desk."""

    case: Mapping[str, Any]
    words: Copy = field(repr=False)

    @property
    def shown(self) -> Copy:
        """Its words as lists show them: people's names and numbers hidden."""
        return masked_copy(self.words)

    @property
    def place(self) -> Place:
        """Its place in the order of the desk."""
        return self.case["queue_on"], self.case["id"]


async def list_cases(
    session: AsyncSession, vault: Vault, filters: Filters, after: Place | None, most: int = PAGE
) -> tuple[list[Listed], Place | None]:
    """A page of cases after a place, by day and id; and the place to go on from, if any.

    Each body, or unit, is asked on its own, so that each question is one walk along an index.
    Filters no index knows are applied to the next `WINDOW` cases; such a page may be short and
    still go on.
    """
    found: list[list[Listed]] = []
    ends: list[Place] = []
    for walk in filters.walks:
        rows = await session.execute(page_of(vault, filters, walk, after, most))
        found.append([listed(vault, row) for row in rows])
        if filters.unindexed and len(found[-1]) <= most:
            ends += await end_of_window(session, vault, filters, walk, after)
    end = min(ends, default=None)
    merged = heapq.merge(*found, key=lambda one: one.place)
    seen = [one for one in islice(merged, most + 1) if end is None or one.place <= end]
    shown = seen[:most]
    return shown, shown[-1].place if len(seen) > most else end


def listed(vault: Vault, row: Any) -> Listed:
    case = dict(zip(SHOWN, row, strict=False))
    return Listed(case, opened_copy(vault, row.words, case["id"]))


def page_of(
    vault: Vault, filters: Filters, walk: Walk, after: Place | None, most: int
) -> Select[Any]:
    known = conditions(vault, filters, walk, after)
    if not filters.unindexed:
        return worded(CaseRow.__table__.c, known).limit(most + 1)
    window = ordered(CaseRow.__table__.c, known).limit(WINDOW).subquery()
    return worded(window.c, narrowed(window.c, filters)).limit(most + 1)


def ordered(of: Any, where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """The shown columns in the order of the desk."""
    shown: Select[Any] = select(*(of[name] for name in SHOWN))
    return shown.where(*where).order_by(of.queue_on, of.id)


def worded(of: Any, where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """The same, with the sealed words."""
    statement = ordered(of, where).add_columns(CaseWordsRow.words)
    return statement.outerjoin(CaseWordsRow, CaseWordsRow.case_id == of.id)


def narrowed(of: Any, filters: Filters) -> list[ColumnElement[bool]]:
    """The filters that no index knows, on these columns."""
    return [of[name] == value for name, value in filters.unindexed.items()]


async def end_of_window(
    session: AsyncSession, vault: Vault, filters: Filters, walk: Walk, after: Place | None
) -> list[Place]:
    """Where a full window ends; nothing where the list ended before."""
    known = conditions(vault, filters, walk, after)
    last = ordered(CaseRow.__table__.c, known).offset(WINDOW - 1).limit(1)
    return [(row.queue_on, row.id) for row in await session.execute(last)]


def conditions(
    vault: Vault, filters: Filters, walk: Walk, after: Place | None = None
) -> list[ColumnElement[bool]]:
    """The filters that indexes know, as conditions on the cases of one walk."""
    found: list[ColumnElement[bool]] = [walk]
    state = filters.state or ("all" if filters.q else "open")
    if state == "open":
        found.append(CaseRow.queue_on < CLOSED_QUEUE)
    elif state != "all":
        found.append(CaseRow.state == state)
    if filters.due_before:
        found.append(CaseRow.queue_on < filters.due_before)
    if filters.assignee:
        found.append(CaseRow.assignee == filters.assignee)
    if filters.q:
        found.append(search(vault, filters.q))
    if after:
        found.append(tuple_(CaseRow.queue_on, CaseRow.id) > tuple_(*after))
    return found


def search(vault: Vault, typed: str) -> ColumnElement[bool]:
    """A number, a phone or a full name, whatever it can be."""
    if number := normal_number(typed):
        return CaseRow.number == number
    return CaseRow.id.in_(known_by(vault, typed))


def known_by(vault: Vault, typed: str) -> Select[UUID]:
    """The cases that a blind index finds by a phone or a full name."""
    tokens = [(NAME, normal_name(typed))]
    phone = phone_key(typed)
    if len(phone) >= SHORTEST_PHONE and phone.lstrip("+").isdigit():
        tokens.append((PHONE, phone))
    entries = [
        (CaseLookupRow.kind == kind) & CaseLookupRow.token.in_(vault.blinds(kind, value))
        for kind, value in tokens
    ]
    return select(CaseLookupRow.case_id).where(or_(*entries))


@dataclass(frozen=True)
class Count:
    """How many; `more` where counting stopped early."""

    number: int
    more: bool


def counted(vault: Vault, filters: Filters, walk: Walk) -> Select[Any]:
    """A query that counts the cases of a walk, up to a limit."""
    known = conditions(vault, filters, walk)
    statement: Select[Any] = select(literal(1)).select_from(CaseRow).where(*known)
    if filters.unindexed:
        window = ordered(CaseRow.__table__.c, known).limit(WINDOW).subquery()
        statement = select(literal(1)).select_from(window).where(*narrowed(window.c, filters))
    return select(func.count()).select_from(statement.limit(MOST_COUNTED).subquery())


async def count_all(
    session: AsyncSession, vault: Vault, views: Mapping[str, Filters]
) -> dict[str, Count]:
    """How many cases each view holds, up to a limit; one question for all of them."""
    parts = [
        counted(vault, view, walk).scalar_subquery().label(f"{name}_{at}")
        for name, view in views.items()
        for at, walk in enumerate(view.walks)
    ]
    if not parts:
        return {name: Count(0, more=False) for name in views}
    row = (await session.execute(select(*parts))).one()._mapping  # noqa: SLF001 - its public name
    totals = {
        name: sum(row[f"{name}_{at}"] for at in range(len(view.walks)))
        for name, view in views.items()
    }
    return {
        name: Count(min(total, MOST_COUNTED), more=total >= MOST_COUNTED)
        for name, total in totals.items()
    }


async def count_cases(session: AsyncSession, vault: Vault, filters: Filters) -> Count:
    """How many cases the filters let through, up to a limit."""
    return (await count_all(session, vault, {"all": filters}))["all"]


async def tabs(
    session: AsyncSession, vault: Vault, filters: Filters, today: date
) -> dict[str, Count]:
    """How much lies in each state of what these filters let see, and how much is overdue."""
    whole = Filters(filters.bodies, filters.seen)
    views = {state: replace(whole, state=state) for state in OPEN_STATES}
    views["overdue"] = replace(whole, due_before=today)
    return await count_all(session, vault, views)
