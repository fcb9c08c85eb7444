"""What is masked in a text is found by none of its parts, addresses and former names neither."""

from typing import Any

import pytest

from services.mediation.use_cases.correcting import correct
from shared.work import Database
from tests.mediation.searches import Books
from tests.mediation.things import IntakeInMemory


@pytest.fixture
def books(database: Database, intake: IntakeInMemory) -> Books:
    return Books(database, intake)


def said(**words: Any) -> dict[str, Any]:
    return {"subject": "餐桌开裂", "text": "桌面中间裂开一条缝。"} | words


async def test_what_is_masked_in_a_text_is_not_found_by_its_parts(books: Books) -> None:
    case = await books.case(
        complainant={"name": "吴小莉", "address": "四川省遂宁市船山区光明街八号"},
        words=said(
            subject="光明街八号漏水",
            text="我住四川省遂宁市船山区光明街八号，光明街八号楼上漏水。",
            place="光明街八号三楼",
            goods_or_service="光明街八号的防水",
            order_no="A7X99吴小莉13800138000",
            formerly=[{"name": "吴晓丽"}, {"address": "凯旋路88号院"}],
            agent={"name": "冯大律", "address": "四川省遂宁市船山区和平路六号"},
        )
        | {"claims": []},
        respondent={"name": "遂宁防水公司"},
    )
    other = await books.case(words=said(text="光明街上的店，和平路也有。"))
    for q in ("光明街", "光明街八", "街八号", "和平路六", "凯旋路", "吴小", "晓丽", "1380013"):
        assert case.number not in await books.found(q), q
    assert await books.found("光明街") == [other.number]
    for q in ("漏水", "楼上漏水", "的防水", "a7x9", "遂宁防水"):
        assert await books.found(q) == [case.number], q


async def test_a_name_that_is_corrected_is_not_found_by_its_parts_before_or_after(
    books: Books,
) -> None:
    case = await books.case(words=said(text="我叫周晓明，桌面裂了。"))
    async with books.database.work() as work:
        await correct(work, case, {"/complainant/name": "周小民"})
    await books.indexed()
    for q in ("周晓", "晓明", "小民"):
        assert await books.found(q) == []
    assert await books.found("桌面裂了") == [case.number]
