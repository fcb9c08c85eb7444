"""Pages: language, words of dates and money, charts, health and dead letters."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID

import pytest
from fastapi import APIRouter, Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from structlog.testing import capture_logs

from shared.i18n import N_, catalogue, counted, filled, speaking, translated
from shared.vault import Vault
from shared.web import Who, log_ids, page, public, staff, words
from shared.web.charts import Parted, Series, bar_chart, line_chart, parted_chart
from shared.web.options import Site
from shared.web.pages import environment
from shared.web.static_files import files, static_url
from tests.conftest import NOON, StandingClock
from tests.shared.webs import COOKIE, ENGLISH, HTML, LIN, LogIns, database_of, options, serving

DAY = date(2026, 6, 23)
router = APIRouter()


@router.get("/x/cases/{number}", dependencies=[staff()], include_in_schema=False)
async def case(request: Request, number: str, who: Who) -> Response:
    log_ids(request, case_id=UUID(int=7))
    return page(request, "landing.html")


@router.get("/x/api/v1/case/{number}", dependencies=[public()])
async def case_json(number: str) -> str:
    """One case."""
    return number


def test_dates_and_money_are_read_as_people_read_them() -> None:
    instant = datetime(2026, 6, 22, 16, 5, tzinfo=UTC)  # 00:05 of the 23rd in Shanghai
    assert words.day(DAY, DAY) == words.day(instant, DAY) == "6月23日（周二）"
    assert words.full_day(instant) == "2026年6月23日"
    assert words.moment(instant, DAY) == "6月23日 00:05"
    assert words.iso(DAY) == "2026-06-23"
    assert words.iso(instant) == "2026-06-23T00:05+08:00"
    assert words.yuan(1_280_000) == "12,800.00元"
    assert words.yuan(-5) == "-0.05元"
    assert words.number(12345) == "12,345"
    with speaking("en"):
        assert words.day(DAY, DAY) == "Tue 23 Jun"
        assert words.full_day(DAY) == "23 Jun 2026"
        assert words.moment(instant, DAY) == "23 Jun 00:05"
        assert words.yuan(5) == "CNY 0.05"


def test_a_day_of_another_year_has_its_year() -> None:
    instant = datetime(2019, 12, 31, 16, 5, tzinfo=UTC)  # 00:05 on New Year's Day in Shanghai
    assert words.day(date(2019, 1, 7), DAY) == "2019年1月7日（周一）"
    assert words.day(instant, DAY) == "2020年1月1日（周三）"
    assert words.day(instant, date(2020, 12, 31)) == "1月1日（周三）"
    assert words.moment(instant, DAY) == "2020年1月1日 00:05"
    assert words.moment(instant, date(2020, 12, 31)) == "1月1日 00:05"
    assert words.day(DAY) == "2026年6月23日（周二）"
    with speaking("en"):
        assert words.day(date(2019, 1, 7), DAY) == "Mon 7 Jan 2019"
        assert words.moment(instant, DAY) == "1 Jan 2020 00:05"


async def test_pages_print_the_year_where_it_is_not_this_legal_year(
    vault: Vault, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "{{ days[0] | day }}|{{ days[1] | moment }}|{{ days[2] | day }}"
    template = environment().from_string(source)
    monkeypatch.setattr(environment(), "get_template", lambda _: template)
    days = [date(2019, 1, 7), datetime(2019, 1, 7, 1, tzinfo=UTC), date(2027, 1, 1)]
    made = APIRouter()

    @made.get("/x/days", dependencies=[public()])
    async def shown(request: Request) -> Response:
        return page(request, "x", days=days)

    async with serving([made], database_of(vault, clock)) as client:
        before = (await client.get("/x/days")).text
        clock.now = datetime(2026, 12, 31, 16, tzinfo=UTC)  # 2027 in Shanghai
        after = (await client.get("/x/days")).text
    assert before == "2019年1月7日（周一）|2019年1月7日 09:00|2027年1月1日（周五）"
    assert after == "2019年1月7日（周一）|2019年1月7日 09:00|1月1日（周五）"


def test_what_is_not_known_is_left_empty() -> None:
    empty = [words.day(None), words.full_day(None), words.moment(None), words.iso(None)]
    assert [*empty, words.yuan(None), words.number(None)] == [""] * 6


@pytest.mark.parametrize(
    ("due", "pill"),
    [
        (date(2026, 7, 2), '<span class="due run">还剩9天</span>'),
        (date(2026, 6, 26), '<span class="due soon">还剩3天</span>'),
        (DAY, '<span class="due soon">今天到期</span>'),
        (date(2026, 6, 17), '<span class="due late">已超期6天</span>'),
        (None, '<span class="due idle">没有期限</span>'),
    ],
)
def test_a_deadline_is_shape_colour_and_words(due: date | None, pill: str) -> None:
    assert words.due_pill(due, DAY) == pill


def test_a_deadline_that_is_kept_or_paused_does_not_press() -> None:
    assert words.due_pill(DAY, DAY, done=True) == '<span class="due done">已办</span>'
    assert words.due_pill(DAY, DAY, paused=True) == '<span class="due pause">暂停</span>'
    with speaking("en"):
        late = words.due_pill(date(2026, 6, 21), DAY)
        tomorrow = words.due_pill(date(2026, 6, 24), DAY)
    assert late == '<span class="due late">2 days overdue</span>'
    assert tomorrow == '<span class="due soon">1 day left</span>'


def test_sentences_are_translated_with_their_places_filled() -> None:
    assert filled("不能大于{le}。", {"le": 3}) == "不能大于3。"
    assert filled("不能大于{le}。", {"le": 3}, "en") == "At most 3."
    assert filled("{a}。", {"a": N_("暂停")}, "en") == "Paused。"
    assert translated("没有人翻译过的一句话", "en") == "没有人翻译过的一句话"
    sentence = "还有%(num)s处要改，改好就能提交"
    assert counted(sentence, sentence, 1, "en") == "One thing needs to be mended"
    assert counted(sentence, sentence, 2, "en") == "%(num)s things need to be mended"
    assert counted(sentence, sentence, 1, "zh") == sentence
    assert catalogue("zh") == {}


async def test_an_installation_may_speak_english_first(vault: Vault, clock: StandingClock) -> None:
    around = replace(options(), language="en")
    async with serving([], database_of(vault, clock), around) as client:
        assert '<html lang="en">' in (await client.get("/", headers=HTML)).text
        chinese = HTML | {"Accept-Language": "zh-CN"}
        assert '<html lang="zh-CN">' in (await client.get("/", headers=chinese)).text


async def test_the_reader_chooses_language_and_size_once(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([], database_of(vault, clock)) as client:
        chinese = await client.get("/", headers=HTML)
        assert '<html lang="zh-CN">' in chinese.text
        assert chinese.headers["vary"] == "Accept-Language, Cookie"
        assert '<html lang="en">' in (await client.get("/", headers=HTML | ENGLISH)).text
        chosen = await client.get("/?lang=en&large=1", headers=HTML)
        assert '<html lang="en" class="large">' in chosen.text
        again = await client.get("/", headers=HTML)
        assert '<html lang="en" class="large">' in again.text
        assert again.headers["content-language"] == "en"
        odd = await client.get("/?lang=%3Cscript%3E", headers=HTML)
        assert "<script>" not in odd.text
        assert "set-cookie" not in odd.headers


@pytest.mark.parametrize("path", ["//evil.example/a", "/\\evil.example/a", "/%5Cevil.example/a"])
async def test_no_link_of_a_page_leads_to_another_host(
    vault: Vault, clock: StandingClock, path: str
) -> None:
    async with serving([], database_of(vault, clock)) as client:
        shown = (await client.get(f"http://test{path}", headers=HTML)).text
    links = re.findall(r'(?:href|src|action)="([^"]*)"', shown)
    assert links
    assert [one for one in links if not re.match(r"(/(?![/\\])|#)", one)] == []


async def test_staff_see_their_own_shell_and_the_demonstration_is_marked(
    vault: Vault, clock: StandingClock
) -> None:
    log_ins = LogIns({COOKIE: LIN, "demo": replace(LIN, body="demo")})
    around = replace(options(log_ins=log_ins), site=Site("本市消委会", "12315", "滨江路1号"))
    async with serving([router], database_of(vault, clock), around) as client:
        client.cookies.set("redress_session", COOKIE)
        shown = (await client.get("/x/cases/1", headers=HTML)).text
        assert '<body class="staff">' in shown
        assert "林调解员" in shown
        assert "本市消委会<br>滨江路1号<br>电话 <strong>12315</strong>" in shown
        assert "演示数据" not in shown
        lost = (await client.get("/x/nowhere", headers=HTML)).text
        assert '<body class="staff">' in lost
        client.cookies.set("redress_session", "demo")
        assert "演示数据" in (await client.get("/x/cases/1", headers=HTML)).text


async def test_pages_hold_no_inline_script_and_no_inline_style(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([], database_of(vault, clock)) as client:
        for path in ("/", "/nowhere"):
            shown = (await client.get(path, headers=HTML)).text
            assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", shown)


async def test_static_files_are_named_by_their_content_and_kept_for_a_year(
    vault: Vault, clock: StandingClock
) -> None:
    address = static_url("x", "redress.css")
    assert re.fullmatch(r"/x/static/redress\.css\?v=[0-9a-f]{12}", address)
    async with serving([], database_of(vault, clock)) as client:
        file = await client.get(address)
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert file.headers["content-type"] == "text/css; charset=utf-8"
        assert file.content == files()["redress.css"].body
        held = {"If-None-Match": file.headers["etag"]}
        assert (await client.get(address, headers=held)).status_code == 304
        plain = await client.get("/x/static/redress.css")
        assert plain.headers["cache-control"] == "public, max-age=300"
        for odd in ("../web/__init__.py", "%2e%2e/web/__init__.py", "nothing.css"):
            assert (await client.get(f"/x/static/{odd}")).status_code == 404


async def test_readiness_names_what_is_not_well(vault: Vault, clock: StandingClock) -> None:
    async def well() -> None:
        return None

    async def ill() -> str:
        return "the broker is away"

    async def falls() -> str:
        raise ConnectionRefusedError("secret")

    good, bad = {"database": well}, {"database": well, "bus": ill, "sister": falls}
    for checks, status, body in (
        (good, 200, {"status": "ready", "failing": {}}),
        (
            bad,
            503,
            {
                "status": "unready",
                "failing": {"bus": "the broker is away", "sister": "ConnectionRefusedError"},
            },
        ),
    ):
        around = replace(options(), checks=checks)
        async with serving([], database_of(vault, clock), around) as client:
            answer = await client.get("/readyz")
            assert (answer.status_code, answer.json()) == (status, body)
            assert (await client.get("/livez")).text == "ok\n"


async def test_log_and_figures_know_the_route_and_never_the_address(
    vault: Vault, clock: StandingClock
) -> None:
    with capture_logs() as lines:
        async with serving([router], database_of(vault, clock)) as client:
            client.cookies.set("redress_session", COOKIE)
            await client.get("/x/cases/260623-SECRET", headers=HTML)
            await client.get("/x/unknown/260623-SECRET")
            figures = (await client.get("/metrics")).text
    assert [
        {name: line[name] for name in ("event", "method", "route", "status")} for line in lines
    ] == [
        {"event": "request", "method": "GET", "route": "/x/cases/{number}", "status": 200},
        {"event": "request", "method": "GET", "route": "-", "status": 404},
    ]
    assert lines[0]["case_id"] == str(UUID(int=7))
    assert "SECRET" not in str(lines)
    assert "SECRET" not in figures
    counted_line = (
        'redress_requests_total{method="GET",route="/x/cases/{number}",service="x",status="200"}'
    )
    assert counted_line in figures


async def test_the_openapi_document_shows_the_api_and_its_problems_alone(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        document = (await client.get("/x/api/openapi.json")).json()
        assert (await client.get("/docs")).status_code == 404
    assert list(document["paths"]) == ["/x/api/v1/case/{number}"]
    answers = document["paths"]["/x/api/v1/case/{number}"]["get"]["responses"]
    assert set(answers) == {"200", "422", "4XX", "503"}
    assert list(answers["422"]["content"]) == ["application/problem+json"]


def test_fields_say_what_is_wrong_beside_the_field() -> None:
    source = """{% from "macros/fields.html" import text, area, select %}
{% from "macros/fields.html" import choices, checkbox, summary %}
{{ summary(wrong) }}{{ text("matter.subject", "事由", typed, wrong, hint="一句话", must=true) }}
{{ area("matter.text", "经过", typed, wrong, maxlength=100) }}
{{ select("kind", "种类", [("a", "甲"), ("b", "乙")], typed, wrong) }}
{{ choices("claims", "诉求", [("r", "退款"), ("s", "修理")], typed, wrong) }}
{{ checkbox("agree", "同意", typed, wrong) }}"""
    typed = {"matter.subject": '"><b>', "kind": "b", "claims": ["s"], "agree": "true"}
    made = environment().from_string(source).render(
        typed=typed, wrong={"matter.subject": "这一项必须填写。"}
    )  # fmt: skip
    assert '<a href="#matter-subject">这一项必须填写。</a>' in made
    assert '<p class="error" id="matter-subject-error">这一项必须填写。</p>' in made
    assert 'aria-describedby="matter-subject-error matter-subject-hint"' in made
    assert 'value="&#34;&gt;&lt;b&gt;"' in made
    assert '<option value="b" selected>乙</option>' in made
    assert '<input type="checkbox" name="claims" value="s" checked>' in made
    assert '<input type="checkbox" name="claims" value="r">' in made
    assert 'data-count="还可以写{n}字"' in made
    with speaking("en"):
        english = environment().from_string(source).render(typed={}, wrong={"a": "x", "b": "y"})
    assert "2 things need to be mended" in english


def parsed(chart: str) -> ET.Element:
    return ET.fromstring(chart)  # noqa: S314 - our own text


def test_a_bar_chart_shows_every_label_and_value_as_text() -> None:
    chart = bar_chart("b", "性质 <1>", "两类 & 其他", [("售后", 142), ("合同 <x>", 71), ("零", 0)])
    svg = parsed(chart)
    assert [text.text for text in svg.iter("text")] == [
        "售后", "142", "合同 <x>", "71", "零", "0",
    ]  # fmt: skip
    assert [bar.get("width") for bar in svg.iter("rect")] == ["60.00%", "30.00%", "0.00%"]
    assert (svg[0].text, svg[1].text) == ("性质 <1>", "两类 & 其他")
    assert svg.get("aria-labelledby") == "b-title"


def test_a_part_of_a_bar_is_drawn_over_its_beginning_and_said_in_words() -> None:
    bars = [Parted("南城", 8, 2, "8，超期2"), Parted("北<城", 4, 0, "4")]
    svg = parsed(parted_chart("u", "在办", "现在", ("在办件数", "其中超期"), bars))
    assert [text.text for text in svg.iter("text")] == [
        "在办件数", "其中超期", "南城", "8，超期2", "北<城", "4",
    ]  # fmt: skip
    drawn = [(one.get("class"), one.get("width") or "") for one in svg.iter("rect")]
    long, late, short = [(kind, float(one[:-1])) for kind, one in drawn if one.endswith("%")]
    assert [kind for kind, _ in (long, late, short)] == ["f1", "f2", "f1"]
    assert abs(late[1] - long[1] / 4) < 0.01
    assert abs(short[1] - long[1] / 2) < 0.01
    assert 27 + long[1] + 100 * (7.2 * 8 + 8) / 300 <= 100


def test_long_labels_stand_above_their_bars() -> None:
    long = "Decoration and building materials"
    svg = parsed(bar_chart("k", "t", "d", [(long, 3), ("Food", 2)]))
    label = next(one for one in svg.iter("text") if one.text == long)
    assert (label.get("text-anchor"), label.get("x")) == ("start", "0.00%")
    assert label.get("dx") == "6", "the axis would cross the first letter"
    bars = [one for one in svg.iter("rect") if (one.get("width") or "").endswith("%")]
    assert float(bars[0].get("y", "0")) > float(label.get("y", "0"))
    assert float(svg.get("height", "0")) >= float(bars[-1].get("y", "0")) + 20


def axis(chart: str, *kinds: str) -> list[tuple[str, float, float]]:
    """The labels along the axis that are of these classes: words, from and to in pixels."""
    svg, found = parsed(chart), []
    width = {"tick": 270, "tick mid": 500, "tick wide": 880}[kinds[-1]]
    for one in list(svg.iter("text")):
        if one.get("class") in kinds and one.get("y") == str(int(svg.get("height", "0")) - 10):
            words = one.text or ""
            size = sum(14 if sign > "\u2e7f" else 7 for sign in words)
            at = float(one.get("x", "").rstrip("%")) * width / 100
            left = at - size if one.get("text-anchor") == "end" else at - size / 2
            found.append((words, left, left + size))
    return found


DAYS = [f"6月{n}日" for n in range(1, 31)]


def test_a_line_of_many_days_names_only_some_of_them_and_fewer_in_less_room() -> None:
    chart = line_chart("k", "t", "d", DAYS, [Series("受理", [1] * 30)])
    assert [one.text for one in parsed(chart).iter("text")][:6] == ["受理", "0", "1", "2", "3", "4"]
    named = [
        [words for words, _, _ in axis(chart, *kinds)]
        for kinds in (("tick",), ("tick", "tick mid"), ("tick", "tick mid", "tick wide"))
    ]
    assert named == [
        ["6月6日", "6月18日", "6月30日"],
        [f"6月{n}日" for n in range(6, 31, 6)],
        [f"6月{n}日" for n in range(3, 31, 3)],
    ]
    chosen = ["", "6月2日", "", "6月4日"]
    chart = line_chart("k", "t", "d", chosen, [Series("受理", [1] * 4)])
    assert [one.text for one in parsed(chart).iter("text")][6:] == ["6月2日", "6月4日"]


@pytest.mark.parametrize(
    "kinds", [("tick",), ("tick", "tick mid"), ("tick", "tick mid", "tick wide")]
)
@pytest.mark.parametrize(
    "labels",
    [
        DAYS,
        [f"{n} Jun" for n in range(1, 31)],
        [f"{n % 12 + 1}月{n % 28 + 1}日" for n in range(62)],
        [f"{2024 + n // 12}年{n % 12 + 1}月" for n in range(24)],
        [f"Dec {n}" for n in range(2000, 2012)],
        [str(n) for n in range(1996, 2026)],
        ["1月", "2月"],
    ],
    ids=lambda labels: f"{len(labels)} of {labels[-1]}",
)
def test_labels_of_a_line_neither_overlap_nor_are_cut(
    labels: list[str], kinds: tuple[str, ...]
) -> None:
    chart = line_chart("k", "t", "d", labels, [Series("受理", [1] * len(labels))])
    shown = axis(chart, *kinds)
    assert shown[-1][0] == labels[-1]
    edge = {"tick": 270, "tick mid": 500, "tick wide": 880}[kinds[-1]]
    padding = 15
    assert shown[0][1] >= -padding
    assert shown[-1][2] <= edge + padding
    assert all(right[1] - left[2] >= 4 for left, right in pairwise(shown))


def test_long_numbers_stand_on_their_lines_not_beside_them() -> None:
    few = parsed(line_chart("k", "t", "d", ["1月"], [Series("受理", [400])]))
    many = parsed(line_chart("k", "t", "d", ["1月"], [Series("受理", [4000])]))
    for svg, number, place in ((few, "400", ("8.50%", "end")), (many, "4,000", ("0.00%", "start"))):
        text = next(one for one in svg.iter("text") if one.text == number)
        assert (text.get("x"), text.get("text-anchor")) == place


def test_charts_of_nothing_are_still_charts() -> None:
    for chart in (
        bar_chart("a", "t", "d", []),
        parted_chart("p", "t", "d", ("a", "b"), []),
        line_chart("b", "t", "d", [], []),
        line_chart("c", "t", "d", ["1月"], [Series("受理", [0])]),
    ):
        assert parsed(chart).tag == "svg"


values = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)


@given(values=values)
def test_every_point_of_a_line_lies_within_its_plot(values: list[int]) -> None:
    labels = [f"{n}月" for n in range(len(values))]
    svg = parsed(line_chart("k", "t", "d", labels, [Series("受理", values)]))
    points = list(svg.iter("circle"))[1:]
    assert len(points) == len(values)
    for point in points:
        assert 40 - 0.1 <= float(point.get("cy", "0")) <= 230 + 0.1
        assert 10 <= float(point.get("cx", "0%").rstrip("%")) <= 97


def test_the_clock_of_the_tests_is_a_tuesday() -> None:
    assert words.day(NOON, DAY) == "6月23日（周二）"
