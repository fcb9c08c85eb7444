"""Searching on the desk's page, by the API and for the ledger: what each is told and shown."""

import re
from html import unescape
from io import BytesIO
from urllib.parse import unquote

import httpx
import pytest
from openpyxl import load_workbook

from services.mediation.use_cases import desk
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.searches import Books
from tests.mediation.things import Colleague, IntakeInMemory, form_token, logged_in

DESK, API = "/mediation/cases", "/mediation/api/v1/cases"
LEDGER = "/mediation/cases.xlsx"
HTML = {"Accept": "text/html"}
IN_ADDRESS = "要找的内容不能写在网址里"
SHORT = "请至少输入两个字再查找，一个字查不了。"


@pytest.fixture
def books(database: Database, intake: IntakeInMemory) -> Books:
    return Books(database, intake)


async def searched(lin: Colleague, q: str) -> httpx.Response:
    """The desk after something was searched on its page."""
    token = form_token(await lin.client.get(DESK))
    fields = {"form_token": token, "q": q}
    return await lin.client.post(DESK, data=fields, follow_redirects=True)


async def test_the_desk_finds_words_and_shows_nothing_masked(books: Books, lin: Colleague) -> None:
    case = await books.case(words={"subject": "餐桌", "text": "周晓明说桌腿裂开"})
    page = await searched(lin, "桌腿 周晓明")
    assert page.status_code == 200
    assert case.number in page.text
    assert "共1件" in unescape(page.text)
    assert '<option value="all" selected>' in page.text
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
    [after] = [one for one in links_in(first.text) if "cursor=" in one]
    second = await lin.client.get(after)
    shown = [[one.number in page.text for one in cases] for page in (first, second)]
    assert shown == [[False, False, False, True, True], [False, True, True, False, False]]
    assert 'value="裂开"' in second.text


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
    await books.case(words={"subject": "门", "text": "门铰链断了"})
    [ledger] = [one for one in links_in((await searched(lin, "桌腿")).text) if LEDGER in one]
    answer = await lin.client.get(ledger)
    assert answer.status_code == 200
    assert subjects_in(answer.content) == ["餐桌"]


async def test_what_is_searched_never_stands_in_the_address_of_a_page(
    books: Books, lin: Colleague
) -> None:
    case = await books.case(words={"subject": "餐桌", "text": "桌腿裂开"})
    for address in (DESK, LEDGER):
        answer = await lin.client.get(address, params={"q": "桌腿"}, headers=HTML)
        assert answer.status_code == 422, address
        assert IN_ADDRESS in unescape(answer.text)
        assert ("桌腿" in answer.text, case.number in answer.text) == (False, False)
        assert f'href="{address}"' in answer.text
    page = await searched(lin, "桌腿")
    assert case.number in page.text
    for one in (str(page.url), *links_in(page.text)):
        assert "桌腿" not in unquote(one)


async def test_a_sealed_search_is_for_who_typed_it_and_for_an_hour(
    books: Books, lin: Colleague, database: Database, clock: StandingClock
) -> None:
    case = await books.case(words={"subject": "餐桌", "text": "桌腿裂开"})
    address = str((await searched(lin, "桌腿")).url)
    clock.move(minutes=59)
    assert case.number in (await lin.client.get(address)).text
    await expired(lin, address[:-4] + "AAAA")
    ming = await logged_in(lin.client, database, "ming")
    await expired(ming, address)
    own = str((await searched(ming, "桌腿")).url)
    assert case.number in (await ming.client.get(own)).text
    clock.move(minutes=61)
    await expired(ming, own)


async def expired(colleague: Colleague, address: str) -> None:
    """Assert that an address finds nothing any more, and says what to do."""
    refused = await colleague.client.get(address, headers=HTML)
    assert refused.status_code == 422
    assert "这次查找已经过期，请重新输入要找的内容。" in refused.text


async def test_an_empty_search_leads_back_to_the_whole_desk(books: Books, lin: Colleague) -> None:
    case = await books.case()
    page = await searched(lin, "  ")
    assert (page.url.path, page.url.query) == (DESK, b"")
    assert case.number in page.text


def subjects_in(ledger: bytes) -> list[str]:
    """What the cases of a ledger are about."""
    sheet = load_workbook(BytesIO(ledger), read_only=True).worksheets[0]
    head, *rows = list(sheet.iter_rows(values_only=True))
    place = next(at for at, one in enumerate(head) if one == "事由")
    return [str(row[place]) for row in rows]


def links_in(page: str) -> list[str]:
    """The addresses that a page leads to."""
    return re.findall(r'(?:href|action)="([^"]+)"', unescape(page))
