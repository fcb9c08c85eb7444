"""Tokens are made with each generation of keys, and go with it; with erasure they go at once."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from services.mediation.steps import FetchWords, index_texts
from services.mediation.tables import CaseRow
from services.mediation.use_cases.hearing import amend_cases, erase_cases
from services.mediation.use_cases.searching import indexing
from services.mediation.use_cases.searching.generations import generations_in_use
from services.mediation.use_cases.searching.texts import Searched, keep_texts
from services.mediation.use_cases.standing import status_of
from shared.events import ComplaintAmended, ComplaintErased
from shared.vault import Vault
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.searches import Books, about
from tests.mediation.things import IntakeInMemory, a_case, a_record


@pytest.fixture
def books(database: Database, intake: IntakeInMemory) -> Books:
    return Books(database, intake)


def with_vault(books: Books, vault: Vault) -> Books:
    """The same books in another process, with other keys."""
    database = Database(books.database.engine, books.database.clock, vault)
    return Books(database, books.intake)


def rotated(vault: Vault, clock: StandingClock) -> Vault:
    return Vault(vault.ring.with_next(vault.cipher, clock.now))


async def tables(books: Books) -> set[str]:
    """The tables of tokens; FTS5 has helpers of its own."""
    async with books.database.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    return {one for one in names if one.startswith("search_tokens_") and one[14:].isdigit()}


async def in_use(books: Books) -> set[str]:
    async with books.database.reading() as session:
        return await generations_in_use(session)


async def rows(books: Books, table: str) -> int:
    async with books.database.reading() as session:
        return await session.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 - ours


async def erase(books: Books, case: CaseRow) -> None:
    async with books.database.work() as work:
        await erase_cases(work, [ComplaintErased(**about(case))])


async def test_a_new_key_gets_its_own_table_and_the_old_one_answers_until_that_is_full(
    books: Books, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "AT_ONCE", 2)
    cases = [await books.case() for _ in range(4)]
    numbers = [one.number for one in reversed(cases)]
    assert (await tables(books), await in_use(books)) == ({"search_tokens_1"}, {"k1"})
    later = with_vault(books, rotated(books.database.vault, clock))
    progress = []
    for _ in range(3):
        await indexing.index_texts(later.database)
        assert await later.found("裂开") == await books.found("裂开") == numbers
        progress.append((await status_of(later.database))["search_filling"])
        assert await in_use(later) == {"k1", "k2"}
    assert progress == [{"k2": "0/4"}, {"k2": "2/4"}, {"k2": "4/4"}]
    fresh = await a_case(books.database)
    books.intake.records[fresh.complaint_id] = a_record(fresh.complaint_id)
    await later.indexed()
    assert await in_use(later) == {"k2"}
    assert await later.found("裂开") == [fresh.number, *numbers]
    assert [await rows(later, f"search_tokens_{n}") for n in (1, 2)] == [5, 5]
    retired = with_vault(books, Vault(later.database.vault.ring.alone({})))
    assert await index_texts(retired.database) == 1
    assert await tables(retired) == {"search_tokens_2"}


async def test_a_process_that_has_not_heard_of_the_new_key_leaves_its_table_alone(
    books: Books, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await books.case()
    later = with_vault(books, rotated(books.database.vault, clock))
    await later.indexed()
    monkeypatch.setattr(books.database.vault, "trouble", "the provider does not answer")
    assert await index_texts(books.database) == 0
    assert await tables(books) == {"search_tokens_1", "search_tokens_2"}
    assert await books.found("裂开") == await later.found("裂开") == [case.number]


async def test_erased_words_leave_no_text_and_no_token(books: Books, clock: StandingClock) -> None:
    case, other = await books.case(), await books.case()
    later = with_vault(books, rotated(books.database.vault, clock))
    await later.indexed()
    await erase(later, case)
    await later.indexed()
    assert [await rows(books, one) for one in ("search_tokens_1", "search_tokens_2")] == [1, 1]
    assert await rows(books, "search_texts") == 1
    for q in ("裂开", "安澜禾木家居有限公司"):
        assert await later.found(q) == [other.number]


async def test_words_erased_while_their_tokens_are_made_get_none(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await books.case()
    async with books.database.work() as work:
        await keep_texts(work, {case.id: Searched("桌腿裂开")})
    meanwhile(monkeypatch, lambda: erase(books, case))
    await index_texts(books.database)
    assert await books.found("桌腿") == []
    assert [await rows(books, one) for one in ("search_tokens_1", "search_wanted")] == [0, 0]


async def test_words_changed_while_their_tokens_are_made_are_found_as_they_are(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await books.case()

    async def change() -> None:
        async with books.database.work() as work:
            await keep_texts(work, {case.id: Searched("门铰链松动")})

    async with books.database.work() as work:
        await keep_texts(work, {case.id: Searched("桌腿裂开")})
    meanwhile(monkeypatch, change)
    assert await indexing.index_texts(books.database) == 1
    assert await rows(books, "search_wanted") == 1
    await books.indexed()
    assert (await books.found("桌腿"), await books.found("铰链")) == ([], [case.number])


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    """Once, after texts were read and before their tokens are kept."""
    made_of, left = indexing.made_of, [happens]

    async def slowly(*given: Any) -> Any:
        made = await made_of(*given)
        while left:
            await left.pop()()
        return made

    monkeypatch.setattr(indexing, "made_of", slowly)


async def test_a_corrected_record_is_found_by_its_new_words(books: Books) -> None:
    case = await books.case()
    books.intake.records[case.complaint_id] = a_record(
        case.complaint_id, words={"subject": "餐桌开裂", "text": "门铰链松动"}
    )
    async with books.database.work() as work:
        event = ComplaintAmended(**about(case, fields=("/matter/text",), respondent_known=True))
        await amend_cases(work, [event])
    await books.indexed()
    assert (await books.found("裂开"), await books.found("铰链")) == ([], [case.number])
    assert await rows(books, "search_tokens_1") == 1


async def test_several_processes_give_every_text_its_tokens_once(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "AT_ONCE", 5)
    cases = [await a_case(books.database) for _ in range(20)]
    async with books.database.work() as work:
        await keep_texts(work, {one.id: Searched("桌腿裂开") for one in cases})
    twin = with_vault(books, books.database.vault)
    await asyncio.gather(*(index_texts(one.database) for one in (books, twin, books, twin)))
    await books.indexed()
    assert [await rows(books, one) for one in ("search_tokens_1", "search_wanted")] == [20, 0]
    assert await books.found("桌腿") == [one.number for one in reversed(cases)]


async def test_what_waits_for_its_tokens_is_on_the_status(
    books: Books, clock: StandingClock
) -> None:
    case = await a_case(books.database)
    books.intake.records[case.complaint_id] = a_record(case.complaint_id)
    await FetchWords(books.intake)(books.database)
    clock.move(seconds=90)
    told = await status_of(books.database)
    assert (told["search_waiting"], told["search_oldest_seconds"]) == (1, 90)
    assert await books.found("裂开") == []
    await books.indexed()
    told = await status_of(books.database)
    assert (told["search_waiting"], told["search_oldest_seconds"]) == (0, 0)
    assert (told["search_keys"], told["search_filling"]) == (["k1"], {})
    assert await books.found("裂开") == [case.number]


async def test_a_full_name_finds_a_case_whose_text_has_not_come_yet(
    books: Books, database: Database
) -> None:
    case = await books.case()
    async with database.work() as work:
        await work.session.execute(text("UPDATE search_texts SET text = NULL"))
    assert await books.found("周晓明") == [case.number]
    assert await books.found("裂开") == []


async def test_a_stolen_database_holds_no_word_of_what_was_said(
    on_sqlite: Database, intake: IntakeInMemory
) -> None:
    books = Books(on_sqlite, intake)
    words = ("裂开", "桌面", "周晓明", "安澜禾木", "13800000000", "餐桌")
    await books.case()
    assert len(await books.found("桌面 裂开 周晓明")) == 1
    file = Path(on_sqlite.engine.url.database or "")
    stolen = b"".join(one.read_bytes() for one in file.parent.glob(file.name + "*"))
    assert b"search_tokens_1" in stolen
    for word in words:
        for coding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            assert word.encode(coding) not in stolen, (word, coding)
            assert word.encode(coding).hex().encode() not in stolen, (word, coding)


async def test_the_same_words_have_other_tokens_with_another_key(
    books: Books, clock: StandingClock
) -> None:
    await books.case()
    later = with_vault(books, rotated(books.database.vault, clock))
    await later.indexed()
    held = []
    async with books.database.reading() as session:
        for place in (1, 2):
            row = await session.scalar(text(f"SELECT tokens FROM search_tokens_{place}"))  # noqa: S608 - ours
            held.append(set(row.split() if isinstance(row, str) else row))
    stretches = {one for one in held[0] if isinstance(one, int) and one < 0}
    assert len(held[0]) == len(held[1]) > 20
    assert held[0] & held[1] == stretches


async def test_a_damaged_text_holds_up_no_other(books: Books) -> None:
    broken, whole = await a_case(books.database), await a_case(books.database)
    async with books.database.work() as work:
        await keep_texts(work, {one.id: Searched("桌腿裂开") for one in (broken, whole)})
        bent = text("UPDATE search_texts SET text = :text WHERE number = 1")
        await work.session.execute(bent, {"text": b"\x01\x02k1" + bytes(40)})
    await books.indexed()
    assert await rows(books, "search_wanted") == 0
    assert await books.found("桌腿") == [whole.number]
    async with books.database.work() as work:
        await keep_texts(work, {broken.id: Searched("桌腿裂开")})
    await books.indexed()
    assert await books.found("桌腿") == [whole.number, broken.number]
    async with books.database.work() as work:
        await work.session.execute(bent, {"text": b"\x01\x02k1" + bytes(40)})
    assert await books.found("桌腿") == [whole.number]
