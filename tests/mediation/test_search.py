"""Cases found by words of their text, on both databases, and by nothing that is masked."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from services.mediation.ports import Record
from services.mediation.tables import SEALED_TEXT, SearchTextRow
from services.mediation.use_cases import desk
from services.mediation.use_cases.allowing import Seen
from services.mediation.use_cases.desk import Count, Filters
from services.mediation.use_cases.finding import (
    On,
    TooShortError,
    counted_page,
    find_cases,
    page_of,
)
from services.mediation.use_cases.searching import candidates, looking
from shared.rights import Reach
from shared.vault import Cipher, Sealed, UnknownKeyError, head_of
from shared.work import Database
from tests.mediation.searches import MAIN, Books
from tests.mediation.things import IntakeInMemory, a_colleague, walk


@pytest.fixture
def books(database: Database, intake: IntakeInMemory) -> Books:
    return Books(database, intake)


def said(**words: Any) -> dict[str, Any]:
    return {"subject": "餐桌开裂", "text": "桌面中间裂开一条缝。"} | words


async def test_words_of_each_field_are_found_the_newest_first(books: Books) -> None:
    old = await books.case(words=said(text="健身房倒闭，年卡 iPhone13 的钱不退。"))
    new = await books.case(
        words=said(text="瑜伽馆倒闭了", place="南强街18号", goods_or_service="年卡")
        | {"order_no": "A7X99"},
        respondent={"name": "遂宁悦动健身有限公司"},
    )
    assert await books.found("倒闭") == [new.number, old.number]
    assert await books.found("健身房 倒闭") == [old.number]
    assert await books.found("悦动") == [new.number]
    assert await books.found("ＩＰＨＯＮＥ") == [old.number]
    assert await books.found("phone1 年卡") == [old.number]
    for q in ("瑜伽", "强街", "a7x", "餐桌 瑜伽馆倒闭了", "年卡，南强街"):
        assert await books.found(q) == [new.number]
    for q in ("倒闭健身房", "闭健", "退了", "瑜伽 年卡 iphone", "没有的话", "缝。餐"):
        assert await books.found(q) == []


async def test_names_and_numbers_of_people_are_found_whole_or_not_at_all(books: Books) -> None:
    case = await books.case(
        complainant={"name": "周晓明", "phone": "13800001234", "id_number": "51090319900101123x"},
        words=said(
            text="我是周晓明，电话13800001234，卡号6222020200112233445，退款。",
            agent={"name": "吴桂芳", "phone": "13900005678"},
        ),
    )
    for q in ("周晓明", "13800001234", "+86 138-0000-1234", "51090319900101123X", "吴桂芳"):
        assert await books.found(q) == [case.number], q
    assert await books.found("退款 周晓明 13900005678") == [case.number]
    for q in ("周晓", "晓明", "8000012", "51090319900101", "桂芳 退款", "6222020200112233445"):
        assert await books.found(q) == [], q


async def test_who_reported_something_is_found_by_nothing(books: Books) -> None:
    case = await books.case(
        {"kind": "report"},
        complainant={"name": "周晓明", "phone": "13800001234", "id_number": "510903199001011234"},
        words=said(text="我叫周晓明，举报商家卖过期食品", agent={"name": "吴桂芳"}),
    )
    assert await books.found("过期食品") == [case.number]
    assert await books.found("安澜禾木家居有限公司") == [case.number]
    for q in ("周晓明", "13800001234", "510903199001011234", "吴桂芳", "过期食品 周晓明"):
        assert await books.found(q) == [], q


async def test_one_character_is_refused_in_words_and_two_apart_may_be_a_name(
    books: Books,
) -> None:
    case = await books.case(complainant={"name": "张三", "phone": None})
    for q in ("裂", " 裂！", "𠮷"):
        with pytest.raises(TooShortError) as refused:
            await books.found(q)
        assert refused.value.pointer == "/query/q"
    assert await books.found("？！") == []
    assert await books.found("张 三") == [case.number]
    assert await books.found("桌 面") == []
    assert await books.found("桌 面中") == [case.number]


async def test_what_is_searched_lies_within_the_filters(books: Books) -> None:
    lin = await a_colleague(books.database)
    mine = await books.case({"channel": "fax"})
    other = await books.case({"body": "demo"})
    closed = await books.case()
    await walk(books.database, mine, lin, "take")
    await walk(books.database, closed, lin, "refuse")
    both = Filters(("main", "demo"))
    assert await books.found("裂开", both) == [closed.number, other.number, mine.number]
    assert await books.found("裂开", Filters(("demo",))) == [other.number]
    assert await books.found("裂开", Filters(())) == []
    assert await books.found("裂开", replace(both, state="open")) == [other.number, mine.number]
    assert await books.found("裂开", replace(both, state="closed")) == [closed.number]
    assert await books.found("裂开", replace(both, channel="fax")) == [mine.number]
    assert await books.found("裂开", replace(both, assignee=lin.id)) == [mine.number]
    assert await books.found("周晓明", replace(both, channel="fax")) == [mine.number]


async def test_words_and_counts_stay_within_the_reach_of_who_searches(books: Books) -> None:
    lin = await a_colleague(books.database)
    mine, _ = await books.case(), await books.case()
    await walk(books.database, mine, lin, "take")
    assert lin.id is not None
    owned = Reach(owners=frozenset({("main", lin.id)}))
    for reach, numbers in ((owned, [mine.number]), (Reach(), [])):
        asked = replace(MAIN, q="裂开", seen=Seen(reach))
        for q in ("裂开", "周晓明", "安澜禾木家居有限公司"):
            assert await books.found(q, asked) == numbers
        async with books.database.reading() as session:
            _, count = await counted_page(session, books.database.vault, asked, None, 50)
        assert count == Count(len(numbers), more=False)


async def test_pages_follow_each_other_and_counts_stop_at_their_limit(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "FEWEST", 2)
    monkeypatch.setattr(candidates, "CHUNK", 2)
    cases = [await books.case() for _ in range(7)]
    newest = [one.number for one in reversed(cases)]
    asked, vault = replace(MAIN, q="裂开"), books.database.vault
    seen: list[str] = []
    on: On | None = None
    for _ in range(3):
        async with books.database.reading() as session:
            page, count = await counted_page(session, vault, asked, on, 3)
            same = await page_of(session, vault, asked, on, 3)
        assert (same, count) == (page, Count(7, more=False))
        seen += [one.case["number"] for one in page.cases]
        on = page.on
    assert (seen, on) == (newest, None)
    monkeypatch.setattr(desk, "MOST_COUNTED", 5)
    async with books.database.reading() as session:
        page, count = await counted_page(session, vault, asked, None, 3)
    assert (len(page.cases), count) == (3, Count(5, more=True))


async def test_a_search_stops_after_so_many_candidates_and_can_go_on(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await books.case()
    for _ in range(4):
        await books.case({"body": "demo"})
    for name in ("FEWEST", "CHUNK", "BATCH"):
        monkeypatch.setattr(candidates, name, 2)
    monkeypatch.setattr(looking, "MOST_LOOKED", 4)
    asked = replace(MAIN, q="裂开")
    first = await find_cases(books.database, asked, None, 50)
    assert (first.cases, first.on) == ([], 2)
    second = await find_cases(books.database, asked, first.on, 50)
    assert ([one.case["number"] for one in second.cases], second.on) == ([old.number], None)


async def test_what_fails_in_a_search_is_said_as_it_is_and_the_next_search_works(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, _, new = [await books.case() for _ in range(3)]
    for name in ("FEWEST", "CHUNK", "BATCH"):
        monkeypatch.setattr(candidates, name, 1)
    foreign = Sealed(head_of(Cipher.AES, "k7") + bytes(40), SEALED_TEXT)
    async with books.database.work() as work:
        theirs = update(SearchTextRow).where(SearchTextRow.case_id == new.id)
        await work.session.execute(theirs.values(text=foreign))
    with pytest.raises(UnknownKeyError):  # while the next texts are already asked for
        await books.found("裂开")
    async with books.database.work() as work:
        await work.session.execute(delete(SearchTextRow).where(SearchTextRow.case_id == new.id))
    assert (await books.found("裂开"))[-1] == old.number
    async with books.database.work() as work:
        await work.session.execute(text("DROP TABLE search_texts"))
    with pytest.raises(DBAPIError):
        await books.found("裂开")


async def test_a_candidate_by_tokens_alone_is_no_hit(books: Books) -> None:
    await books.case(words=said(text="退款给我，款式不对，式样也不对"))
    assert await books.found("退款式样") == []
    assert len(await books.found("款式")) == 1


async def test_intake_is_asked_once_for_words_and_texts(books: Books) -> None:
    case = await books.case()
    assert books.intake.asked == [[case.complaint_id]]
    record = books.intake.records[case.complaint_id]
    assert isinstance(record, Record)
