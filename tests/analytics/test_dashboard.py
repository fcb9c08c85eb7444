"""The dashboard: what it shows, to whom, and in which language."""

import re

from shared.bodies import DEMO
from tests.analytics.conftest import Analytics
from tests.analytics.histories import MORNING, Story
from tests.analytics.test_figures import town

HOME = "/analytics/"


async def page(analytics: Analytics, query: str = "", language: str = "zh-CN") -> str:
    async with analytics.client() as client:
        headers = {"Accept": "text/html", "Accept-Language": language}
        answer = await client.get(HOME + query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def tiles(text: str) -> dict[str, tuple[str, str]]:
    """Name -> number and what stands below it."""
    found = re.findall(
        r"<div><dt>(.*?)</dt><dd>(.*?)</dd>(?:<dd class=\"of\">(.*?)</dd>)?</div>",
        text[text.index('<dl class="tiles">') : text.index("</dl>")],
    )
    return {name: (number, of) for name, number, of in found}


async def test_tiles_show_the_figures_with_what_they_are_made_of(analytics: Analytics) -> None:
    await analytics.say(town())
    assert tiles(await page(analytics)) == {
        "收到件数": ("7", "在办4件"),
        "受理件数": ("3", ""),
        "结案件数": ("3", "达成协议1件，调解不成1件，撤回0件，不予受理1件"),
        "超期件数": ("1", "期限正在走，最后一天已经过去"),
        "发出函件数": ("1", "制作2件，没有送出1件"),
        "结案率": ("66.67%", "结案件数 2 ÷ 受理件数 3"),
        "解决率": ("33.33%", "达成协议件数 1 ÷ 受理件数 3"),
        "按期答复率": ("50.00%", "按期答复件数 1 ÷ 转送件数 2"),
        "挽回损失": ("129<small> 元</small>", ""),
    }


async def test_every_chart_has_its_table_and_its_csv(analytics: Analytics) -> None:
    await analytics.say(town())
    text = await page(analytics)
    assert text.count('<svg class="chart"') == 6
    assert text.count('<details class="fold"><summary>看数字') == 6
    links = re.findall(r'href="(/analytics/figures\.csv[^"]*)"', text)
    assert len(links) == 6
    async with analytics.client() as client:
        for link in links:
            answer = await client.get(link.replace("&amp;", "&"))
            assert answer.status_code == 200
            assert answer.content.startswith(b"\xef\xbb\xbf")
    assert '<tr><th scope="row">6月1日</th><td class="num">7</td><td class="num">3</td>' in text
    assert '<tr><th scope="row">网站</th><td class="num">5</td><td class="num">1</td>' in text


async def test_filters_stand_in_the_address_and_come_back_in_the_form(analytics: Analytics) -> None:
    await analytics.say(town())
    text = await page(analytics, "?channel=phone&unit=south&from=2026-06-01&to=2026-06-30&kind=")
    assert tiles(text)["收到件数"] == ("1", "在办0件")
    assert '<option value="phone" selected>来电</option>' in text
    assert '<option value="south" selected>south</option>' in text
    assert 'name="from" value="2026-06-01"' in text
    assert "channel=phone" in text[text.index("figures.csv") :]


async def test_a_period_of_many_months_is_drawn_by_month(analytics: Analytics) -> None:
    await analytics.say(town())
    text = await page(analytics, "?from=2026-01-01&to=2026-12-31")
    assert "每月收到、受理和结案" in text
    assert '<tr><th scope="row">2026年6月</th><td class="num">7</td><td class="num">3</td>' in text
    assert "每年收到、受理和结案" in await page(analytics, "?grain=year")


async def test_old_complaints_are_shown_where_nothing_came_in_lately(analytics: Analytics) -> None:
    years_ago = Story(1).received()
    years_ago.events[0] = years_ago.events[0].model_copy(
        update={"received_at": years_ago.now.replace(year=2019)}
    )
    await analytics.say([years_ago])
    assert "2019年5月3日到2019年6月1日，件，和上面的数字是同一段时间" in await page(analytics)


def flow(text: str) -> list[tuple[str, ...]]:
    """The rows of the table behind the chart over time."""
    table = text[text.index('<table class="table small">') : text.index("</table>")]
    cell = r'<td class="num">([\d,]+)</td>'
    return re.findall(rf'<tr><th scope="row">(.*?)</th>{cell}{cell}{cell}</tr>', table)


def added_up(text: str) -> list[int]:
    return [sum(int(one) for one in column) for column in list(zip(*flow(text), strict=True))[1:]]


def counted(text: str) -> list[int]:
    return [int(tiles(text)[name][0]) for name in ("收到件数", "受理件数", "结案件数")]


def imported() -> list[Story]:
    """Complaints received in 2019 and 2020; two of them were accepted today, one is closed."""
    stories = []
    for number, year in ((30, 2019), (31, 2020), (32, 2020)):
        story = Story(number).received(received_at=MORNING.replace(year=year))
        story.days_later(22).opened()
        stories.append(story if number == 32 else story.accepted())
    stories[0].agreed().closed()
    return stories


async def test_chart_and_tiles_are_of_the_same_period(analytics: Analytics) -> None:
    await analytics.say(imported())
    text = await page(analytics)
    assert flow(text)[-8:] == [
        ("2019", "1", "0", "0"),
        ("2020", "2", "0", "0"),
        *((str(year), "0", "0", "0") for year in range(2021, 2026)),
        ("2026", "0", "2", "1"),
    ]
    assert "到2026年6月23日，件，和上面的数字是同一段时间" in text
    assert '<a href="/analytics/?grain=year" aria-current="true">按年</a>' in text
    lately = "/analytics/?grain=day&amp;from=2026-05-25&amp;to=2026-06-23"
    assert f'<a href="{lately}">按日（最后30天）</a>' in text
    for query in (
        "", "?grain=day", "?grain=month", "?grain=year", "?to=2020-12-31", "?from=2020-01-01",
        "?from=2020-01-01&to=2026-06-22&grain=day", "?from=2027-01-01", "?channel=web",
        lately.replace("&amp;", "&").removeprefix(HOME),
    ):  # fmt: skip
        shown = await page(analytics, query)
        if "没有可以统计的投诉" not in shown:
            assert added_up(shown) == counted(shown), query
    by_day = await page(analytics, lately.replace("&amp;", "&").removeprefix(HOME))
    assert counted(by_day) == [0, 2, 1]
    assert flow(by_day)[-1] == ("6月23日", "0", "2", "1")
    assert len(flow(by_day)) == 30


async def test_what_stands_below_the_closed_ones_adds_up_to_them(analytics: Analytics) -> None:
    begun = [Story(40).received().opened().accepted().agreed(), Story(41).received().withdrawn()]
    await analytics.say(begun)
    none = "达成协议0件，调解不成0件，撤回0件，不予受理0件"
    assert tiles(await page(analytics))["结案件数"] == ("0", none)
    lapsed = Story(42).received().opened().accepted().closed("lapsed")
    await analytics.say([*town(), begun[0].closed(), begun[1].closed("withdrawn"), lapsed])
    parts = "达成协议2件，调解不成1件，撤回1件，不予受理1件，其他1件"
    assert tiles(await page(analytics))["结案件数"] == ("6", parts)


async def test_an_empty_dashboard_says_what_to_do(analytics: Analytics) -> None:
    await analytics.settle()
    text = await page(analytics)
    assert "没有可以统计的投诉" in text
    assert 'href="/mediation/register"' in text
    assert "还没有数据" not in text
    assert '<svg class="chart"' not in text


async def test_only_fictitious_complaints_are_shown_as_such(analytics: Analytics) -> None:
    await analytics.say([Story(8, body="demo").received().opened().accepted()])
    text = await page(analytics)
    assert "演示数据" in text
    assert tiles(text)["收到件数"] == ("1", "在办1件")
    assert f'<option value="demo" selected>{DEMO.short}</option>' in text
    await analytics.say([Story(9).received()])
    text = await page(analytics)
    assert "演示数据" not in text
    assert tiles(text)["收到件数"] == ("1", "在办1件")


async def test_the_dashboard_speaks_english(analytics: Analytics) -> None:
    await analytics.say(town())
    text = await page(analytics, language="en")
    assert tiles(text)["Closing rate"] == ("66.67%", "Closed 2 ÷ Accepted 3")
    assert '<tr><th scope="row">1 Jun</th><td class="num">7</td>' in text
    chart = text[text.index('<svg class="chart"') : text.index("</svg>", text.index("<main"))]
    assert ">23 Jun</text>" in chart
    assert not re.search(r">\d{4}-\d\d", chart)
    by_month = await page(analytics, "?grain=month", language="en")
    assert ">Jun 2026</text>" in by_month
    body = re.sub(r'lang="zh-CN"[^<]*<', "", text[text.index("<main") : text.index("</main>")])
    assert not re.findall(r"[\u4e00-\u9fff]", body.replace(DEMO.short, "").replace("本会", ""))


async def test_the_dashboard_says_how_new_its_figures_are(analytics: Analytics) -> None:
    await analytics.say(town())
    assert "数据到6月23日 12:00" in await page(analytics)
    async with analytics.console() as console:
        await console.post("/internal/rebuild")
    assert "数据正在重新计算" in await page(analytics)


async def test_strangers_are_sent_to_log_in(analytics: Analytics) -> None:
    async with analytics.client(logged_in=False) as client:
        answer = await client.get(HOME, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/mediation/login")


async def refused(analytics: Analytics, query: str, language: str = "zh-CN") -> str:
    async with analytics.client() as client:
        headers = {"Accept": "text/html", "Accept-Language": language}
        answer = await client.get(HOME + query, headers=headers)
    assert answer.status_code == 422, answer.text
    return answer.text


async def test_a_period_that_ends_before_it_begins_is_said_beside_its_field(
    analytics: Analytics,
) -> None:
    await analytics.say(town())
    text = await refused(analytics, "?from=2026-06-02&to=2026-06-01&channel=phone")
    assert (
        '<p class="error small" id="filter-to-error">结束日期早于开始日期，请改其中一个。</p>'
        in text
    )
    assert 'type="date" id="filter-from" name="from" value="2026-06-02"' in text
    assert (
        'type="date" id="filter-to" name="to" value="2026-06-01" '
        'aria-invalid="true" aria-describedby="filter-to-error"'
    ) in text
    assert "筛选里填错的地方没有用上，下面的数字是去掉它以后的。" in text
    assert "全部日期" in text
    assert tiles(text)["收到件数"] == tiles(await page(analytics, "?channel=phone"))["收到件数"]
    assert "/to" not in text


async def test_a_day_that_is_none_stays_as_it_was_typed_and_the_other_filters_hold(
    analytics: Analytics,
) -> None:
    await analytics.say(town())
    text = await refused(analytics, "?from=2026-02-30&to=2026-06-30&channel=phone")
    assert (
        '<p class="error small" id="filter-from-error">要是存在的日期，写成 2026-11-01 的样子。</p>'
    ) in text
    assert 'type="text" id="filter-from" name="from" value="2026-02-30"' in text
    assert 'type="date" id="filter-to" name="to" value="2026-06-30"' in text
    assert "到2026年6月30日" in text
    assert '<option value="phone" selected>来电</option>' in text
    assert tiles(text)["收到件数"] == ("2", "在办1件")
    assert "query" not in text[text.index("<main") : text.index("</main>")]
    english = await refused(analytics, "?from=1889-12-31", "en")
    assert '<p class="error small" id="filter-from-error">Not before 1990-01-01.</p>' in english
    assert "What is wrong in the filters was not applied" in english


async def test_what_links_add_to_the_address_is_overlooked(analytics: Analytics) -> None:
    await analytics.say(town())
    for added in ("?utm_source=newsletter", "?grain=week", "?from=&to=&kind="):
        assert tiles(await page(analytics, added))["收到件数"] == ("7", "在办4件")
