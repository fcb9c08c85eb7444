"""The desk: open cases by what is due first, filtered, searched, page by page."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.case import State
from services.mediation.domain.due import CLOSED_QUEUE
from services.mediation.tables import CaseLookupRow, CaseRow, CaseWordsRow
from services.mediation.use_cases.words import NAME, PHONE, Copy, opened_copy
from shared.text import normal_name, normal_number, phone_key
from shared.vault import Vault

PAGE = 50
MOST_COUNTED = 1000
"""Counts stop here: nobody needs to know more, and counting all is slow."""
SHORTEST_PHONE = 5
OPEN_STATES = tuple(state.value for state in State if state is not State.CLOSED)
SHOWN = (
    "id", "complaint_id", "number", "body", "demo", "kind", "channel", "received_at",
    "received_on", "region", "category", "nature", "amount_fen", "happened_on",
    "respondent_known", "source", "state", "version", "assignee", "due_on", "due_for",
    "due_status", "queue_on", "accepted_on", "serial", "forwarded_on", "replied_on", "reason",
    "outcome", "closed_on", "recovered_fen", "files", "opened_at", "changed_at",
)  # fmt: skip
COLUMNS = tuple(getattr(CaseRow, name) for name in SHOWN)


@dataclass(frozen=True)
class Filters:
    """Which cases to list. Nothing said: all open ones."""

    bodies: tuple[str, ...]
    """The bodies the person may see, or the one they chose."""
    state: str | None = None
    """A state, `open` or `all`; nothing: open, and all where something is searched."""
    channel: str | None = None
    kind: str | None = None
    assignee: UUID | None = None
    due_before: date | None = None
    """Due before this day (not counted)."""
    q: str | None = None
    """A number, a phone, or a party's full name."""


Place = tuple[date, UUID]
"""Where a row stands: its day and its id."""


@dataclass(frozen=True)
class Listed:
    """One line of the desk."""

    case: Mapping[str, Any]
    words: Copy = field(repr=False)

    @property
    def place(self) -> Place:
        """Its place in the order of the desk."""
        return self.case["queue_on"], self.case["id"]


async def list_cases(
    session: AsyncSession, vault: Vault, filters: Filters, after: Place | None, most: int = PAGE
) -> tuple[list[Listed], Place | None]:
    """A page of cases after a place, by day and id; and the place to go on from, if any.

    Each body is asked on its own, so that each question is one walk along an index.
    """
    found = [
        [
            listed(vault, row)
            for row in await session.execute(page_of(vault, filters, body, after, most))
        ]
        for body in filters.bodies
    ]
    merged = list(islice(heapq.merge(*found, key=lambda one: one.place), most + 1))
    shown = merged[:most]
    return shown, shown[-1].place if len(merged) > most else None


def listed(vault: Vault, row: Any) -> Listed:
    case = dict(zip(SHOWN, row, strict=False))
    return Listed(case, opened_copy(vault, row.words, case["id"]))


def page_of(
    vault: Vault, filters: Filters, body: str, after: Place | None, most: int
) -> Select[Any]:
    statement = (
        select(*COLUMNS, CaseWordsRow.words)
        .outerjoin(CaseWordsRow, CaseWordsRow.case_id == CaseRow.id)
        .where(*conditions(vault, filters, body))
        .order_by(CaseRow.queue_on, CaseRow.id)
        .limit(most + 1)
    )
    if after:
        statement = statement.where(tuple_(CaseRow.queue_on, CaseRow.id) > tuple_(*after))
    return statement


def conditions(vault: Vault, filters: Filters, body: str) -> list[ColumnElement[bool]]:
    """The filters as conditions on one body's cases."""
    found: list[ColumnElement[bool]] = [CaseRow.body == body]
    state = filters.state or ("all" if filters.q else "open")
    if state == "open":
        found.append(CaseRow.queue_on < CLOSED_QUEUE)
    elif state != "all":
        found.append(CaseRow.state == state)
    if filters.due_before:
        found.append(CaseRow.queue_on < filters.due_before)
    for column, wanted in (
        (CaseRow.channel, filters.channel),
        (CaseRow.kind, filters.kind),
        (CaseRow.assignee, filters.assignee),
    ):
        if wanted is not None:
            found.append(column == wanted)
    if filters.q:
        found.append(search(vault, filters.q))
    return found


def search(vault: Vault, typed: str) -> ColumnElement[bool]:
    """A number, a phone or a full name, whatever it can be."""
    if number := normal_number(typed):
        return CaseRow.number == number
    tokens = [(NAME, normal_name(typed))]
    phone = phone_key(typed)
    if len(phone) >= SHORTEST_PHONE and phone.lstrip("+").isdigit():
        tokens.append((PHONE, phone))
    entries = [
        (CaseLookupRow.kind == kind) & (CaseLookupRow.token == vault.blind(kind, value))
        for kind, value in tokens
    ]
    return CaseRow.id.in_(select(CaseLookupRow.case_id).where(or_(*entries)))


@dataclass(frozen=True)
class Count:
    """How many; `more` where counting stopped early."""

    number: int
    more: bool


async def count_cases(session: AsyncSession, vault: Vault, filters: Filters) -> Count:
    """How many cases the filters let through, up to a limit."""
    total = 0
    for body in filters.bodies:
        inner = select(1).select_from(CaseRow).where(*conditions(vault, filters, body))
        counted = select(func.count()).select_from(inner.limit(MOST_COUNTED).subquery())
        total += await session.scalar(counted) or 0
    return Count(min(total, MOST_COUNTED), total >= MOST_COUNTED)


async def tabs(
    session: AsyncSession, vault: Vault, bodies: Sequence[str], today: date
) -> dict[str, Count]:
    """How much lies in each state, and how much is overdue."""
    views = {state: Filters(tuple(bodies), state=state) for state in OPEN_STATES}
    views["overdue"] = Filters(tuple(bodies), due_before=today)
    return {name: await count_cases(session, vault, one) for name, one in views.items()}
