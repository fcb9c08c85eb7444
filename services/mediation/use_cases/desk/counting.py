"""How many cases there are of each sort, up to where nobody counts on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.case import State
from services.mediation.tables import CaseRow
from services.mediation.use_cases.desk.filters import Filters, Walk, conditions, narrowed
from services.mediation.use_cases.desk.listing import WINDOW, ordered
from shared.vault import Vault

MOST_COUNTED = 1000
"""Counts stop here: nobody needs to know more, and counting all is slow."""
OPEN_STATES = tuple(state.value for state in State if state is not State.CLOSED)


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
    whole = Filters(filters.bodies, filters.seen, unit=filters.unit)
    views = {state: replace(whole, state=state) for state in OPEN_STATES}
    views["overdue"] = replace(whole, due_before=today)
    return await count_all(session, vault, views)
