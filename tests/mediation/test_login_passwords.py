"""Which passwords may be chosen: NIST SP 800-63B, 5.1.1.2."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mediation.domain.passwords import WeakPasswordError, check_chosen
from services.mediation.settings import MediationSettings
from services.mediation.tables import SessionRow, StaffRow
from services.mediation.use_cases.passwords import common
from services.mediation.use_cases.staff import add_staff
from shared.text import crockford
from shared.work import Database
from tests.mediation.doors import LOGIN, rows

KNOWN = ("linxiaoyu", "林小雨", "0825-12315", "redress")


def check(typed: str, fewest: int = 10) -> None:
    check_chosen(typed, known=KNOWN, common=common(), fewest=fewest)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("short", "至少10个字"),
        ("九个字的密码不够长", "至少10个字"),
        ("x" * 201, "最多200个字"),
        ("1234567890", "太常见"),
        ("0987654321", "太常见"),
        ("abcdefghijkl", "太常见"),
        ("Password123", "太常见"),
        ("ＱＷＥＲＴＹＵＩＯＰ", "太常见"),
        ("woaini1314", "太常见"),
        ("aaaaaaaaaaaa", "太常见"),
        ("ababababababab", "太常见"),
        ("linxiaoyu1", "几乎没有别的"),
        ("LinXiaoYu2026", "几乎没有别的"),
        ("林小雨林小雨林小雨林小雨", "几乎没有别的"),
        ("0825-12315!", "几乎没有别的"),
        ("redress2026", "几乎没有别的"),
    ],
)
def test_what_is_guessed_first_is_refused(typed: str, why: str) -> None:
    with pytest.raises(WeakPasswordError, match=why) as refused:
        check(typed)
    assert refused.value.pointer == "/new_password"


@pytest.mark.parametrize(
    "typed",
    [
        "correct horse battery staple",
        "餐桌云雀一九八七铁路",
        "an-owl-at-3",
        "        a         b    ",
        "linxiaoyu likes owls",
        "ŝanĝiĝas ĉiutage",
        "🦉🚂🪑🌧️ in 1987",
    ],
)
def test_nothing_is_demanded_of_the_characters_of_a_long_one(typed: str) -> None:
    check(typed)


@given(st.integers(0, 2**80 - 1))
def test_what_chance_makes_is_taken(number: int) -> None:
    check(f"{crockford(number, 16)} owl")


def test_the_list_is_one_of_thousands_and_in_lower_case() -> None:
    assert len(common()) > 8000
    assert {"password1", "qwertyuiop", "woaini520"} <= common()
    assert all(one == one.lower() and len(one) >= 8 for one in common())


async def test_a_weak_one_changes_nothing(database: Database, stranger: httpx.AsyncClient) -> None:
    async with database.work() as work:
        first = await add_staff(work, "linxiaoyu", display="林小雨", role="mediator")
    [before] = await rows(database, StaffRow)
    for weak in ("1234567890", "linxiaoyu1", first):
        form = {"name": "linxiaoyu", "password": first, "new_password": weak}
        answer = await stranger.post(LOGIN, json=form)
        assert (answer.status_code, answer.json()["type"]) == (422, "WeakPasswordError")
    [after] = await rows(database, StaffRow)
    assert (after.password, after.must_change) == (before.password, True)
    assert await rows(database, SessionRow) == []


def test_a_site_may_ask_for_longer_ones_and_not_for_much_shorter_ones() -> None:
    assert MediationSettings(password_length=16).password_length == 16
    with pytest.raises(ValueError, match="greater than or equal to 8"):
        MediationSettings(password_length=7)
