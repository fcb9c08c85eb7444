"""A page of the desk: each body, or unit, along its index, merged by what is due first."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseRow, CaseWordsRow
from services.mediation.use_cases.desk.filters import Filters, Place, Walk, conditions, narrowed
from services.mediation.use_cases.masking import masked_copy
from services.mediation.use_cases.words import Copy, opened_copy
from shared.vault import Vault

PAGE = 50
WINDOW = 2000
"""How many cases one page looks through for filters that no index knows."""
SHOWN = (
    "id", "complaint_id", "number", "body", "demo", "kind", "channel", "received_at",
    "received_on", "region", "category", "nature", "amount_fen", "happened_on",
    "respondent_known", "source", "state", "version", "assignee", "due_on", "due_for",
    "due_status", "unit", "queue_on", "accepted_on", "serial", "forwarded_on", "replied_on",
    "reason", "outcome", "closed_on", "recovered_fen", "files", "opened_at", "changed_at",
)  # fmt: skip


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


async def end_of_window(
    session: AsyncSession, vault: Vault, filters: Filters, walk: Walk, after: Place | None
) -> list[Place]:
    """Where a full window ends; nothing where the list ended before."""
    known = conditions(vault, filters, walk, after)
    last = ordered(CaseRow.__table__.c, known).offset(WINDOW - 1).limit(1)
    return [(row.queue_on, row.id) for row in await session.execute(last)]
