"""Figures: exact values of a small town's complaints, by every edge they leave by."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from services.analytics.domain.figures import COUNTS, DIMENSIONS, MEASURES, RATIOS, percentage
from services.analytics.labels import DIMENSIONS as NAMED_DIMENSIONS
from services.analytics.labels import MEASURES as NAMED
from tests.analytics.conftest import Analytics
from tests.analytics.histories import Story
from tests.conftest import StandingClock

FIGURES = "/analytics/api/v1/figures"


def town() -> list[Story]:
    """Seven complaints received on 1 June 2026, and one of the demonstration."""
    agreed = Story(1).received().opened(unit="south").accepted()
    agreed.days_later(2).forwarded().letter_prepared().letter_sent().days_later(2)
    agreed.replied().agreed().closed(recovered_fen=12_900)
    failed = Story(2).received(channel="phone").opened(unit="south").accepted()
    failed.days_later(2).forwarded().letter_prepared().letter_failed()
    failed.days_later(10).replied(in_time=False).failed().closed("failed")
    reopened = Story(3).received(channel="phone").opened().accepted().agreed().closed()
    reopened.days_later(1).reopened()
    refused = Story(4).received(category="services_social").opened().refused()
    late = Story(5).received().opened(due_on=date(2026, 6, 10), due_for="accept")
    waiting = Story(6).received(kind="report").opened(due_on=date(2026, 6, 23), due_for="accept")
    unheard = Story(7).received(category=None)
    shown = Story(8, body="demo").received().opened().accepted()
    return [agreed, failed, reopened, refused, late, waiting, unheard, shown]


async def ask(analytics: Analytics, **asked: str) -> Any:
    async with analytics.client() as client:
        answer = await client.get(FIGURES, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_every_measure_counts_exactly_what_its_definition_says(analytics: Analytics) -> None:
    await analytics.say(town())
    counted = {name: (await ask(analytics, measure=name))["total"]["value"] for name in COUNTS}
    assert counted == {
        "received": 7, "accepted": 3, "refused": 1, "forwarded": 2, "replied": 2,
        "replied_in_time": 1, "agreed": 1, "failed": 1, "withdrawn": 0, "closed": 3, "open": 4,
        "overdue": 1, "recovered": 12_900, "letters_prepared": 2, "letters_sent": 1,
        "letters_failed": 1,
    }  # fmt: skip


async def test_a_refusal_is_closed_until_it_is_taken_up_again(analytics: Analytics) -> None:
    refused = Story(1).received().opened().days_later(1).refused()
    await analytics.say([refused])

    async def counted() -> list[int]:
        names = ("received", "open", "closed", "refused")
        return [(await ask(analytics, measure=name))["total"]["value"] for name in names]

    assert await counted() == [1, 0, 1, 1]
    by_day = (await ask(analytics, measure="closed", by="day"))["items"]
    assert [one["key"] for one in by_day] == ["2026-06-02"]
    taken_up = Story(1).received().opened().days_later(1).refused().days_later(1).reopened()
    await analytics.say([taken_up])
    assert await counted() == [1, 1, 0, 0]


async def test_a_rate_shows_its_numerator_and_its_denominator(analytics: Analytics) -> None:
    await analytics.say(town())
    rates = {name: (await ask(analytics, measure=name))["total"] for name in RATIOS}
    shown = {n: (one["value"], one["numerator"], one["denominator"]) for n, one in rates.items()}
    assert shown == {
        "closing_rate": (66.67, 2, 3),
        "agreement_rate": (33.33, 1, 3),
        "reply_rate": (50.0, 1, 2),
    }


async def test_nothing_has_no_rate(analytics: Analytics) -> None:
    total = (await ask(analytics, measure="closing_rate"))["total"]
    assert total == {"key": "", "label": "", "value": None, "numerator": 0, "denominator": 0}


async def test_figures_are_told_apart_by_day_channel_category_unit_kind_and_state(
    analytics: Analytics,
) -> None:
    await analytics.say(town())

    async def by(dimension: str, measure: str = "received") -> list[tuple[str, str, int]]:
        items = (await ask(analytics, measure=measure, by=dimension))["items"]
        return [(one["key"], one["label"], one["value"]) for one in items]

    assert await by("day", "closed") == [
        ("2026-06-01", "2026-06-01", 1), ("2026-06-05", "2026-06-05", 1),
        ("2026-06-13", "2026-06-13", 1),
    ]  # fmt: skip
    assert await by("month", "letters_sent") == [("2026-06", "2026-06", 1)]
    assert await by("channel") == [("web", "网站", 5), ("phone", "来电", 2)]
    assert await by("category") == [
        ("goods_daily", "日用商品类", 5), ("", "没有填写", 1),
        ("services_social", "生活、社会服务类", 1),
    ]  # fmt: skip
    assert await by("unit") == [("", "未分派", 5), ("south", "south", 2)]
    assert await by("unit", "letters_sent") == [("south", "south", 1)]
    assert await by("kind") == [("complaint", "投诉", 6), ("report", "举报", 1)]
    assert await by("state") == [
        ("closed", "结案", 3), ("registered", "已登记", 2), ("", "还没有立案", 1),
        ("accepted", "已受理", 1),
    ]  # fmt: skip
    assert await by("body") == [("main", "本会", 7)]
    assert await by("outcome", "closed") == [
        ("agreed", "达成协议", 1), ("failed", "调解不成", 1), ("refused", "不予受理", 1),
    ]  # fmt: skip


async def test_filters_take_days_inclusively_and_codes_exactly(analytics: Analytics) -> None:
    await analytics.say(town())

    async def total(**asked: str) -> int:
        return int((await ask(analytics, **asked))["total"]["value"])

    days = {"from": "2026-06-05", "to": "2026-06-13"}
    assert await total(measure="closed", **days) == 2
    assert await total(measure="closed", **days | {"to": "2026-06-12"}) == 1
    assert await total(measure="received", **days) == 0
    assert await total(measure="received", channel="phone") == 2
    assert await total(measure="received", channel="phone", unit="south") == 1
    assert await total(measure="received", channel="pho") == 0
    assert await total(measure="received", category="services_social", kind="complaint") == 1
    assert await total(measure="letters_sent", channel="web") == 1
    assert await total(measure="received", channel="", unit="") == 7


async def test_the_demonstration_is_in_nobodys_figures_but_its_own(analytics: Analytics) -> None:
    await analytics.say(town())
    assert (await ask(analytics, body="demo"))["total"]["value"] == 1
    assert (await ask(analytics, body="main"))["total"]["value"] == 7


async def test_overdue_begins_the_day_after_the_legal_day(
    analytics: Analytics, clock: StandingClock
) -> None:
    await analytics.say(town())
    assert (await ask(analytics, measure="overdue"))["total"]["value"] == 1
    clock.move(hours=11, minutes=59)
    assert (await ask(analytics, measure="overdue"))["total"]["value"] == 1
    clock.move(minutes=1)
    assert (await ask(analytics, measure="overdue", by="day"))["items"] == [
        {"key": day, "label": day, "value": 1, "numerator": None, "denominator": None}
        for day in ("2026-06-10", "2026-06-23")
    ]


async def test_the_answer_names_its_measure_in_the_readers_language(analytics: Analytics) -> None:
    await analytics.say(town())
    answer = await ask(analytics, measure="closing_rate", by="channel", channel="web")
    assert answer["name"] == "结案率"
    assert answer["definition"] == "结案件数 ÷ 受理件数，都只算这段时间收到的件。"
    assert (answer["unit"], answer["filters"]) == ("percent", {"channel": "web"})
    assert (answer["from"], answer["to"], answer["next"]) == (None, None, None)
    assert (answer["waiting"], answer["rebuilding"]) == (0, False)
    assert answer["as_of"] == "2026-06-23T04:00:00Z"
    async with analytics.client() as client:
        english = await client.get(FIGURES, headers={"Accept-Language": "en"})
    assert english.json()["name"] == "Received"


async def test_csv_opens_in_a_spreadsheet_and_holds_no_formula(analytics: Analytics) -> None:
    evil = Story(9).received().opened(unit='=HYPERLINK("http://x.invalid")')
    await analytics.say([*town(), evil])
    async with analytics.client() as client:
        answer = await client.get(FIGURES, params={"by": "unit"}, headers={"Accept": "text/csv"})
        several = await client.get(
            "/analytics/figures.csv",
            params={"measure": ["received", "closing_rate"], "by": "channel"},
        )
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (
        answer.headers["content-disposition"] == 'attachment; filename="figures-received-unit.csv"'
    )
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert rows(answer.text) == [
        ["unit", "承办单位", "收到件数"],
        ["", "未分派", "5"],
        ["south", "south", "2"],
        ['\'=HYPERLINK("http://x.invalid")', '\'=HYPERLINK("http://x.invalid")', "1"],
    ]
    assert rows(several.text) == [
        ["channel", "渠道", "收到件数", "结案率（%）", "结案件数", "受理件数"],
        ["web", "网站", "6", "100.00", "1", "1"],
        ["phone", "来电", "2", "50.00", "1", "2"],
    ]


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    ("asked", "pointer", "words"),
    [
        ({"measure": "happiness"}, "/measure", "没有这个指标，可用的有："),
        ({"by": "weather"}, "/by", "不能按这一项分组，可用的有："),
        ({"from": "2026-06-02", "to": "2026-06-01"}, "/to", "结束日期早于开始日期"),
    ],
)
async def test_a_question_that_cannot_be_answered_says_what_to_mend(
    analytics: Analytics, asked: dict[str, str], pointer: str, words: str
) -> None:
    async with analytics.client() as client:
        answer = await client.get(FIGURES, params=asked)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert words in error["detail"]


@pytest.mark.parametrize("asked", [{"from": "yesterday"}, {"colour": "red"}, {"to": "0001-01-01"}])
async def test_a_wrong_day_and_an_unknown_filter_are_refused_by_name(
    analytics: Analytics, asked: dict[str, str]
) -> None:
    async with analytics.client() as client:
        answer = await client.get(FIGURES, params=asked)
    assert answer.status_code == 422
    assert next(iter(asked)) in answer.text


async def test_strangers_see_no_figures(analytics: Analytics) -> None:
    async with analytics.client(logged_in=False) as client:
        assert (await client.get(FIGURES)).status_code == 401
        assert (await client.get("/analytics/figures.csv")).status_code in (303, 401)


def test_every_measure_and_every_dimension_has_a_name() -> None:
    assert set(NAMED) == set(MEASURES)
    assert set(NAMED_DIMENSIONS) == set(DIMENSIONS)
    for ratio in RATIOS.values():
        assert {ratio.numerator, ratio.denominator} <= set(COUNTS)


def test_percentages_are_rounded_half_up_to_two_decimals() -> None:
    assert percentage(465, 490) == Decimal("94.90")
    assert percentage(449_786, 551_780) == Decimal("81.52")
    assert percentage(1, 80_000) == Decimal("0.00")
    assert percentage(1, 20_000) == Decimal("0.01")
    assert percentage(0, 0) is None


@pytest.mark.parametrize("removed", ["at the end", "before anything else is heard"])
async def test_what_was_taken_out_again_is_in_no_figure(analytics: Analytics, removed: str) -> None:
    shown = Story(10, body="demo").received().opened().accepted()
    shown.days_later(1).forwarded().letter_prepared().letter_sent()
    other = Story(9, body="demo").received().opened().accepted()
    shown.removed()
    if removed != "at the end":
        shown.events.reverse()
    await analytics.say([*town(), shown, other])
    for measure in ("received", "accepted", "forwarded", "letters_prepared", "letters_sent"):
        left = await ask(analytics, measure=measure, body="demo")
        town_has = 2 if measure in {"received", "accepted"} else 0
        assert left["total"]["value"] == town_has, measure
