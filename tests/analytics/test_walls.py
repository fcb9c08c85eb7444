"""Whoever works for one body sees its figures alone, by every edge they leave by."""

import pytest

from shared.bodies import DEMO, MAIN
from tests.analytics.conftest import OF_DEMO, OF_MAIN, Analytics
from tests.analytics.histories import Story
from tests.analytics.test_dashboard import HOME, tiles
from tests.analytics.test_figures import FIGURES, rows
from tests.shared.webs import COOKIE

HTML = {"Accept": "text/html"}


def two_bodies() -> list[Story]:
    """Two complaints of the main body, three of another, one of the demonstration."""
    bodies = ["main", "main", "east", "east", "east", "demo"]
    return [
        Story(number, body=body).received().opened().accepted().letter_prepared().letter_sent()
        for number, body in enumerate(bodies, 1)
    ]


async def received(analytics: Analytics, cookie: str, **asked: str) -> tuple[int, list[str]]:
    """How many complaints somebody is told of, and of which bodies."""
    async with analytics.client(cookie) as client:
        answer = await client.get(FIGURES, params={"by": "body", **asked})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    return said["total"]["value"], sorted(one["key"] for one in said["items"])


async def test_staff_of_a_body_are_told_its_figures_and_administrators_all(
    analytics: Analytics,
) -> None:
    await analytics.say(two_bodies())
    assert await received(analytics, COOKIE) == (5, ["east", "main"])
    assert await received(analytics, COOKIE, body="east") == (3, ["east"])
    assert await received(analytics, COOKIE, body="demo") == (1, ["demo"])
    for measure in ("received", "accepted", "letters_sent", "open"):
        assert await received(analytics, OF_MAIN, measure=measure) == (2, ["main"])
        assert await received(analytics, OF_DEMO, measure=measure) == (1, ["demo"])
    assert await received(analytics, OF_MAIN, body="main") == (2, ["main"])


@pytest.mark.parametrize("body", ["east", "demo"])
async def test_asking_for_another_body_tells_nothing(analytics: Analytics, body: str) -> None:
    await analytics.say(two_bodies())
    assert await received(analytics, OF_MAIN, body=body) == (0, [])
    assert await received(analytics, OF_DEMO, body="main") == (0, [])
    async with analytics.client(OF_MAIN) as client:
        page = await client.get(f"{HOME}?body={body}", headers=HTML)
    assert page.status_code == 200
    assert "没有可以统计的投诉" in page.text


async def test_tables_to_keep_hold_the_figures_of_ones_own_body(analytics: Analytics) -> None:
    await analytics.say(two_bodies())
    head = ["body", "机构", "收到件数"]
    for path, headers in (("/analytics/figures.csv", {}), (FIGURES, {"Accept": "text/csv"})):
        for cookie, expected in (
            (COOKIE, [["east", "east", "3"], ["main", MAIN.short, "2"]]),
            (OF_MAIN, [["main", MAIN.short, "2"]]),
            (OF_DEMO, [["demo", DEMO.short, "1"]]),
        ):
            async with analytics.client(cookie) as client:
                params = {"measure": "received", "by": "body"}
                answer = await client.get(path, params=params, headers=headers)
            assert rows(answer.text) == [head, *expected]


async def test_the_dashboard_shows_ones_own_body_and_offers_no_other(analytics: Analytics) -> None:
    await analytics.say(two_bodies())
    shown = {}
    for cookie in (COOKIE, OF_MAIN, OF_DEMO):
        async with analytics.client(cookie) as client:
            page = (await client.get(HOME, headers=HTML)).text
        offers = 'name="body"' in page
        shown[cookie] = (tiles(page)["收到件数"][0], offers, "演示数据" in page)
    assert shown == {
        COOKIE: ("5", True, False), OF_MAIN: ("2", False, False), OF_DEMO: ("1", False, True),
    }  # fmt: skip


async def test_who_has_no_complaints_of_their_own_is_not_shown_the_demonstration(
    analytics: Analytics,
) -> None:
    await analytics.say([Story(8, body="demo").received()])
    async with analytics.client(OF_MAIN) as client:
        page = (await client.get(HOME, headers=HTML)).text
    assert "没有可以统计的投诉" in page
    assert DEMO.short not in page


async def test_the_chart_of_units_tells_bodies_apart(analytics: Analytics) -> None:
    await analytics.say(two_bodies())
    async with analytics.client() as client:
        page = (await client.get(HOME, headers=HTML)).text
    chart = page[page.index('id="figure-body"') :]
    assert chart.startswith('id="figure-body">各机构收到的投诉</h2>')
    assert f'<tr><th scope="row">{MAIN.short}</th><td class="num">2</td>' in chart
    assert "未分派" not in page
