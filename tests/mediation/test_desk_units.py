"""The desk of one unit and all below it: the list, its counts, its search and its ledger."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from openpyxl import load_workbook

from services.mediation.tables import CaseRow
from services.mediation.use_cases import scoping
from services.mediation.use_cases.allowing import Seen
from services.mediation.use_cases.desk import Count, Filters, count_cases, list_cases, tabs
from services.mediation.use_cases.finding import find_cases
from services.mediation.use_cases.tree import units_now
from shared.rights import EVERYWHERE, Reach, Role
from shared.work import Database
from tests.mediation.people import a_person, a_unit
from tests.mediation.searches import Books
from tests.mediation.test_trail_says_what import last
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    form_token,
    logged_in,
)

DESK, API, LEDGER = "/mediation/cases", "/mediation/api/v1/cases", "/mediation/cases.xlsx"
EVERY = {"head", "city", "county", "other"}
"""Where the cases lie: with the body itself, in a city, in a county of it, in another city."""


@dataclass(frozen=True)
class Land:
    """Units by name, and one open case in each and in the body itself."""

    units: Mapping[str, UUID]
    cases: Mapping[str, CaseRow]

    def among(self, page: httpx.Response) -> set[str]:
        """Where the cases lie that a page links."""
        return {name for name, case in self.cases.items() if f"/{case.number}" in page.text}

    def named(self, numbers: Any) -> set[str]:
        """Where the cases of these numbers lie."""
        return {name for name, case in self.cases.items() if case.number in numbers}


@pytest.fixture
async def land(database: Database) -> Land:
    city = await a_unit(database, "city", region="510900")
    county = await a_unit(database, "county", city, region="510903")
    other = await a_unit(database, "other", region="510100")
    regions = {"head": "110101", "city": "510921", "county": "510903", "other": "510104"}
    cases = {name: await a_case(database, region=region) for name, region in regions.items()}
    return Land({"city": city, "county": county, "other": other}, cases)


@pytest.fixture
async def chief(stranger: httpx.AsyncClient, database: Database) -> Colleague:
    """The secretary-general of the body, logged in."""
    return await logged_in(stranger, database, "he", role="secretary_general")


def reach_of(name: str, city: UUID, own: UUID) -> Reach:
    """How far the reader of a test reaches."""
    parts: dict[str, Reach] = {
        "everything": EVERYWHERE,
        "the city and below": Reach(subtrees=frozenset({("main", f"/{city.hex}/")})),
        "the city alone": Reach(units=frozenset({("main", city)})),
    }
    mine = Reach(owners=frozenset({("main", own)}))
    return parts.get(name) or parts["the city alone"] | mine


@pytest.mark.parametrize("walked", [20, 0], ids=["one by one", "in one walk"])
@pytest.mark.parametrize(
    ("reach", "unit", "expected"),
    [
        ("everything", "city", {"city", "county"}),
        ("everything", "county", {"county"}),
        ("everything", "other", {"other"}),
        ("the city and below", "city", {"city", "county"}),
        ("the city and below", "other", set()),
        ("the city alone", "city", {"city"}),
        ("the city alone", "county", set()),
        ("the city and own cases", "other", {"other"}),
        ("the city and own cases", "city", {"city"}),
        ("the city and own cases", "county", set()),
    ],
)
async def test_the_desk_of_a_unit_has_what_lies_below_it_as_far_as_the_reader_reaches(  # noqa: PLR0913 - a reach, a unit, what is found, and how it is walked
    database: Database,
    land: Land,
    monkeypatch: pytest.MonkeyPatch,
    *,
    walked: int,
    reach: str,
    unit: str,
    expected: set[str],
) -> None:
    monkeypatch.setattr(scoping, "MOST_WALKS", walked)
    own = await a_person(database, "own", Role.MEDIATOR, unit=land.units["city"])
    async with database.work() as work:
        for name in ("city", "other"):
            (await work.session.get_one(CaseRow, land.cases[name].id)).assignee = own.id
    async with database.reading() as session:
        seen = Seen(reach_of(reach, land.units["city"], own.id), await units_now(session))
        asked = Filters(("main", "demo"), seen, unit=land.units[unit])
        page, _ = await list_cases(session, database.vault, asked, None)
        counted = await count_cases(session, database.vault, asked)
        states = await tabs(session, database.vault, asked, date(2026, 6, 23))
    assert land.named([one.case["number"] for one in page]) == expected
    assert counted == states["registered"] == Count(len(page), more=False)
    assert len(page) == len(expected)
    for name, case in land.cases.items():
        found = await find_cases(database, replace(asked, q=case.number), None, 50)
        assert len(found.cases) == (name in expected)


async def test_over_the_api_a_foreign_unit_answers_as_one_that_does_not_exist(
    land: Land, chief: Colleague, database: Database
) -> None:
    async def numbers(unit: UUID) -> set[str]:
        answer = await chief.client.get(f"{API}?unit={unit}")
        assert (answer.status_code, answer.json()["next"]) == (200, None)
        return land.named([one["number"] for one in answer.json()["items"]])

    assert await numbers(land.units["city"]) == {"city", "county"}
    far = await a_unit(database, "far", body="demo")
    await a_case(database, body="demo")
    known, unknown = [
        (await chief.client.get(f"{API}?unit={one}")).json() for one in (far, uuid4())
    ]
    assert known == unknown == {"items": [], "next": None}
    wrong = await chief.client.get(f"{API}?unit=suining")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/query/unit")


async def test_the_page_follows_the_unit_with_its_tabs_its_search_and_its_ledger(
    land: Land, chief: Colleague, database: Database
) -> None:
    city = land.units["city"]
    whole = await chief.client.get(f"{DESK}?unit=&state=open")
    assert land.among(whole) == EVERY
    page = await chief.client.get(f"{DESK}?unit={city}")
    assert land.among(page) == {"city", "county"}
    assert f'<option value="{city}" selected>city部门</option>' in page.text
    assert f'/mediation/cases?state=registered&amp;unit={city}"' in page.text
    assert re.search(r'registered&amp;unit=[^>]*>已登记 <span class="count">2<', page.text)
    assert '<td class="half" data-label="部门">county部门</td>' in page.text
    fields = {"form_token": form_token(page), "unit": str(city), "q": land.cases["other"].number}
    there = await chief.client.post(DESK, data=fields, follow_redirects=True)
    assert land.among(there) == set()
    assert f"unit={city}" in str(there.url)
    fields["q"] = land.cases["county"].number
    assert land.among(await chief.client.post(DESK, data=fields, follow_redirects=True)) == {
        "county"
    }
    ledger = await chief.client.get(f"{LEDGER}?unit={city}")
    rows = load_workbook(BytesIO(ledger.content))["台账"].iter_rows(min_row=2, values_only=True)
    assert land.named([row[0] for row in rows]) == {"city", "county"}
    said = await last(database, "case.exported")
    assert (said["unit"], said["rows"]) == (str(city), 2)


async def test_words_are_found_in_the_cases_of_the_unit_alone(
    database: Database, intake: IntakeInMemory, chief: Colleague
) -> None:
    books = Books(database, intake)
    city = await a_unit(database, "city", region="510900")
    here = await books.case({"region": "510903"})
    elsewhere = await books.case({"region": "510104"})
    assert await books.found("裂开") == [elsewhere.number, here.number]
    answer = await chief.client.get(f"{API}?unit={city}&q=裂开")
    assert [one["number"] for one in answer.json()["items"]] == [here.number]


async def test_a_unit_that_is_unknown_leaves_an_empty_desk_and_says_so(
    land: Land, chief: Colleague, database: Database
) -> None:
    far = await a_unit(database, "far", body="demo")
    for unit in (far, uuid4()):
        page = await chief.client.get(f"{DESK}?unit={unit}")
        assert land.among(page) == set()
        assert f'<option value="{unit}" selected>没有这个部门</option>' in page.text
        assert "far部门" not in page.text
