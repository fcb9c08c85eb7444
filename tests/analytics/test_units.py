"""Units have names in figures, and a chart of what lies in their hands, within one's reach."""

import csv
import re
from collections.abc import AsyncGenerator, Iterable
from datetime import date
from uuid import UUID

import pytest

from services.analytics.domain.units import Unit, names_of
from shared.events import UnitChanged, encode
from shared.settings import CommonSettings
from shared.units import path_of
from shared.vault import Vault
from tests.analytics import conftest
from tests.analytics.conftest import Analytics, analytics_on
from tests.analytics.histories import Story
from tests.analytics.test_scopes import (
    ABOVE,
    BELOW,
    BESIDE,
    CITY,
    NEXT,
    PEOPLE,
    SPOKEN,
    WARD,
    told,
    unit,
)
from tests.conftest import StandingClock

LATE, TODAY = date(2026, 6, 22), date(2026, 6, 23)


def test_units_are_called_by_their_names_or_else_by_their_codes() -> None:
    units = [Unit("1", "south", "南城分会"), Unit("2", "north", "")]
    assert names_of(units) == {"1": "南城分会", "2": "north"}
    assert names_of([]) == {}


def test_units_of_one_name_are_told_apart_by_what_is_above_them_or_by_their_codes() -> None:
    units = [
        Unit("1", "a", "第一医院"), Unit("2", "b", "第二医院"), Unit("3", "a1", "投诉科", "1"),
        Unit("4", "b1", "投诉科", "2"), Unit("5", "b2", "投诉科", "2"), Unit("6", "c", "投诉科"),
        Unit("7", "d", "护理部", "1"), Unit("8", "e", "护理部", "missing"),
    ]  # fmt: skip
    assert names_of(units) == {
        "1": "第一医院",
        "2": "第二医院",
        "3": "第一医院 · 投诉科",
        "4": "投诉科 (b1)",
        "5": "投诉科 (b2)",
        "6": "投诉科",
        "7": "第一医院 · 护理部",
        "8": "护理部",
    }


def tree() -> Iterable[UnitChanged]:
    yield unit(CITY, ABOVE, "city", name="临江市分会")
    yield unit(WARD, BELOW, "ward", CITY, name="临江市城东站")
    yield unit(NEXT, BESIDE, "next", CITY, name="临江市城西站")


def open_case(number: int, lies: UUID | None, due: date) -> Story:
    unit = str(lies) if lies else None
    return Story(number).received().opened(unit=unit, due_on=due, due_for="accept")


def town() -> list[Story]:
    """Three in the ward, one of them late and one closed; one next to it; one in no unit, late."""
    closed = Story(5).received().opened().assigned(WARD).refused()
    return [
        open_case(1, WARD, LATE),
        open_case(2, WARD, TODAY),
        open_case(3, NEXT, TODAY),
        open_case(4, None, LATE),
        closed,
    ]


@pytest.fixture
async def analytics(
    common: CommonSettings, vault: Vault, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Analytics]:
    monkeypatch.setattr(conftest, "PEOPLE", PEOPLE)
    async with analytics_on(common, vault, clock) as made:
        await made.publish([encode(one) for one in tree()])
        await made.say(town())
        yield made


async def page(analytics: Analytics, who: str, query: str = "", language: str = "zh-CN") -> str:
    async with analytics.client(who) as client:
        headers = {"Accept": "text/html", "Accept-Language": language}
        answer = await client.get("/analytics/" + query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def chart(text: str) -> str:
    """The panel of what lies in the units' hands."""
    begins = text.index('aria-labelledby="figure-unit"')
    return text[begins : text.index("</figure>", begins)]


def bars(panel: str) -> dict[str, str]:
    """Label -> what stands at the end of its bar."""
    words = re.findall(r'<text class="(?:name|value)"[^>]*>([^<]*)</text>', panel)[2:]
    return dict(zip(words[::2], words[1::2], strict=True))


def table(panel: str) -> dict[str, tuple[str, str]]:
    row = r'<th scope="row">(.*?)</th><td class="num">(\d+)</td><td class="num">(\d+)</td>'
    return {name: (whole, late) for name, whole, late in re.findall(row, panel)}


async def test_figures_name_the_units(analytics: Analytics) -> None:
    assert (await told(analytics, "house"))[1] == {
        "临江市城东站": 3, "临江市城西站": 1, "未分派": 1,
    }  # fmt: skip


async def test_exports_name_the_units(analytics: Analytics) -> None:
    async with analytics.client("house") as client:
        query = "measure=open&measure=overdue&by=unit"
        answer = await client.get(f"/analytics/figures.csv?{query}")
    lines = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert lines == [
        ["unit", "承办单位", "在办件数", "超期件数"],
        [str(WARD), "临江市城东站", "2", "1"],
        ["", "未分派", "1", "1"],
        [str(NEXT), "临江市城西站", "1", "0"],
    ]


async def test_filters_name_the_units_in_order_of_their_names(analytics: Analytics) -> None:
    text = await page(analytics, "house", f"?unit={WARD}")
    assert re.findall(r'<option value="(?:[0-9a-f-]{36})"[^>]*>(.*?)</option>', text) == [
        "临江市城东站", "临江市城西站",
    ]  # fmt: skip
    assert f'<option value="{WARD}" selected>临江市城东站</option>' in text


async def test_a_unit_that_is_renamed_has_its_new_name_at_once(analytics: Analytics) -> None:
    renamed = unit(WARD, BELOW, "ward", CITY, version=2, name="临江市江东站")
    await analytics.publish([encode(renamed)])
    await analytics.settle()
    assert "临江市江东站" in (await told(analytics, "house"))[1]
    nameless = unit(WARD, BELOW, "ward", CITY, version=3)
    await analytics.publish([encode(nameless)])
    await analytics.settle()
    assert "ward" in (await told(analytics, "house"))[1]


async def test_what_was_said_before_units_had_names_is_still_read(analytics: Analytics) -> None:
    old = UnitChanged(
        occurred_at=SPOKEN, unit_id=UUID(int=99), version=1, body="main", code="old",
        path=path_of("", UUID(int=99)),
    )  # fmt: skip
    body = encode(old).replace(b'"unit_name":null,', b"")
    assert b"unit_name" not in body
    await analytics.publish([body])
    await analytics.say([open_case(9, UUID(int=99), TODAY)])
    assert (await told(analytics, "house"))[1]["old"] == 1


async def test_the_chart_shows_what_is_open_and_late_in_each_unit(analytics: Analytics) -> None:
    panel = chart(await page(analytics, "house"))
    assert bars(panel) == {"临江市城东站": "2，超期1", "未分派": "1，超期1", "临江市城西站": "1"}
    assert table(panel) == {
        "临江市城东站": ("2", "1"), "未分派": ("1", "1"), "临江市城西站": ("1", "0"),
    }  # fmt: skip
    english = chart(await page(analytics, "house", language="en"))
    assert bars(english)["临江市城东站"] == "2, 1 overdue"


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("city", {"临江市城东站": "2，超期1", "临江市城西站": "1"}),
        ("ward", {"临江市城东站": "2，超期1"}),
        ("statistician", {"临江市城东站": "2，超期1", "未分派": "1，超期1", "临江市城西站": "1"}),
    ],
)
async def test_everybody_sees_the_units_that_their_right_reaches_and_no_other(
    analytics: Analytics, who: str, expected: dict[str, str]
) -> None:
    text = await page(analytics, who)
    assert bars(chart(text)) == expected
    for name in {"临江市城东站", "临江市城西站"} - set(expected):
        assert name not in text


async def test_who_sees_no_unit_sees_no_chart_of_units(analytics: Analytics) -> None:
    text = await page(analytics, "desk")
    assert 'aria-labelledby="figure-unit"' not in text
    assert "临江市" not in text


async def test_what_is_in_hand_is_of_now_whatever_period_is_asked_for(
    analytics: Analytics,
) -> None:
    old = chart(await page(analytics, "house", "?from=2026-06-01&to=2026-06-01"))
    assert bars(old) == bars(chart(await page(analytics, "house")))
    assert "from=" not in old
    phone = await page(analytics, "house", "?channel=phone")
    assert 'aria-labelledby="figure-unit"' not in phone
