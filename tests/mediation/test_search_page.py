"""Searching on the desk's page, by the API and for the ledger: what each is told and shown."""

from html import unescape

import httpx
import pytest

from services.mediation.use_cases import desk
from shared.work import Database
from tests.mediation.searches import Books
from tests.mediation.things import Colleague, IntakeInMemory, form_token

DESK, API = "/mediation/cases", "/mediation/api/v1/cases"
SHORT = "请至少输入两个字再查找，一个字查不了。"


@pytest.fixture
def books(database: Database, intake: IntakeInMemory) -> Books:
    return Books(database, intake)


async def searched(lin: Colleague, q: str, **more: str) -> httpx.Response:
    """The desk after something was searched on its page."""
    token = form_token(await lin.client.get(DESK))
    return await lin.client.post(DESK, data={"form_token": token, "q": q, **more})


async def test_the_desk_finds_words_and_shows_nothing_masked(books: Books, lin: Colleague) -> None:
    case = await books.case(words={"subject": "餐桌", "text": "周晓明说桌腿裂开"})
    page = await searched(lin, "桌腿 周晓明")
    assert page.status_code == 200
    assert case.number in page.text
    assert "共1件" in unescape(page.text)
    assert page.text.count("周晓明") == 1  # what was typed
    other = await searched(lin, "门铰链")
    assert case.number not in other.text
    assert "没有找到" in other.text


async def test_the_desk_pages_through_what_was_found(
    books: Books, lin: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PAGE", 2)
    monkeypatch.setattr(desk, "MOST_COUNTED", 4)
    cases = [await books.case() for _ in range(5)]
    first = await searched(lin, "裂开")
    assert "共4+件" in unescape(first.text)
    cursor = first.text.partition('name="cursor" value="')[2].partition('"')[0]
    second = await searched(lin, "裂开", cursor=cursor)
    shown = [[one.number in page.text for one in cases] for page in (first, second)]
    assert shown == [[False, False, False, True, True], [False, True, True, False, False]]
    assert "裂开" not in str(second.url)


async def test_one_character_is_told_on_the_page_and_by_the_api(
    books: Books, lin: Colleague
) -> None:
    case = await books.case()
    page = await searched(lin, "裂")
    assert (page.status_code, SHORT in page.text, case.number in page.text) == (200, True, False)
    answer = await lin.client.get(API, params={"q": "裂"})
    problem = answer.json()
    assert (answer.status_code, problem["detail"]) == (422, SHORT)
    assert [one["pointer"] for one in problem["errors"]] == ["/query/q"]
    english = await lin.client.get(API, params={"q": "裂"}, headers={"Accept-Language": "en"})
    assert english.json()["detail"] == (
        "Please search for two characters at least; one is not enough."
    )


async def test_the_api_pages_through_what_was_found(books: Books, lin: Colleague) -> None:
    cases = [await books.case() for _ in range(3)]
    asked = {"q": "桌面 开裂", "limit": "2"}
    first = (await lin.client.get(API, params=asked)).json()
    rest = (await lin.client.get(API, params=asked | {"cursor": first["next"]})).json()
    found = [one["number"] for one in [*first["items"], *rest["items"]]]
    assert found == [one.number for one in reversed(cases)]
    assert rest["next"] is None
    assert all(one["complainant"] == "周**" for one in first["items"])


async def test_a_cursor_of_hits_that_was_bent_is_refused(books: Books, lin: Colleague) -> None:
    for cursor in ("x", "WyJmb3VuZCIsICJ4Il0"):
        answer = await lin.client.get(API, params={"q": "裂开", "cursor": cursor})
        assert (answer.status_code, "翻页的位置不对" in answer.text) == (422, True), answer.text


async def test_the_ledger_holds_what_was_found(books: Books, lin: Colleague) -> None:
    await books.case(words={"subject": "餐桌", "text": "桌腿裂开"})
    answer = await lin.client.get("/mediation/cases.xlsx", params={"q": "桌腿"})
    assert answer.status_code == 200
    assert len(answer.content) > 4000
