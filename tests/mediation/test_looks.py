"""What of the looks behind masks somebody should ask about: exact bounds, and the page."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mediation.domain.looks import Look, Pattern, Unusual, Usual, unusual
from services.mediation.use_cases.trail.asking import Wanted
from services.mediation.use_cases.trail.reviewing import looks_only
from shared.clock import start_of_day
from shared.runtime.embedded import Embedded
from shared.trail import Chain, Doer, Said, note
from shared.trail.question import Question
from shared.work import Database
from tests.mediation.test_audit_page import log_in, rows
from tests.mediation.things import a_case, a_colleague

LIN, WANG = UUID(int=1), UUID(int=2)
TUESDAY = datetime(2026, 6, 23, 10, 0)  # noqa: DTZ001 - the clock of the office, as the rules see it
A_MINUTE = timedelta(minutes=1)


def is_working(day: date) -> bool:
    return day.weekday() < 5


USUAL = Usual(per_hour=3, same=2, begins=time(7), ends=time(21), is_working=is_working)


def looks(count: int, first: datetime = TUESDAY, **facts: object) -> list[Look]:
    """Looks a minute apart at as many cases, in that person's hands."""
    usual = Look(first, LIN, "", in_hand=True)
    return [
        replace(usual, at=first + n * A_MINUTE, subject=str(n), **facts)  # type: ignore[arg-type]  # fields of Look
        for n in range(count)
    ]


def patterns(found: list[Unusual]) -> list[tuple[Pattern, int]]:
    return [(one.pattern, one.count) for one in found]


def test_usual_looks_are_not_pointed_out() -> None:
    assert unusual(looks(3), USUAL) == []
    assert unusual([], USUAL) == []


def test_one_look_too_many_within_an_hour_is() -> None:
    [found] = unusual(looks(4), USUAL)
    assert found == Unusual(Pattern.MANY, LIN, 4, TUESDAY, TUESDAY + 3 * A_MINUTE)


def test_as_many_over_more_than_an_hour_are_not() -> None:
    spread = [*looks(3), *looks(1, TUESDAY + timedelta(hours=1))]
    assert unusual(spread, USUAL) == []


def test_two_people_are_not_counted_together() -> None:
    assert unusual([*looks(3), *looks(3, who=WANG)], USUAL) == []


@pytest.mark.parametrize(
    ("at", "odd"),
    [
        (datetime(2026, 6, 23, 6, 59), True),  # noqa: DTZ001 - as above
        (datetime(2026, 6, 23, 7, 0), False),  # noqa: DTZ001
        (datetime(2026, 6, 23, 20, 59), False),  # noqa: DTZ001
        (datetime(2026, 6, 23, 21, 0), True),  # noqa: DTZ001
        (datetime(2026, 6, 27, 10, 0), True),  # noqa: DTZ001 - a Saturday
    ],
)
def test_looks_by_night_and_on_days_off_are(at: datetime, odd: bool) -> None:  # noqa: FBT001 - yes or no
    expected = [(Pattern.NIGHT, 1)] if odd else []
    assert patterns(unusual(looks(1, at), USUAL)) == expected


def test_where_the_day_has_no_end_evenings_are_usual() -> None:
    late = looks(1, TUESDAY.replace(hour=23))
    assert unusual(late, replace(USUAL, ends=None)) == []


def test_looks_at_cases_in_other_hands_are() -> None:
    found = unusual([*looks(1), *looks(2, in_hand=False)], USUAL)
    assert patterns(found) == [(Pattern.FOREIGN, 2)]


def test_the_same_case_again_and_again_on_one_day_is() -> None:
    same = [replace(one, subject="x") for one in looks(3)]
    [found] = unusual(same, USUAL)
    assert (found.pattern, found.count, found.subject) == (Pattern.AGAIN, 3, "x")
    over_days = [replace(one, at=one.at + timedelta(days=n % 2)) for n, one in enumerate(same[:3])]
    assert unusual(over_days, USUAL) == []


@settings(deadline=None)
@given(st.lists(st.integers(0, 600), max_size=30), st.integers(1, 5))
def test_many_is_said_exactly_when_some_hour_holds_more(minutes: list[int], most: int) -> None:
    spread = [
        Look(TUESDAY + n * A_MINUTE, LIN, str(at), in_hand=True) for at, n in enumerate(minutes)
    ]
    all_day = replace(USUAL, per_hour=most, begins=time(0), ends=None)
    densest = max((sum(0 <= n - one < 60 for n in minutes) for one in minutes), default=0)
    found = [one.count for one in unusual(spread, all_day) if one.pattern is Pattern.MANY]
    assert found == ([densest] if densest > most else [])


@pytest.fixture
def books(platform: Embedded) -> Database:
    return platform.running["mediation"].database


async def test_the_privacy_officer_sees_who_looked_why_and_what_is_unusual(
    platform: Embedded, client: httpx.AsyncClient, books: Database
) -> None:
    case, lin = await a_case(books), await a_colleague(books)
    doer = Doer("staff", lin.id, "林调解员", "mediator")
    said = {"parts": ["complainant"], "reason": "contact", "note": "", "number": case.number}
    for in_hand in (True, False):
        async with books.work() as work:
            look = Said("mask.opened", {**said, "in_hand": in_hand})
            await note(work, Chain("case", str(case.id)), doer, look)
    reporter = Chain("complaint", str(case.complaint_id))
    async with platform.running["intake"].database.work() as work:
        await note(work, reporter, doer, Said("reporter.opened", {"reason": "核实举报"}))
    await log_in(client, books, "privacy_officer")
    page = await client.get("/mediation/looks")
    assert page.status_code == 200
    for words in (
        "不在自己手里的案件，看了1次",
        "联系当事人",
        "投诉人的姓名和联系方式",
        "查看举报人",
        "核实举报",
        "不会自动处理任何人",
        case.number,
    ):
        assert words in page.text
    assert page.text.count(f'<a class="code" href="/mediation/cases/{case.number}">') == 3
    assert "看得最多的在上面</desc>" in page.text
    assert '<a href="/mediation/looks" aria-current="page">查看记录</a>' in page.text
    noted = await rows(client, kind="audit")
    assert [one["action"] for one in noted] == ["audit.read", "looks.read"]


async def test_a_search_and_a_copy_are_named_in_words_and_not_by_their_keys(
    client: httpx.AsyncClient, books: Database
) -> None:
    lin, copy = await a_colleague(books), UUID(int=99)
    doer = Doer("staff", lin.id, "林调解员", "mediator")
    async with books.work() as work:
        searched = Said("case.searched", {"sought": "phone", "where": "desk", "found": 1})
        await note(work, Chain("search", "5f" * 16), doer, searched)
        await note(work, Chain("retention", str(copy)), doer, Said("copy.given", {}))
    await log_in(client, books, "privacy_officer")
    page = (await client.get("/mediation/looks")).text
    assert [words in page for words in ("5f" * 16, str(copy))] == [False, False]
    for words in ("查找", "个人信息请求"):
        assert f'<td data-label="案件">{words}</td>' in page


async def test_looks_are_found_by_person_and_by_case(
    client: httpx.AsyncClient, books: Database
) -> None:
    case, other = await a_case(books), await a_case(books)
    lin, wang = await a_colleague(books), await a_colleague(books, "wang")
    for actor, seen in ((lin, case), (wang, other)):
        doer = Doer("staff", actor.id, "", "mediator")
        async with books.work() as work:
            look = Said("mask.opened", {"reason": "identity", "in_hand": True})
            await note(work, Chain("case", str(seen.id)), doer, look)
    await log_in(client, books, "privacy_officer")
    for query in ({"person": "lin"}, {"case": case.number}):
        page = await client.get("/mediation/looks", params=query)
        assert case.number in page.text
        assert other.number not in page.text
    wrong = await client.get("/mediation/looks", params={"case": "x"})
    assert "没有这样的案件：编号写错了，或者不在您的范围里。" in wrong.text


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ({}, date(2026, 5, 24)),
        ({"until": start_of_day(date(2026, 4, 11))}, date(2026, 3, 11)),
        ({"since": start_of_day(date(2026, 1, 5))}, date(2026, 1, 5)),
    ],
)
async def test_looks_of_no_first_day_go_back_thirty_days_from_the_last_one(
    database: Database, asked: dict[str, datetime], first: date
) -> None:
    wanted = looks_only(Wanted(Question(**asked), ("mediation",)), database)
    assert wanted.question.since == start_of_day(first)
    assert wanted.question.until == asked.get("until")
