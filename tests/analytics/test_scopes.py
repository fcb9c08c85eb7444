"""Figures by units: everybody is told the numbers of what their right reaches, and no others."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import duckdb
import pytest

from services.analytics.domain.columns import COMPLAINTS, UNITS
from services.analytics.domain.facts import fold
from services.analytics.hearing import hear
from services.analytics.store.questions import Filters
from services.analytics.store.walls import home_of, walls
from shared.acting import Staff
from shared.events import UnitChanged, encode
from shared.rights import EVERYWHERE, Action, Grant, Reach, Rights, Role
from shared.settings import CommonSettings
from shared.units import Tree, Unit, path_of
from shared.vault import Vault
from tests.analytics import conftest
from tests.analytics.conftest import Analytics, analytics_on
from tests.analytics.histories import Story
from tests.analytics.test_dashboard import HOME
from tests.analytics.test_figures import FIGURES, rows
from tests.conftest import StandingClock

CITY, WARD, NEXT = UUID(int=11), UUID(int=12), UUID(int=13)
ABOVE = path_of("", CITY)
BELOW, BESIDE = path_of(ABOVE, WARD), path_of(ABOVE, NEXT)
ME = UUID(int=9)
SPOKEN = datetime(2026, 6, 1, 1, tzinfo=UTC)


def unit(one: UUID, path: str, code: str, parent: UUID | None = None, **facts: Any) -> UnitChanged:
    return UnitChanged(
        occurred_at=SPOKEN,
        unit_id=one,
        version=facts.get("version", 1),
        body="main",
        parent=parent,
        path=path,
        code=code,
        unit_name=facts.get("name"),
    )


def tree() -> list[bytes]:
    told = [
        unit(CITY, ABOVE, "city"),
        unit(WARD, BELOW, "ward", CITY),
        unit(NEXT, BESIDE, "next", CITY),
    ]
    return [encode(one) for one in told]


def town() -> list[Story]:
    """One with the city, two in the ward, three next to it, four with the body, one elsewhere."""
    lies = [CITY, WARD, WARD, NEXT, NEXT, NEXT, None, None, None, None]
    here = [
        Story(number).received().opened().assigned(one, ME if number == 1 else None)
        for number, one in enumerate(lies, 1)
    ]
    return [*here, Story(11, body="east").received().opened()]


def person(role: Role, body: str = "main", one: UUID | None = None, path: str = "") -> Staff:
    return Staff(ME, "lin", "林", role.value, body, one, (Grant(role, ME, body, one, path),))


PEOPLE = {
    "everywhere": person(Role.SECRETARY_GENERAL, ""),
    "house": person(Role.SECRETARY_GENERAL),
    "statistician": person(Role.STATISTICIAN, one=WARD, path=BELOW),
    "city": person(Role.LEADER, one=CITY, path=ABOVE),
    "ward": person(Role.MEDIATOR, one=WARD, path=BELOW),
    "desk": person(Role.MEDIATOR),
    "registrar": person(Role.REGISTRAR),
    "administrator": person(Role.ADMINISTRATOR),
}
TOLD = {"everywhere": 11, "house": 10, "statistician": 10, "city": 6, "ward": 2, "desk": 4}


@pytest.fixture
async def analytics(
    common: CommonSettings, vault: Vault, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Analytics]:
    monkeypatch.setattr(conftest, "PEOPLE", PEOPLE)
    async with analytics_on(common, vault, clock) as made:
        await made.publish(tree())
        await made.say(town())
        yield made


async def told(analytics: Analytics, who: str, **asked: str) -> tuple[int, dict[str, int]]:
    """How many complaints somebody is told of, and how many by unit."""
    async with analytics.client(who) as client:
        answer = await client.get(FIGURES, params={"by": "unit", **asked})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    return said["total"]["value"], {one["label"]: one["value"] for one in said["items"]}


async def test_everybody_is_told_what_their_right_reaches(analytics: Analytics) -> None:
    assert {who: (await told(analytics, who))[0] for who in TOLD} == TOLD
    assert (await told(analytics, "house"))[1] == {"未分派": 4, "next": 3, "ward": 2, "city": 1}
    assert (await told(analytics, "city"))[1] == {"next": 3, "ward": 2, "city": 1}
    assert (await told(analytics, "ward"))[1] == {"ward": 2}


async def test_a_unit_that_is_asked_for_counts_with_all_below_it(analytics: Analytics) -> None:
    whole = {"next": 3, "ward": 2, "city": 1}
    assert await told(analytics, "house", unit=str(CITY)) == (6, whole)
    assert await told(analytics, "house", unit=str(WARD)) == (2, {"ward": 2})
    assert await told(analytics, "house", unit="") == (10, (await told(analytics, "house"))[1])


async def test_asking_for_a_unit_out_of_reach_tells_nothing(analytics: Analytics) -> None:
    assert await told(analytics, "ward", unit=str(NEXT)) == (0, {})
    assert await told(analytics, "ward", unit=str(CITY)) == (2, {"ward": 2})
    assert await told(analytics, "desk", unit=str(CITY)) == (0, {})
    assert await told(analytics, "ward", body="east") == (0, {})


async def test_tables_and_pages_keep_to_the_same_reach(analytics: Analytics) -> None:
    async with analytics.client("ward") as client:
        table = await client.get("/analytics/figures.csv", params={"by": "unit"})
        page = await client.get(HOME, headers={"Accept": "text/html"})
    assert rows(table.text)[1:] == [[str(WARD), "ward", "2"]]
    assert ">ward<" in page.text
    assert ">next<" not in page.text
    assert ">city<" not in page.text


@pytest.mark.parametrize("who", ["registrar", "administrator"])
@pytest.mark.parametrize("path", [FIGURES, "/analytics/figures.csv", HOME])
async def test_who_has_no_right_to_figures_is_told_none(
    analytics: Analytics, who: str, path: str
) -> None:
    async with analytics.client(who) as client:
        answer = await client.get(path)
    assert answer.status_code == 403
    assert "收到件数" not in answer.text


async def test_a_case_that_moves_is_counted_where_it_lies_now(analytics: Analytics) -> None:
    moved = Story(2).received().opened().assigned(WARD).assigned(NEXT)
    await analytics.say([moved])
    assert (await told(analytics, "house"))[1] == {"未分派": 4, "next": 4, "ward": 1, "city": 1}
    assert (await told(analytics, "ward"))[0] == 1


async def test_a_unit_that_moves_takes_its_figures_along(analytics: Analytics) -> None:
    await analytics.publish([encode(unit(NEXT, path_of("", NEXT), "next", version=2))])
    await analytics.settle()
    assert (await told(analytics, "city"))[0] == 3


def test_units_told_in_any_order_and_twice_are_the_same() -> None:
    events = [unit(WARD, BELOW, "old"), unit(WARD, BESIDE, "new", CITY, version=2)]
    for order in permutations([*events, *events]):
        found = fold(hear([encode(one) for one in order]).told)
        assert found.complaints == {}
        assert found.units == {
            WARD: {
                "unit_id": WARD,
                "unit_version": 2,
                "unit_body": "main",
                "parent": CITY,
                "path": BESIDE,
                "code": "new",
                "unit_name": None,
                "ended": False,
            }
        }


def test_only_who_reaches_one_body_has_a_home() -> None:
    assert home_of(Reach(bodies=frozenset({"demo"}))) == "demo"
    assert home_of(Reach(units=frozenset({("main", None), ("main", WARD)}))) == "main"
    assert home_of(Reach(bodies=frozenset({"demo", "main"}))) == ""
    assert home_of(Reach(bodies=frozenset({""}))) == ""
    assert home_of(EVERYWHERE) == ""
    assert Filters().home == ""


PLACES = [
    (body, one, owner)
    for body in ("main", "east")
    for one in (None, CITY, WARD, NEXT)
    for owner in (None, ME)
]


def known(connection: duckdb.DuckDBPyConnection) -> None:
    """The columns that the condition reads, with every place there is."""
    connection.execute("CREATE TABLE c (body VARCHAR, case_body VARCHAR, unit VARCHAR,"
                       " assignee VARCHAR)")  # fmt: skip
    for body, one, owner in PLACES:
        values = [body, None, str(one) if one else None, str(owner) if owner else None]
        connection.execute("INSERT INTO c VALUES (?, ?, ?, ?)", values)
    connection.execute("CREATE TABLE units (unit_id UUID, unit_body VARCHAR, path VARCHAR)")
    for one, path in ((CITY, ABOVE), (WARD, BELOW), (NEXT, BESIDE)):
        connection.execute("INSERT INTO units VALUES (?, 'main', ?)", [one, path])


@pytest.mark.parametrize("role", list(Role))
def test_the_condition_finds_exactly_what_the_rule_admits(role: Role) -> None:
    rule = Tree(
        (
            Unit(CITY, "main", ABOVE, "city"),
            Unit(WARD, "main", BELOW, "ward", CITY),
            Unit(NEXT, "main", BESIDE, "next", CITY),
        )
    )
    connection = duckdb.connect()
    known(connection)
    for grant in (Grant(role, ME, "main", WARD, BELOW), Grant(role, ME, "main"), Grant(role, ME)):
        for action in Action:
            reach = Rights((grant,)).reach(action)
            wall = walls(reach)
            statement = f"SELECT body, unit, assignee FROM c WHERE {wall.text}"  # noqa: S608 - ours
            found = set(connection.execute(statement, wall.values).fetchall())
            admitted = {
                (body, str(one) if one else None, str(owner) if owner else None)
                for body, one, owner in PLACES
                if reach.admits(rule.place(body, one, owner))
            }
            assert found == admitted, (grant, action)
    connection.close()


def test_every_column_the_walls_need_is_among_the_facts() -> None:
    assert {"unit", "assignee", "placed_version"} <= set(COMPLAINTS.columns)
    assert {"unit_id", "unit_body", "path"} <= set(UNITS.columns)
