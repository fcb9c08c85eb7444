"""A page of the trail may be short and go on; a file goes on by itself."""

import httpx
import pytest

from shared.runtime.embedded import Embedded
from shared.trail import Chain, Doer, Noted, Said, note_all
from shared.trail.question import MOST
from shared.work import Database
from tests.mediation.test_audit_page import API, HERE, lines_in, log_in
from tests.mediation.things import a_case

STRANGER = Doer("stranger")
REFUSED = Noted(Chain("refused", "mediation"), STRANGER, Said("code.wrong"))


@pytest.fixture
def books(platform: Embedded) -> Database:
    return platform.running["mediation"].database


async def test_wrong_codes_of_strangers_make_pages_short_and_never_long_to_wait_for(
    client: httpx.AsyncClient, books: Database
) -> None:
    await log_in(client, books, "auditor", "local", "demo")
    case = await a_case(books, body="demo", demo=True)
    async with books.work() as work:
        await note_all(work, [REFUSED] * (MOST + 1))
    asked = {"service": "mediation", "until": "2026-06-23"}
    page = await client.get(HERE, params=asked | {"kind": "refused"})
    assert "没有这样的记录" not in page.text
    assert "这一页没有满" in page.text
    assert 'rel="next"' in page.text
    english = await client.get(HERE, params=asked | {"kind": "refused", "lang": "en"})
    assert "This page is not full" in english.text
    short = (await client.get(API, params=asked)).json()
    assert "case" not in {one["kind"] for one in short["items"]}
    rest = (await client.get(API, params=asked | {"cursor": short["next"]})).json()
    assert case.number in {one["thing"] for one in rest["items"]}
    assert rest["next"] is None
    file = await client.get(API + ".csv", params=asked)
    assert case.number in {row[6] for row in lines_in("csv", file.content)}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the trail have three rows."""
    monkeypatch.setenv("MEDIATION_AUDIT_ROWS", "3")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_file_that_stops_at_audit_rows_says_so_in_it_above_it_and_on_the_page(
    few: None, platform: Embedded, client: httpx.AsyncClient, books: Database, form: str
) -> None:
    await log_in(client, books, "auditor")
    async with books.work() as work:
        await note_all(work, [REFUSED] * 4)
    asked = {"kind": "refused", "until": "2026-06-23"}
    file = await client.get(f"{API}.{form}", params=asked)
    *lines, last = lines_in(form, file.content)
    assert [line[10] for line in lines] == ["4", "3", "2"]
    assert last[0] == ("不完整：文件里只有最新的3条，更早的没有写进来。请缩短日期，分几次导出。")
    assert file.headers["x-rows-cut-at"] == "3"
    page = await client.get(HERE)
    assert "一个文件最多有最新的3条" in page.text
    told = (await client.get(API, params={"action": "audit.exported"})).json()["items"]
    assert [one["said"] for one in told] == [asked | {"form": form, "rows": 3, "more": True}]


async def test_a_file_that_has_everything_says_nothing_of_the_kind(
    few: None, platform: Embedded, client: httpx.AsyncClient, books: Database
) -> None:
    await log_in(client, books, "auditor")
    async with books.work() as work:
        await note_all(work, [REFUSED] * 3)
    file = await client.get(API + ".csv", params={"kind": "refused"})
    assert [line[10] for line in lines_in("csv", file.content)] == ["3", "2", "1"]
    assert "x-rows-cut-at" not in file.headers
