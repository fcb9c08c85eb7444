"""The pages: every state shown, every step taken by form, nothing typed ever lost."""

import io
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from openpyxl import load_workbook

from services.mediation.domain.case import State
from services.mediation.ports import EntryRefusedError
from services.mediation.steps import FetchWords
from shared.work import Database
from tests.mediation.things import (
    PASSWORD,
    Colleague,
    IntakeInMemory,
    a_case,
    a_record,
    form_token,
    said,
    the_case,
    walk,
)

DESK = "/mediation/cases"
Sent = tuple[str, dict[str, Any]]
"""A step and the fields of its form."""
WAYS: dict[State, tuple[str, ...]] = {
    State.REGISTERED: (),
    State.ACCEPTED: ("accept",),
    State.FORWARDED: ("accept", "forward"),
    State.REPLIED: ("accept", "forward", "record-reply"),
    State.AGREED: ("accept", "agree"),
    State.FAILED: ("accept", "fail"),
    State.WITHDRAWN: ("withdraw",),
    State.CLOSED: ("refuse",),
}


@pytest.fixture
def database(on_sqlite: Database) -> Database:
    """Pages read what routes and steps are tested with on both; one database is enough here."""
    return on_sqlite


async def send(
    colleague: Colleague, page: str, action: str, fields: dict[str, Any]
) -> httpx.Response:
    """Fill in a form of a page and send it."""
    shown = await colleague.client.get(page)
    assert shown.status_code == 200
    data = {"form_token": form_token(shown)} | fields
    return await colleague.client.post(action, data=data)


async def test_whoever_is_not_logged_in_is_led_to_the_door_and_back(
    stranger: httpx.AsyncClient, lin: Colleague
) -> None:
    stranger.cookies.clear()
    html = {"Accept": "text/html"}
    led = await stranger.get(DESK + "?state=closed", headers=html)
    assert led.status_code == 303
    assert led.headers["location"] == "/mediation/login?next=%2Fmediation%2Fcases%3Fstate%3Dclosed"
    door = await stranger.get(led.headers["location"])
    fields = {
        "form_token": form_token(door), "name": "lin", "password": PASSWORD,
        "next": "/mediation/cases?state=closed",
    }  # fmt: skip
    wrong = await stranger.post("/mediation/login", data=fields | {"password": "x"})
    assert wrong.status_code == 422
    assert "账号或者密码不对。" in wrong.text
    assert 'value="lin"' in wrong.text
    done = await stranger.post("/mediation/login", data=fields)
    assert (done.status_code, done.headers["location"]) == (303, "/mediation/cases?state=closed")
    assert (await stranger.get(DESK)).status_code == 200
    elsewhere = await stranger.get("/mediation/login?next=https://evil.example/")
    assert elsewhere.headers["location"] == "/mediation/"


async def test_logging_out_ends_the_session(lin: Colleague) -> None:
    out = await send(lin, DESK, "/mediation/logout", {})
    assert out.headers["location"] == "/mediation/login"
    assert (await lin.client.get(DESK)).status_code == 401


async def test_the_desk_shows_what_is_due_first_with_words_and_no_phone(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    await walk(database, await a_case(database, respondent_known=False), lin.actor, "accept")
    intake.records[case.complaint_id] = a_record(case.complaint_id)
    await FetchWords(intake)(database)
    page = await lin.client.get(DESK)
    assert page.status_code == 200
    for words in ("餐桌开裂", case.number, "周**", "安澜禾木家居有限公司", "还剩", "商家不明"):
        assert words in page.text
    assert "13800000000" not in page.text
    assert "周晓明" not in page.text


async def test_the_desk_searches_by_post_so_that_names_stand_in_no_address(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    intake.records[case.complaint_id] = a_record(case.complaint_id)
    await FetchWords(intake)(database)
    for typed, words in (("周晓明", case.number), ("没有这个人", "没有找到")):
        led = await send(lin, DESK, DESK, {"q": typed})
        assert led.status_code == 303
        assert typed not in unquote(led.headers["location"])
        assert words in (await lin.client.get(led.headers["location"])).text


async def test_an_empty_desk_says_what_to_do(lin: Colleague) -> None:
    page = await lin.client.get(DESK)
    assert "这里没有案件" in page.text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("state", State)
async def test_a_case_in_every_state_has_a_page_in_both_languages(
    lin: Colleague, database: Database, intake: IntakeInMemory, state: State, language: str
) -> None:
    case = await walk(database, await a_case(database), lin.actor, *WAYS[state])
    assert case.state == state
    claims = [{"kind": "refund", "amount_fen": 12900}]
    words = {"subject": "餐桌开裂", "text": "<b>裂</b>", "claims": claims, "evidence": ["发票"]}
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=words)
    page = await lin.client.get(f"{DESK}/{case.number}?lang={language}")
    assert page.status_code == 200
    for one in ("餐桌开裂", "周**", "138****0000", "&lt;b&gt;裂", case.number):
        assert one in page.text
    assert "<b>裂" not in page.text
    assert page.text.count('name="version"') >= 5
    assert ("依法可以做的下一步" in page.text) is (language == "zh")


async def test_the_case_page_explains_each_running_clock(
    lin: Colleague, database: Database
) -> None:
    case = await walk(database, await a_case(database), lin.actor, "accept")
    page = await lin.client.get(f"{DESK}/{case.number}")
    assert "自2026-06-23受理之次日起30日，届满于2026-07-23（本会规则第二十八条）。" in page.text
    assert "届满于2026-06-29（本会规则第二十七条）。" in page.text


async def test_the_case_page_stands_while_intake_is_away(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    page = await lin.client.get(f"{DESK}/{case.number}")
    assert page.status_code == 200
    assert "登记服务暂时没有应答" in page.text


@pytest.mark.parametrize(
    ("walked", "sent", "state"),
    [
        ((), ("accept", {}), "accepted"),
        ((), ("refuse", {"refuse.reason": "settled", "refuse.note": "可以起诉"}), "closed"),
        ((), ("take", {}), "registered"),
        (("accept",), ("forward", {"forward.reply_due": "2026-07-01"}), "forwarded"),
        (("accept", "forward"), ("record-reply", {
            "record-reply.text": "同意", "record-reply.replied_on": "2026-06-23"}), "replied"),
        (("accept",), ("agree", {
            "agree.text": "退款", "agree.recovered_fen": "1,290.5"}), "agreed"),
        (("accept",), ("fail", {"fail.reason": "no_agreement"}), "failed"),
        ((), ("withdraw", {"withdraw.text": "不想投诉了"}), "withdrawn"),
        (("accept", "fail"), ("close", {}), "closed"),
        (("accept", "fail", "close"), ("reopen", {"reopen.note": "有新证据"}), "accepted"),
        ((), ("note", {"note.text": "来电"}), "registered"),
        ((), ("assign", {"assign.assignee": ""}), "registered"),
        ((), ("name-respondent", {"name-respondent.respondent.name": "甲"}), "registered"),
        ((), ("amend", {"was.matter.subject": "", "amend.matter.subject": "桌子"}), "registered"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("knowing_intake")
async def test_each_step_can_be_taken_by_its_form(
    lin: Colleague, database: Database, walked: tuple[str, ...], sent: Sent, state: str
) -> None:
    what, fields = sent
    case = await walk(database, await a_case(database), lin.actor, *walked)
    page = f"{DESK}/{case.number}"
    answer = await send(lin, page, f"{page}/steps/{what}", {"version": case.version} | fields)
    assert (answer.status_code, answer.headers.get("location")) == (303, page), answer.text
    after = await the_case(database, case.number)
    assert (after.state, after.version) == (state, case.version + 1)
    assert after.recovered_fen == (129050 if what == "agree" else None)


@pytest.mark.parametrize(
    ("sent", "sentence", "field"),
    [
        (("refuse", {"refuse.note": "写了很多字"}), "请选一个理由", "refuse-reason"),
        (("note", {"note.text": ""}), "请写备注的内容。", "note-text"),
        (("name-respondent", {"name-respondent.respondent.phone": "写了很多字"}),
         "请填写被投诉人的名称。", "name-respondent-respondent-name"),
        (("amend", {"was.respondent.uscc": "", "amend.respondent.uscc": "1",
                   "amend.matter.place": "写了很多字", "was.matter.place": ""}),
         "统一社会信用代码是18位，您填了1位。", "amend-respondent-uscc"),
        (("amend", {"was.matter.amount_fen": "", "amend.matter.amount_fen": "很多"}),
         "金额要以分为单位", "amend-matter-amount_fen"),
        (("amend", {"was.complainant.phone": "", "amend.complainant.phone": "abc"}),
         "这不像一个电话号码", "amend-complainant-phone"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("knowing_intake")
async def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_still_there(
    lin: Colleague, database: Database, sent: Sent, sentence: str, field: str
) -> None:
    what, fields = sent
    case = await a_case(database)
    page = f"{DESK}/{case.number}"
    answer = await send(lin, page, f"{page}/steps/{what}", {"version": 1} | fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'id="{field}-error"' in answer.text
    for value in fields.values():
        assert value in answer.text
    assert (await the_case(database, case.number)).version == 1
    assert len(await said(database)) == 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh", "最多写10000个字，请缩短。"), ("en", "At most 10000 characters; please shorten it.")],
)
async def test_a_note_that_is_too_long_is_counted_in_characters(
    lin: Colleague, database: Database, language: str, sentence: str
) -> None:
    case = await a_case(database)
    page = f"{DESK}/{case.number}"
    long = {"version": 1, "note.text": "长" * 10_001}
    answer = await send(lin, f"{page}?lang={language}", f"{page}/steps/note", long)
    assert answer.status_code == 422
    assert sentence in answer.text
    lin.header["Accept-Language"] = language
    told = await lin.post_step(case, "note", text="长" * 10_001)
    [error] = told.json()["errors"]
    assert sentence in error["detail"]
    assert (await the_case(database, case.number)).version == 1


async def test_a_form_from_an_old_page_is_refused_and_says_who_was_faster(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database)
    await walk(database, case, lin.actor, "accept")
    page = f"{DESK}/{case.number}"
    answer = await send(lin, page, f"{page}/steps/note", {"version": 1, "note.text": "我写的"})
    assert answer.status_code == 422
    assert "已经做了「受理投诉」" in answer.text
    assert "我写的" in answer.text
    assert (await the_case(database, case.number)).version == 2


async def test_what_was_written_for_a_step_that_is_gone_is_still_shown(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database)
    await walk(database, case, lin.actor, "accept")
    page = f"{DESK}/{case.number}"
    fields = {"version": 1, "refuse.reason": "settled", "refuse.note": "我写了很久的告知内容"}
    answer = await send(lin, page, f"{page}/steps/refuse", fields)
    assert answer.status_code == 422
    assert "我写了很久的告知内容" in answer.text


ENTRY = {
    "channel": "phone", "kind": "complaint", "complainant.name": "周晓明",
    "complainant.phone": "138 0000 0000", "respondent.name": "安澜禾木家居有限公司",
    "matter.subject": "餐桌开裂", "matter.text": "裂了一条缝。", "matter.amount": "129",
    "claims": ["refund", "apology"], "claimed": "129.00", "evidence": "发票\n照片",
    "consents.forwarding": "true",
}  # fmt: skip


@pytest.mark.parametrize("typed", ["", "telepathy"])
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "请选一项：来访、来电、来函、传真、网站、"),
        ("en", "Choose one: In person, Telephone, "),
    ],
)
async def test_a_channel_that_is_none_is_told_with_the_words_to_choose_from(
    lin: Colleague, intake: IntakeInMemory, typed: str, language: str, sentence: str
) -> None:
    page = "/mediation/register"
    answer = await send(lin, f"{page}?lang={language}", page, ENTRY | {"channel": typed})
    assert answer.status_code == 422
    begins = answer.text.index('id="channel-error"')
    told = answer.text[begins : answer.text.index("</p>", begins)]
    assert sentence in told
    assert "walk_in" not in told
    assert intake.entered == []


async def test_a_clerk_registers_a_complaint_in_one_page(
    lin: Colleague, intake: IntakeInMemory
) -> None:
    page = "/mediation/register"
    answer = await send(lin, page, page, ENTRY)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    [complaint] = intake.entered
    assert complaint == {
        "kind": "complaint",
        "channel": "phone",
        "body": "main",
        "complainant": {"name": "周晓明", "phone": "138 0000 0000"},
        "respondent": {"name": "安澜禾木家居有限公司"},
        "matter": {"subject": "餐桌开裂", "text": "裂了一条缝。", "amount_fen": 12900},
        "claims": [
            {"kind": "refund", "amount_fen": 12900},
            {"kind": "apology"},
        ],
        "evidence": ["发票", "照片"],
        "consents": {
            "forwarding": True,
            "mediation": False,
            "entrusted_mediation": False,
            "publication": False,
            "sensitive": False,
        },
        "notice_read_out": False,
        "registrar": str(lin.actor.id),
        "staff": {
            "id": str(lin.actor.id),
            "name": "lin调解员",
            "role": "mediator",
            "for_id": None,
            "for_name": "",
        },
    }
    after = await lin.client.get(page)
    assert "260623-000000001" in after.text
    assert "ABCDEFGHJKMN" in after.text


@pytest.mark.parametrize(
    ("ticked", "claims"),
    [
        ([], [{"kind": "other", "amount_fen": 12900}]),
        (["apology", "refund"], [{"kind": "apology"}, {"kind": "refund", "amount_fen": 12900}]),
        (["return", "damages"], [{"kind": "return"}, {"kind": "damages", "amount_fen": 12900}]),
    ],
)
async def test_the_claimed_sum_is_never_dropped_and_stands_with_the_claim_it_belongs_to(
    lin: Colleague, intake: IntakeInMemory, ticked: list[str], claims: list[dict[str, Any]]
) -> None:
    page = "/mediation/register"
    answer = await send(lin, page, page, ENTRY | {"claims": ticked})
    assert answer.status_code == 303
    [complaint] = intake.entered
    assert complaint["claims"] == claims


@pytest.mark.parametrize("field", ["matter.amount", "claimed"])
@pytest.mark.parametrize("typed", ["9" * 5000, "9" * 14, "1.234", "-5", "1_000"])
async def test_an_amount_that_is_no_sum_is_refused_beside_its_field(
    lin: Colleague, intake: IntakeInMemory, field: str, typed: str
) -> None:
    page = "/mediation/register"
    answer = await send(lin, page, page, ENTRY | {field: typed})
    assert answer.status_code == 422
    assert (
        f'id="{field.replace(".", "-")}-error">金额请写数字，最多两位小数，例如12800.50。'
    ) in answer.text
    assert intake.entered == []


async def test_a_refused_entry_says_so_beside_the_field_and_keeps_everything_typed(
    lin: Colleague, intake: IntakeInMemory
) -> None:
    intake.refusal = EntryRefusedError([("/complainant/phone", "手机号少1位。")])
    page = "/mediation/register"
    answer = await send(lin, page, page, ENTRY)
    assert answer.status_code == 422
    assert 'id="complainant-phone-error">手机号少1位。' in answer.text
    for typed in ("周晓明", "安澜禾木家居有限公司", "裂了一条缝。", "129.00", "发票"):
        assert typed in answer.text
    assert answer.text.count(" checked") == 3
    wrong = await send(lin, page, page, ENTRY | {"matter.amount": "很多"})
    assert 'id="matter-amount-error"' in wrong.text
    assert intake.entered == []


async def test_the_ledger_holds_the_list_and_no_live_formula(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await walk(database, await a_case(database), lin.actor, "take", "accept")
    await walk(database, await a_case(database), lin.actor, "refuse")
    formula = '=HYPERLINK("http://x")'
    words = {"subject": formula}
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=words)
    await FetchWords(intake)(database)
    answer = await lin.client.get("/mediation/cases.xlsx")
    assert answer.status_code == 200
    assert "ledger-2026-06-23.xlsx" in answer.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 2
    told = dict(zip(rows[0], rows[1], strict=True))
    assert told["编号"] == case.number
    assert (told["投诉人"], told["被投诉人"], told["金额（元）"]) == (
        "周**", "安澜禾木家居有限公司", 129,
    )  # fmt: skip
    assert (told["状态"], told["承办"], str(told["受理日期"])[:10]) == (
        "已受理", "lin调解员", "2026-06-23",
    )  # fmt: skip
    cell = sheet.cell(2, rows[0].index("事由") + 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == (formula, "s", None)
    everything = await lin.client.get("/mediation/cases.xlsx?state=all&lang=en")
    whole = load_workbook(io.BytesIO(everything.content)).active
    assert whole is not None
    assert whole.max_row == 3
