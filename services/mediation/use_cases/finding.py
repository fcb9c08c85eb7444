"""A page of cases for the API; numbers that are searched at the same moment are read together."""

from collections.abc import Sequence
from types import SimpleNamespace

from services.mediation.domain.due import CLOSED_QUEUE
from services.mediation.tables import CaseRow, CaseWordsRow
from services.mediation.use_cases.desk import SHOWN, Filters, Listed, Place, list_cases
from services.mediation.use_cases.words import opened_copy
from shared.hot import hot_of
from shared.hot_changes import found
from shared.text import normal_number
from shared.work import Database

WORDS = ("case_id", "words")


async def find_cases(
    database: Database, filters: Filters, after: Place | None, most: int
) -> tuple[list[Listed], Place | None]:
    """A page of cases after a place, as `list_cases`; a number is looked up by its index alone."""
    number = normal_number(filters.q) if filters.q else None
    if number is None:
        async with database.reading() as session:
            return await list_cases(session, database.vault, filters, after, most)
    one = await database.together(numbered, number)
    return ([one] if one and fits(one, filters, after) else []), None


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
        and all(case[name] == value for name, value in wanted.items())
        and (after is None or one.place > after)
    )
