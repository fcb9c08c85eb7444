"""Searches are gathered beside the requests, once for each person and query, and can be erased."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.trail import searches
from shared.trail.question import Question
from shared.trail.reading import read
from shared.trail.refusals import WriteRefusals, write_last
from shared.trail.said import Doer
from shared.trail.searches import Outcome, Search, Sought, search_of, searches_of, token_of
from shared.vault import Vault
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.shared.trails import HUA, LIN, rows_of, said_in, trail_on

WANG = Doer("staff", HUA, "王登记员", "registrar")
DESK = Outcome("desk", 3)


@pytest.fixture
async def database(engine: AsyncEngine, clock: StandingClock, vault: Vault) -> Database:
    return await trail_on(engine, clock, vault)


@pytest.mark.parametrize(
    ("typed", "sought", "words"),
    [
        ("260622-000000001", Sought.NUMBER, ("260622-000000001",)),
        (" 26o622 0oooooooi ", Sought.NUMBER, ("260622-000000001",)),
        ("138-0000-0000", Sought.PHONE, ("13800000000",)),
        ("110101199003074530", Sought.ID_NUMBER, ("110101199003074530",)),
        ("11010119900307453x", Sought.ID_NUMBER, ("11010119900307453X",)),
        ("周晓明", Sought.WORDS, ("周晓明",)),
        ("餐桌　 Desk", Sought.WORDS, ("餐桌", "desk")),
        ("1234", Sought.WORDS, ("1234",)),
        ("", Sought.WORDS, ()),
    ],
)
def test_what_was_typed_is_understood(typed: str, sought: Sought, words: tuple[str, ...]) -> None:
    assert search_of(typed) == Search(sought, words)


@given(st.text(max_size=60))
def test_whatever_is_typed_has_a_token_and_the_same_one_when_it_is_tidied(typed: str) -> None:
    assert search_of(typed) == search_of(f"  {typed} ")


async def test_a_search_waits_for_its_step_and_then_has_a_row_in_the_chain_of_what_was_searched(
    database: Database, clock: StandingClock, vault: Vault
) -> None:
    searches_of(database).add([LIN], "138 0000 0000", DESK)
    token = token_of(vault, "13800000000")
    assert list(await rows_of(database, token)) == []
    assert await WriteRefusals("mediation")(database) == 1
    assert await WriteRefusals("mediation")(database) == 0
    [row] = await rows_of(database, token)
    assert (row.kind, row.action, row.doer, row.role) == (
        "search",
        "case.searched",
        LIN.id,
        "mediator",
    )
    assert said_in(database, row)["said"] == {
        "sought": "phone",
        "where": "desk",
        "typed": "13800000000",
        "found": 3,
        "more": False,
        "at": NOON.isoformat(),
    }


async def test_the_same_search_is_one_row_in_ten_minutes_for_each_person(
    database: Database, clock: StandingClock, vault: Vault
) -> None:
    found = searches_of(database)
    for _ in range(3):
        found.add([LIN], "周晓明", DESK)
        found.add([WANG], "周晓明", DESK)
        clock.move(minutes=3)
    assert [one.doer for one in found.waiting] == [LIN, WANG]
    clock.move(minutes=1)
    found.add([LIN], " 周晓明 ", DESK)
    assert [one.doer for one in found.waiting] == [LIN, WANG, LIN]
    assert await found.write() == 3
    assert [row.seq for row in await rows_of(database, token_of(vault, "周晓明"))] == [1, 2, 3]


async def test_who_searches_by_the_rights_of_several_appears_with_each_of_their_names(
    database: Database, vault: Vault
) -> None:
    absent = [UUID(int=21), UUID(int=22)]
    doers = [LIN, *(replace(LIN, for_id=one, for_name=f"{one.int}号") for one in absent)]
    found = searches_of(database)
    for _ in range(2):
        found.add(doers, "周晓明", DESK)
    assert await found.write() == 3
    rows = await rows_of(database, token_of(vault, "周晓明"))
    assert [(row.doer, row.for_id) for row in rows] == [(LIN.id, one) for one in (None, *absent)]
    for one in absent:
        [line] = (await read(database, Question(people=[one]))).items
        assert (line.for_id, line.for_name, line.said and line.said["typed"]) == (
            one, f"{one.int}号", "周晓明",
        )  # fmt: skip


async def test_several_words_are_kept_as_hashes_only(database: Database, vault: Vault) -> None:
    searches_of(database).add([LIN], "周晓明 餐桌", Outcome("api", 50, more=True))
    [noted] = searches_of(database).waiting
    assert noted.said.action == "cases.searched"
    assert noted.said.values["words"] == [token_of(vault, "周晓明"), token_of(vault, "餐桌")]
    assert "typed" not in noted.said.values
    assert "周晓明" not in str(noted.said.values)


async def test_the_full_name_of_somebody_found_is_a_search_for_a_person(
    database: Database,
) -> None:
    searches_of(database).add([LIN], "周晓明", Outcome("desk", 1, named=True))
    searches_of(database).add([LIN], "", DESK)
    [noted] = searches_of(database).waiting
    assert (noted.said.action, noted.said.values["sought"]) == ("case.searched", "name")


async def test_what_is_remembered_and_what_waits_do_not_grow_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "MOST_KNOWN", 5)
    monkeypatch.setattr(searches, "MOST_WAITING", 7)
    found = searches_of(database)
    for number in range(20):
        found.add([LIN], f"词{number}", DESK)
    assert (len(found.known), len(found.waiting)) == (5, 7)


async def test_at_the_end_what_was_searched_is_written(database: Database, vault: Vault) -> None:
    searches_of(database).add([LIN], "周晓明", DESK)
    await write_last(database, "mediation")
    assert len(await rows_of(database, token_of(vault, "周晓明"))) == 1
