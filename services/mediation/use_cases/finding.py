"""Cases that are searched: by number, by a phone, ID number or full name, by words; by pages."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.due import CLOSED_QUEUE
from services.mediation.domain.tokens import SHORTEST, words_in
from services.mediation.tables import CaseRow, CaseWordsRow
from services.mediation.use_cases import desk
from services.mediation.use_cases.desk import SHOWN, Count, Filters, Listed, Place, list_cases
from services.mediation.use_cases.lookups import known_by
from services.mediation.use_cases.searching.looking import Asked, Hits, look
from services.mediation.use_cases.words import opened_copy
from shared.hot import hot_of
from shared.hot_changes import found
from shared.kernel import RuleError
from shared.text import normal_number
from shared.vault import Vault
from shared.work import Database

WORDS = ("case_id", "words")
On = Place | int
"""Where a page ended: a place on the desk; of what words found, a number that falls."""


class TooShortError(RuleError):
    """What is searched has not enough characters."""


class Page(NamedTuple):
    """Some cases, and where to go on from, if there may be more."""

    cases: list[Listed]
    on: On | None


async def find_cases(database: Database, filters: Filters, after: On | None, most: int) -> Page:
    """A page for the API; numbers that are searched at the same moment are read together.

    Raises TooShortError.
    """
    number = normal_number(filters.q) if filters.q else None
    if number is None:
        async with database.reading() as session:
            return await page_of(session, database.vault, filters, after, most)
    one = await database.together(numbered, number)
    return Page([one] if one and fits(one, filters, place_in(after)) else [], None)


async def page_of(
    session: AsyncSession, vault: Vault, filters: Filters, after: On | None, most: int
) -> Page:
    """A page of the desk, or of what was searched: the newest first. Raises TooShortError."""
    if not filters.q or normal_number(filters.q):
        return Page(*await list_cases(session, vault, filters, place_in(after), most))
    hits = await hits_of(session, vault, filters, number_in(after), most)
    return Page(await listed(session, vault, hits), hits.below)


async def counted_page(
    session: AsyncSession, vault: Vault, filters: Filters, after: On | None, most: int
) -> tuple[Page, Count]:
    """A page, and how many cases there are in all, up to a limit. Raises TooShortError."""
    if not filters.q or normal_number(filters.q):
        page = await page_of(session, vault, filters, after, most)
        return page, await desk.count_cases(session, vault, filters)
    hits = await hits_of(session, vault, filters, None, desk.MOST_COUNTED)
    count = Count(len(hits.found), more=hits.below is not None)
    if after is not None:
        return await page_of(session, vault, filters, after, most), count
    first = hits.found[:most]
    on = first[-1].number if len(hits.found) > most else hits.below
    return Page(await listed(session, vault, Hits(first, on)), on), count


async def hits_of(
    session: AsyncSession, vault: Vault, filters: Filters, below: int | None, most: int
) -> Hits:
    """What words, a phone, an ID number or a full name find within the filters.

    Raises TooShortError.
    """
    typed = filters.q or ""
    words = words_in(typed)
    if 0 < sum(map(len, words)) < SHORTEST:
        raise TooShortError("请至少输入两个字再查找，一个字查不了。", pointer="/query/q")
    if not filters.bodies or not words:
        return Hits((), None)
    every = replace(filters, q=None, state=filters.state or "all")
    seen = desk.conditions(vault, every, filters.anywhere)
    where = [*seen, *desk.narrowed(CaseRow.__table__.c, filters)]
    return await look(session, vault, Asked(words, known_by(vault, typed), where), below, most)


async def listed(session: AsyncSession, vault: Vault, hits: Hits) -> list[Listed]:
    """The cases of these hits, in their order."""
    columns = CaseRow.__table__.c
    wanted = columns.id.in_([one.case_id for one in hits.found])
    rows = await session.execute(desk.worded(columns, [wanted]))
    cases = {row.id: desk.listed(vault, row) for row in rows}
    return [cases[one.case_id] for one in hits.found if one.case_id in cases]


def place_in(after: On | None) -> Place | None:
    """Where a page of the desk begins; a page of hits ended nowhere on it."""
    return after if isinstance(after, tuple) else None


def number_in(after: On | None) -> int | None:
    """Below which number a page of hits begins."""
    return after if isinstance(after, int) else None


async def numbered(database: Database, numbers: Sequence[str]) -> Sequence[Listed | None]:
    """The case of each number, with its words."""
    hot = hot_of(database)
    rows = await found(hot, CaseRow, {"number": set(numbers)}, SHOWN)
    ids = [row["id"] for row in rows]
    sealed = await found(hot, CaseWordsRow, {"case_id": ids}, WORDS)
    words = {row["case_id"]: row["words"] for row in sealed}
    cases = {
        row["number"]: Listed(row, opened_copy(database.vault, words.get(row["id"]), row["id"]))
        for row in rows
    }
    return [cases.get(number) for number in numbers]


def fits(one: Listed, filters: Filters, after: Place | None) -> bool:
    """Whether a case passes the other filters, as `desk.conditions` puts them."""
    case, state = one.case, filters.state or "all"
    open_or_as_asked = {"all": True, "open": case["queue_on"] < CLOSED_QUEUE}
    wanted = filters.unindexed
    return (
        case["body"] in filters.bodies
        and filters.seen.admits(SimpleNamespace(**case))
        and open_or_as_asked.get(state, case["state"] == state)
        and (filters.due_before is None or case["queue_on"] < filters.due_before)
        and (filters.assignee is None or case["assignee"] == filters.assignee)
        and (filters.units is None or case["unit"] in filters.units)
        and all(case[name] == value for name, value in wanted.items())
        and (after is None or one.place > after)
    )
