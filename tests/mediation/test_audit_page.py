"""Auditors read what was done in every service in one list; that they did is in it."""

import csv
import io
from typing import Any
from uuid import UUID

import httpx
import openpyxl
import pytest

from services.mediation.use_cases.staff import account_of, add_staff
from shared.runtime.embedded import Embedded
from shared.trail import Chain, Doer, Said, note
from shared.trail.refusals import refusals_of
from shared.work import Database
from tests.mediation.things import PASSWORD, a_case, a_colleague, walk

HERE = "/mediation/audit"
API = "/mediation/api/v1/audit"
LIN = Doer("staff", None, "林调解员", "mediator")


@pytest.fixture
def books(platform: Embedded) -> Database:
    return platform.running["mediation"].database


async def log_in(
    client: httpx.AsyncClient, books: Database, role: str, name: str = "shen", body: str = ""
) -> None:
    async with books.work() as work:
        first = await add_staff(work, name, display=f"{name}先生", role=role, body=body)
    form = {"name": name, "password": first, "new_password": PASSWORD}
    answer = await client.post("/mediation/api/v1/login", json=form)
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def auditor(client: httpx.AsyncClient, books: Database) -> httpx.AsyncClient:
    """Somebody who audits every body, logged in."""
    await log_in(client, books, "auditor")
    return client


async def noted(platform: Embedded, service: str, key: str, **values: Any) -> None:
    async with platform.running[service].database.work() as work:
        await note(work, Chain("setting", key), LIN, Said("setting.changed", values))


async def rows(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get(API, params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_rows_of_all_services_stand_in_one_list_newest_first(
    platform: Embedded, auditor: httpx.AsyncClient
) -> None:
    for name in ("intake", "mediation", "notification", "analytics"):
        await noted(platform, name, f"of-{name}", name=name)
    found = await rows(auditor, kind="setting")
    assert [one["service"] for one in found] == [
        "analytics", "notification", "mediation", "intake",
    ]  # fmt: skip
    assert found[0]["doer_name"] == "林调解员"
    assert found[0]["said"] == {"name": "analytics"}
    assert [one["key"] for one in await rows(auditor, service="intake", kind="setting")] == [
        "of-intake"
    ]


async def test_pages_follow_each_other_without_a_gap(
    platform: Embedded, auditor: httpx.AsyncClient
) -> None:
    for n in range(5):
        await noted(platform, ("intake", "analytics")[n % 2], str(n))
    keys: list[str] = []
    query = {"kind": "setting", "limit": "2"}
    while True:
        page = (await auditor.get(API, params=query)).json()
        keys += [one["key"] for one in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert keys == ["4", "3", "2", "1", "0"]


async def test_reading_and_exporting_are_in_the_trail_with_their_filters(
    auditor: httpx.AsyncClient,
) -> None:
    await rows(auditor, kind="setting", since="2026-06-01")
    file = await auditor.get(API + ".csv", params={"person": "shen"})
    assert file.status_code == 200
    taken = len(lines_in("csv", file.content))
    found = await rows(auditor, kind="audit")
    assert [one["action"] for one in found] == ["audit.read", "audit.exported", "audit.read"]
    assert found[0]["said"] == {"kind": "audit"}
    assert found[1]["said"] == {"person": "shen", "form": "csv", "rows": taken}
    assert found[2]["said"] == {"kind": "setting", "since": "2026-06-01"}
    assert {one["doer_name"] for one in found} == {"shen先生"}


async def test_a_case_is_found_by_its_number_with_its_steps_and_its_looks(
    books: Database, auditor: httpx.AsyncClient
) -> None:
    case = await a_case(books)
    await walk(books, case, await a_colleague(books), "accept")
    await a_case(books)
    async with books.work() as work:
        await note(work, Chain("case", str(case.id)), LIN, Said("mask.opened"))
    found = await rows(auditor, case=case.number)
    assert [one["action"] for one in found] == ["mask.opened", "step:accept", "step:open"]
    assert {one["thing"] for one in found} == {case.number}
    assert found[1]["doer_name"] == "lin调解员"


async def test_what_one_person_did_is_found_by_either_name(
    books: Database, auditor: httpx.AsyncClient
) -> None:
    lin = await a_colleague(books)
    case = await walk(books, await a_case(books), lin, "accept")
    for name in ("lin", "lin调解员"):
        found = await rows(auditor, person=name)
        assert [(one["action"], one["thing"]) for one in found] == [("step:accept", case.number)]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"person": "nobody"}, "person"),
        ({"case": "999999-000000000"}, "case"),
        ({"kind": "x"}, "kind"),
        ({"action": "x"}, "action"),
        ({"service": "x"}, "service"),
        ({"since": "x"}, "since"),
        ({"since": "9999-12-31"}, "since"),
        ({"since": "2026-06-02", "until": "2026-06-01"}, "until"),
        ({"cursor": "x"}, "cursor"),
    ],
)
async def test_a_filter_that_cannot_be_is_named_and_nothing_is_noted(
    books: Database, auditor: httpx.AsyncClient, query: dict[str, str], name: str
) -> None:
    answer = await auditor.get(API, params=query)
    assert answer.status_code == 422
    assert [one["pointer"].rsplit("/", 1)[-1] for one in answer.json()["errors"]] == [name]
    assert [one["action"] for one in await rows(auditor, kind="audit")] == ["audit.read"]


async def test_who_audits_one_body_sees_what_its_people_did_and_its_cases(
    platform: Embedded, client: httpx.AsyncClient, books: Database
) -> None:
    await log_in(client, books, "auditor", "local", "main")
    ours, theirs = await a_case(books), await a_case(books, body="demo", demo=True)
    stranger = await a_colleague(books, "wang", "demo")
    await noted(platform, "intake", "x")
    async with books.work() as work:
        doer = Doer("staff", stranger.id, "wang调解员", "mediator")
        await note(work, Chain("case", str(theirs.id)), doer, Said("mask.opened"))
    found = await rows(client)
    assert {one["thing"] for one in found if one["kind"] == "case"} == {ours.number}
    assert [one["key"] for one in found if one["kind"] == "setting"] == ["x"], "there is one body"
    for query in ({"case": theirs.number}, {"person": "wang"}):
        assert (await client.get(API, params=query)).status_code == 422


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", ""),
        ("main", "也有不属于哪个机构的：设置、规则包、密钥"),
        ("demo", "别人对它们做的由全部机构的审计员查看"),
    ],
)
async def test_the_page_says_who_sees_what_belongs_to_no_body(
    platform: Embedded, client: httpx.AsyncClient, books: Database, body: str, told: str
) -> None:
    await log_in(client, books, "auditor", "local", body)
    await noted(platform, "intake", "x", note="换了邮件服务器")
    page = (await client.get(HERE)).text
    assert told in page
    assert ("换了邮件服务器" in page) == (body != "demo")
    assert ("不属于哪个机构" in page) == bool(body)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_the_file_of_one_body_has_what_was_done_to_its_things_and_no_others(
    platform: Embedded, client: httpx.AsyncClient, books: Database, form: str
) -> None:
    await log_in(client, books, "auditor", "local", "main")
    ours, theirs = await a_case(books), await a_case(books, body="demo", demo=True)
    admin = Doer("staff", UUID(int=10), "总管理员", "administrator")
    for case in (ours, theirs):
        async with books.work() as work:
            await note(work, Chain("case", str(case.id)), admin, Said("mask.opened"))
    answer = await client.get(f"{API}.{form}", params={"kind": "case"})
    [ours_looked, ours_opened] = lines_in(form, answer.content)
    assert (ours_looked[1], ours_looked[6]) == ("总管理员", ours.number)
    assert ours_opened[6] == ours.number


def lines_in(form: str, content: bytes) -> list[list[str]]:
    """The rows of a file below its head."""
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
    [sheet] = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return [[str(one.value or "") for one in row] for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize("role", ["mediator", "administrator", "registrar"])
async def test_whoever_may_not_read_it_is_refused_and_that_is_in_it(
    platform: Embedded, client: httpx.AsyncClient, books: Database, role: str
) -> None:
    await log_in(client, books, role, "curious", "main")
    for address in (API, HERE, API + ".csv", "/mediation/looks"):
        assert (await client.get(address)).status_code == 403
    assert await refusals_of(books).write("mediation") == 4
    await log_in(client, books, "auditor")
    found = await rows(client, kind="refused")
    assert {one["action"] for one in found} == {"refused.forbidden"}
    assert {one["doer_name"] for one in found} == {"curious先生"}
    assert found[0]["said"]["route"] == "/mediation/looks"
    assert not await rows(client, action="audit.read", person="curious")


async def test_the_page_shows_rows_in_words_and_keeps_what_was_typed(
    platform: Embedded, auditor: httpx.AsyncClient
) -> None:
    await noted(platform, "notification", "mailer", note="换了邮件服务器")
    page = await auditor.get(HERE, params={"kind": "setting", "person": ""})
    assert page.status_code == 200
    for words in ("修改设置", "林调解员", "调解员", "换了邮件服务器", "函件服务", "第1条"):
        assert words in page.text
    wrong = await auditor.get(HERE, params={"person": "nobody"})
    assert "没有这样的人员：请写全账号，或者写全姓名。" in wrong.text
    assert 'value="nobody"' in wrong.text
    english = await auditor.get(HERE, params={"kind": "setting", "lang": "en"})
    assert "Setting changed" in english.text
    assert "Letters service" in english.text


@pytest.mark.parametrize("page", [HERE, "/mediation/looks"])
async def test_days_the_wrong_way_round_are_named_beside_their_field_and_nothing_is_noted(
    client: httpx.AsyncClient, books: Database, page: str
) -> None:
    await log_in(client, books, "auditor" if page == HERE else "privacy_officer")
    answer = await client.get(page, params={"since": "2026-06-02", "until": "2026-06-01"})
    assert '<p class="error small" id="filter-until-error">结束日期早于开始日期，' in answer.text
    assert 'value="2026-06-01" aria-invalid="true"' in answer.text
    assert "没有这样的记录" not in answer.text
    assert "没有人看过" not in answer.text
    assert [one["action"] for one in await rows(client, kind="audit")] == ["audit.read"]
    english = await client.get(
        page, params={"since": "2026-06-02", "until": "2026-06-01", "lang": "en"}
    )
    assert "The last day lies before the first; please change one of them." in english.text


async def test_erased_values_are_shown_as_erased(
    platform: Embedded, auditor: httpx.AsyncClient
) -> None:
    await noted(platform, "intake", "x", note="秘密")
    async with platform.running["intake"].database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE audit_log SET sealed = NULL")
    page = await auditor.get(HERE, params={"kind": "setting"})
    assert "内容已经删除，记录还在" in page.text
    assert "秘密" not in page.text


async def test_a_service_that_is_silent_is_named_and_makes_no_file(
    platform: Embedded, auditor: httpx.AsyncClient
) -> None:
    await noted(platform, "intake", "x")
    async with platform.running["notification"].database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE audit_log RENAME TO away")
    page = await auditor.get(HERE)
    assert "函件服务没有应答" in page.text
    assert (await auditor.get(API)).json()["silent"] == ["notification"]
    assert (await auditor.get(API + ".csv")).status_code == 503


async def test_a_csv_file_has_every_row_and_no_formula(
    platform: Embedded, auditor: httpx.AsyncClient
) -> None:
    await noted(platform, "intake", "=HYPERLINK(1)", note="甲,乙")
    answer = await auditor.get(API + ".csv", params={"kind": "setting"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="audit-2026-06-23.csv"' in answer.headers["content-disposition"]
    head, row = answer.content.decode("utf-8-sig").splitlines()
    assert head.startswith("时间,谁,代谁,角色,做了什么")
    assert "'=HYPERLINK(1)" in row
    assert '"补充说明 甲,乙"' in row


async def test_an_excel_file_has_every_row_as_text(
    platform: Embedded, auditor: httpx.AsyncClient, tmp_path: Any
) -> None:
    for n in range(3):
        await noted(platform, "analytics", f"={n}")
    answer = await auditor.get(API + ".xlsx", params={"kind": "setting"})
    file = tmp_path / "audit.xlsx"
    file.write_bytes(answer.content)
    [sheet] = openpyxl.load_workbook(file).worksheets
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[6] for row in cells] == ["=2", "=1", "=0"]
    assert {row[8] for row in cells} == {"统计服务"}


async def test_other_kinds_of_files_are_not_made(auditor: httpx.AsyncClient) -> None:
    assert (await auditor.get(API + ".pdf")).status_code == 404
    assert [one["action"] for one in await rows(auditor, kind="audit")] == ["audit.read"]


async def test_an_account_is_the_thing_of_its_own_chain(
    books: Database, auditor: httpx.AsyncClient
) -> None:
    async with books.work() as work:
        mine = await account_of(work.session, "shen")
        await note(work, Chain("staff", str(mine.id)), LIN, Said("staff.changed"))
    [found] = await rows(auditor, action="staff.changed")
    assert found["thing"] == "shen先生"
