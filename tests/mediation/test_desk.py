"""The desk's own queries: bounded walks, capped counts."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.mediation.use_cases.desk import (
    Count,
    Filters,
    count_cases,
    counting,
    list_cases,
    listing,
    tabs,
)
from services.mediation.use_cases.finding import find_cases
from services.mediation.use_cases.words import keep_words
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import a_case, a_colleague, walk

BOTH = ("main", "demo")


async def test_a_rare_channel_is_found_page_by_page_and_nothing_is_lost(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in (listing, counting):
        monkeypatch.setattr(part, "WINDOW", 3)
    wanted = []
    for day in range(12):
        rare = day in {1, 7, 11}
        case = await a_case(
            database,
            received_at=clock.now - timedelta(days=60 - 3 * day),
            channel="fax" if rare else "web",
            body=BOTH[day % 2],
        )
        wanted += [case.number] if rare else []
    seen, place, pages = [], None, 0
    while True:
        async with database.reading() as session:
            filters = Filters(BOTH, channel="fax")
            rows, place = await list_cases(session, database.vault, filters, place, 2)
        seen += [one.case["number"] for one in rows]
        pages += 1
        if place is None:
            break
    assert seen == wanted
    assert pages <= 5


async def test_a_number_is_found_only_within_the_other_filters(database: Database) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database, channel="fax"), lin, "take", "accept")
    async with database.work() as work:
        await keep_words(work, {case.id: {"matter": {"subject": "餐桌开裂"}}})
    day, ended = date(2026, 6, 29), await walk(database, await a_case(database), lin, "refuse")
    fitting: list[dict[str, Any]] = [
        {}, {"state": "open"}, {"state": "all"}, {"state": "accepted"}, {"channel": "fax"},
        {"kind": "complaint"}, {"assignee": lin.id}, {"due_before": day + timedelta(days=1)},
    ]  # fmt: skip
    others: list[dict[str, Any]] = [
        {"bodies": ("demo",)}, {"state": "closed"}, {"channel": "web"}, {"kind": "report"},
        {"assignee": uuid4()}, {"due_before": day}, {"q": "260622-ZZZZZZZZZ"},
    ]  # fmt: skip
    for given in [*fitting, *others]:
        filters = Filters(**{"bodies": BOTH, "q": case.number.lower()} | given)
        found, place = await find_cases(database, filters, None, 10)
        async with database.reading() as session:
            listed, _ = await list_cases(session, database.vault, filters, None, 10)
        assert [one.case["number"] for one in found] == [case.number] * (given in fitting), given
        assert (found, place) == (listed, None)
        assert all(one.words["matter"]["subject"] == "餐桌开裂" for one in found)
    for due_on, there in ((date(2026, 6, 28), 1), (date(2026, 6, 30), 0)):
        asked = Filters(BOTH, q=case.number)
        assert len((await find_cases(database, asked, (due_on, case.id), 10))[0]) == there
    closed = Filters(BOTH, q=ended.number, state="open")
    assert await find_cases(database, closed, None, 10) == ([], None)


async def test_counts_stop_where_nobody_needs_to_know_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await a_case(database)
    async with database.reading() as session:
        assert await count_cases(session, database.vault, Filters(BOTH)) == Count(3, more=False)
        assert await count_cases(session, database.vault, Filters(())) == Count(0, more=False)
        one = Filters(BOTH, channel="fax")
        assert await count_cases(session, database.vault, one) == Count(0, more=False)
        monkeypatch.setattr(counting, "MOST_COUNTED", 2)
        assert await count_cases(session, database.vault, Filters(BOTH)) == Count(2, more=True)


async def test_the_tabs_count_each_state_and_what_is_overdue(
    database: Database, clock: StandingClock
) -> None:
    lin = await a_colleague(database)
    await a_case(database, received_at=clock.now - timedelta(days=40))
    await walk(database, await a_case(database), lin, "accept")
    await walk(database, await a_case(database), lin, "refuse")
    async with database.reading() as session:
        found = await tabs(session, database.vault, Filters(BOTH), date(2026, 6, 23))
    assert {name: one.number for name, one in found.items() if one.number} == {
        "registered": 1,
        "accepted": 1,
        "overdue": 1,
    }
