"""The public pages: the form keeps everything, the status page says where it stands."""

import html
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from services.intake.ports import Means
from services.intake.tables import AttachmentRow, ComplaintRow, UploadRow
from services.intake.use_cases.hearing import note_steps
from services.intake.use_cases.sealing import opened
from services.intake.use_cases.uploads import purge
from shared.events import (
    CaseAccepted,
    CaseAgreed,
    CaseClosed,
    CaseEvent,
    CaseFailed,
    CaseForwarded,
    CaseOpened,
    CaseRefused,
    ReplyRecorded,
)
from shared.messaging.tables import OutboxRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.builders import of_a_case
from tests.intake.samples import SAMPLES

NEW = "/intake/complaints/new"
STATUS = "/intake/status"
FILLED = {
    "kind": "complaint",
    "respondent.name": "安澜禾木家居有限公司",
    "matter.subject": "餐桌开裂",
    "matter.text": "第一行\r\n第二行<script>alert(1)</script>",
    "matter.happened_on": "2026-05-01",
    "matter.amount_fen": "1.28万元",
    "claims": ["damages", "refund"],
    "claimed_fen": "13,100.5",
    "evidence": "小票\r\n合同",
    "complainant.name": "张三",
    "complainant.phone": "138 0013 8000",
    "consents.forwarding": "true",
}
HTML = {"Accept": "text/html"}


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return html.unescape(found[1])


async def blank(web: httpx.AsyncClient) -> dict[str, Any]:
    """The hidden fields of a fresh form."""
    page = (await web.get(NEW, headers=HTML)).text
    return {name: hidden(page, name) for name in ("form_token", "form_key")}


async def send(
    web: httpx.AsyncClient, fields: dict[str, Any], files: list[Any] | None = None
) -> httpx.Response:
    return await web.post(NEW, data=fields, files=files or [], headers=HTML)


def files(*kinds: str) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", (f"证据{n}.{kind}", SAMPLES[kind])) for n, kind in enumerate(kinds)]


async def kept(database: Database, table: type[Any] = ComplaintRow) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def complained(web: httpx.AsyncClient) -> tuple[str, str]:
    """Number and code of a fresh complaint."""
    assert (await send(web, await blank(web) | FILLED)).status_code == 303
    receipt = (await web.get("/intake/receipt")).text
    number = re.search(r"<dd>(\d{6}-[0-9A-Z]{9})</dd>", receipt)
    code = re.search(r"<dd>((?:[0-9A-Z]{4} ?){3})</dd>", receipt)
    assert number
    assert code
    return number[1], code[1]


async def looking(web: httpx.AsyncClient) -> str:
    """The status page of a fresh complaint."""
    number, code = await complained(web)
    page = (await web.get(STATUS)).text
    fields = {"form_token": hidden(page, "form_token"), "number": number, "query_code": code}
    answer = await web.post(STATUS, data=fields, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, STATUS)
    return (await web.get(STATUS, headers=HTML)).text


async def test_the_form_becomes_a_complaint_and_a_receipt(
    web: httpx.AsyncClient, database: Database
) -> None:
    answer = await send(web, await blank(web) | FILLED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/intake/receipt")
    async with database.reading() as session:
        row = (await session.scalars(select(ComplaintRow))).one()
    words = opened(row.words, row.id, database.vault) or {}
    assert (row.channel, row.amount_fen, row.happened_on) == ("web", 1280000, row.happened_on)
    assert words["text"] == "第一行\n第二行<script>alert(1)</script>"
    assert words["claims"] == [
        {"kind": "damages", "amount_fen": None},
        {"kind": "refund", "amount_fen": 1310050},
    ]
    assert words["evidence"] == ["小票", "合同"]
    assert words["consents"] == {
        "forwarding": True, "mediation": False, "entrusted_mediation": False,
        "publication": False, "sensitive": False,
    }  # fmt: skip
    receipt = await web.get("/intake/receipt")
    assert row.number in receipt.text
    assert row.number not in str(answer.headers["set-cookie"])


async def test_consents_come_unticked(web: httpx.AsyncClient) -> None:
    page = (await web.get(NEW)).text
    assert page.count('type="checkbox"') == 14
    assert " checked" not in page


async def test_a_form_with_errors_comes_back_with_everything_that_was_typed(
    web: httpx.AsyncClient, database: Database
) -> None:
    wrong = FILLED | {"complainant.phone": "1380013800", "matter.happened_on": "2026-07-01"}
    answer = await send(web, await blank(web) | wrong)
    page = answer.text
    assert answer.status_code == 422
    assert "手机号应是11位，您填了10位。" in page
    assert '<a href="#complainant-phone">' in page
    assert "这一天还没有到，请填今天或者以前的日期。" in page
    for typed in (
        "安澜禾木家居有限公司",
        "餐桌开裂",
        "1.28万元",
        "13,100.5",
        "1380013800",
        "2026-07-01",
    ):
        assert f'value="{typed}"' in page
    assert "第一行" in page
    assert "<script>alert(1)" not in page
    assert page.count(" checked") == 3
    assert await kept(database) == 0
    assert await kept(database, OutboxRow) == 0


async def test_what_is_wrong_is_said_in_english_too(web: httpx.AsyncClient) -> None:
    fields = await blank(web) | FILLED | {"complainant.phone": "1380013800"}
    answer = await web.post(NEW, data=fields, headers=HTML | {"Accept-Language": "en"})
    assert "A mobile number has 11 digits, you gave 10." in answer.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("很多", "金额请写数字，最多两位小数，例如12800.50。"),
        ("1.234", "金额请写数字，最多两位小数，例如12800.50。"),
        ("-5", "金额请写数字，最多两位小数，例如12800.50。"),
        ("9999999999999", "金额要在0元到100亿元之间。"),
    ],
)
async def test_a_sum_that_is_none_is_told_so_beside_its_field(
    web: httpx.AsyncClient, database: Database, typed: str, sentence: str
) -> None:
    answer = await send(web, await blank(web) | FILLED | {"matter.amount_fen": typed})
    assert answer.status_code == 422
    assert f'id="matter-amount_fen-error">{sentence}' in answer.text
    assert await kept(database) == 0


ALL_WRONG = {
    "kind": "complaint",
    "respondent.uscc": "91350100M000100Y44",
    "matter.happened_on": "昨天",
    "matter.amount_fen": "十二元",
    "matter.text": "长" * 10_001,
    "claims": ["refund"],
    "claimed_fen": "一些",
    "evidence": "证" * 1000,
    "complainant.phone": "123",
}


async def test_all_mistakes_of_a_form_are_named_at_once_from_top_to_bottom(
    web: httpx.AsyncClient, database: Database
) -> None:
    answer = await send(web, await blank(web) | ALL_WRONG)
    assert answer.status_code == 422
    assert "有8处要改" in answer.text
    links = re.findall(r'<a href="#([a-z_-]+)">', answer.text.split('class="steps"')[1])
    assert links == [
        "respondent-uscc", "matter-text", "matter-happened_on", "matter-amount_fen",
        "claimed_fen", "evidence", "complainant-name", "complainant-phone",
    ]  # fmt: skip
    assert await kept(database) == 0
    assert await kept(database, OutboxRow) == 0


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ({"respondent.name": "长" * 201}, {"respondent-name"}),
        ({"respondent.name": "", "respondent.uscc": "9" * 201}, {"respondent-uscc"}),
        ({"complainant.phone": "", "complainant.address": "长" * 201}, {"complainant-address"}),
        ({"kind": "nonsense", "complainant.name": ""}, {"kind"}),
    ],
)
async def test_what_cannot_be_read_is_not_called_missing_besides(
    web: httpx.AsyncClient, database: Database, mistake: dict[str, str], said: set[str]
) -> None:
    answer = await send(web, await blank(web) | FILLED | mistake)
    assert answer.status_code == 422
    assert set(re.findall(r'id="([a-z_-]+)-error"', answer.text)) == said
    assert await kept(database) == 0


async def test_more_evidence_than_fits_is_told_and_none_of_it_is_cut_off(
    web: httpx.AsyncClient, database: Database
) -> None:
    lines = "\r\n".join(f"第{n}样" for n in range(51))
    answer = await send(web, await blank(web) | FILLED | {"evidence": lines})
    assert answer.status_code == 422
    assert 'id="evidence-error">' in answer.text
    assert "第50样" in answer.text
    assert await kept(database) == 0
    fifty = "\r\n\r\n".join(f"第{n}样" for n in range(50))
    assert (await send(web, await blank(web) | FILLED | {"evidence": fifty})).status_code == 303


async def test_files_survive_a_form_with_errors_and_become_evidence(
    web: httpx.AsyncClient, database: Database, means: Means
) -> None:
    fields = await blank(web) | FILLED
    answer = await send(web, fields | {"complainant.phone": "1"}, files("png", "pdf"))
    assert answer.status_code == 422
    assert "证据0.png" in answer.text
    assert await kept(database, UploadRow) == 2
    assert hidden(answer.text, "form_key") == fields["form_key"]
    answer = await send(web, fields, files("mp3"))
    assert answer.status_code == 303
    assert await kept(database, UploadRow) == 0
    async with database.reading() as session:
        row = (await session.scalars(select(ComplaintRow))).one()
        added = list(await session.scalars(select(AttachmentRow)))
        said = list(await session.scalars(select(OutboxRow.type).order_by(OutboxRow.sequence)))
    assert {one.kind for one in added} == {"png", "pdf", "mp3"}
    assert (row.files, row.version) == (3, 2)
    assert said == ["intake.complaint_received.v1", "intake.evidence_added.v1"]
    for one in added:
        assert await means.storage.get(one.stored)


async def test_a_file_we_do_not_take_is_told_by_its_place_and_the_others_stay(
    web: httpx.AsyncClient, database: Database
) -> None:
    bad = [*files("png"), ("files", ("病毒.jpg", b"MZ\x90\x00"))]
    answer = await send(web, await blank(web) | FILLED, bad)
    assert answer.status_code == 422
    assert "第2个文件的内容不是我们能收的类型" in answer.text
    assert "病毒" not in answer.text
    assert "证据0.png" in answer.text
    assert await kept(database) == 0
    assert await kept(database, UploadRow) == 1


async def test_a_kept_file_can_be_removed_and_nothing_else_happens(
    web: httpx.AsyncClient, database: Database
) -> None:
    fields = await blank(web) | FILLED
    page = (await send(web, fields | {"matter.text": ""}, files("png", "pdf"))).text
    [first, _] = re.findall(r'name="drop" value="([^"]+)"', page)
    answer = await send(web, fields | {"drop": first})
    assert answer.status_code == 200
    assert 'value="餐桌开裂"' in answer.text
    assert await kept(database, UploadRow) == 1
    assert await kept(database) == 0


async def test_files_of_another_form_cannot_be_removed(
    web: httpx.AsyncClient, database: Database
) -> None:
    page = (await send(web, await blank(web) | {"matter.text": ""}, files("png"))).text
    [theirs] = re.findall(r'name="drop" value="([^"]+)"', page)
    await send(web, await blank(web) | {"drop": theirs})
    assert await kept(database, UploadRow) == 1


async def test_eleven_files_are_too_many(web: httpx.AsyncClient, database: Database) -> None:
    many = [("files", (f"{n}.pdf", SAMPLES["pdf"] + bytes([n]))) for n in range(11)]
    answer = await send(web, await blank(web) | FILLED, many)
    assert answer.status_code == 422
    assert "一件投诉最多10个文件。" in answer.text
    assert await kept(database) == 0


async def test_a_form_sent_twice_is_one_complaint(
    web: httpx.AsyncClient, database: Database
) -> None:
    fields = await blank(web) | FILLED
    for _ in range(2):
        assert (await send(web, fields, files("png"))).status_code == 303
    assert await kept(database) == 1
    assert await kept(database, AttachmentRow) == 1


async def test_a_form_sent_again_with_other_words_asks_first(
    web: httpx.AsyncClient, database: Database
) -> None:
    fields = await blank(web) | FILLED
    await send(web, fields)
    answer = await send(web, fields | {"matter.text": "另一件事"})
    assert answer.status_code == 422
    assert "这张表刚才已经提交过了" in answer.text
    assert await kept(database) == 1
    again = {"form_key": hidden(answer.text, "form_key")}
    assert (await send(web, fields | {"matter.text": "另一件事"} | again)).status_code == 303
    assert await kept(database) == 2


async def test_a_report_may_be_anonymous(web: httpx.AsyncClient, database: Database) -> None:
    fields = await blank(web) | {"kind": "report", "matter.text": "有人卖假酒。"}
    assert (await send(web, fields)).status_code == 303
    assert await kept(database) == 1


async def test_a_foreign_page_cannot_send_our_form(
    web: httpx.AsyncClient, database: Database
) -> None:
    fields = await blank(web) | FILLED
    answer = await web.post(NEW, data=fields, headers=HTML | {"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert await kept(database) == 0


async def test_files_whose_form_never_came_are_forgotten_after_a_day(
    web: httpx.AsyncClient, database: Database, means: Means, clock: StandingClock
) -> None:
    await send(web, await blank(web) | {"matter.text": ""}, files("png"))
    async with database.reading() as session:
        [stored] = await session.scalars(select(UploadRow.stored))
    assert await purge(database, means.storage, timedelta(hours=24)) == 0
    clock.move(hours=25)
    assert await purge(database, means.storage, timedelta(hours=24)) == 1
    assert await kept(database, UploadRow) == 0
    with pytest.raises(KeyError):
        await means.storage.get(stored)


async def test_the_receipt_is_for_whoever_complained(web: httpx.AsyncClient) -> None:
    answer = await web.get("/intake/receipt", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, STATUS)


async def test_the_receipt_leads_to_the_status_page_without_typing(web: httpx.AsyncClient) -> None:
    number, _ = await complained(web)
    page = (await web.get(STATUS)).text
    assert number in page
    assert 'name="query_code"' not in page


async def test_number_and_code_open_the_status_page_and_leave_no_trace_in_the_address(
    web: httpx.AsyncClient,
) -> None:
    page = await looking(web)
    assert "您的投诉已经登记，等候决定是否受理" in page
    assert "安澜禾木家居有限公司：餐桌开裂" in page
    assert "撤回投诉" in page
    token = {"form_token": hidden(page, "form_token")}
    assert (await web.post(f"{STATUS}/leave", data=token, headers=HTML)).status_code == 303
    assert 'name="query_code"' in (await web.get(STATUS)).text


async def test_a_wrong_code_keeps_the_number_and_says_so(web: httpx.AsyncClient) -> None:
    number, _ = await complained(web)
    page = (await web.get(STATUS)).text
    fields = {"form_token": hidden(page, "form_token"), "number": number, "query_code": "0000"}
    answer = await web.post(STATUS, data=fields, headers=HTML)
    assert answer.status_code == 404
    assert "编号和查询码对不上，请对照回执再看一遍。" in answer.text
    assert f'value="{number}"' in answer.text


async def test_evidence_is_added_on_the_status_page(
    web: httpx.AsyncClient, database: Database
) -> None:
    page = await looking(web)
    token = {"form_token": hidden(page, "form_token")}
    nothing = await web.post(f"{STATUS}/evidence", data=token, headers=HTML)
    assert "还没有选择文件。" in nothing.text
    address = f"{STATUS}/evidence"
    wrong = await web.post(address, data=token, files=[("files", ("a.png", b"x"))], headers=HTML)
    assert wrong.status_code == 422
    assert await kept(database, AttachmentRow) == 0
    answer = await web.post(address, data=token, files=files("png"), headers=HTML)
    assert answer.status_code == 303
    assert "证据0.png" in (await web.get(STATUS)).text


async def test_withdrawing_asks_once_more(web: httpx.AsyncClient, database: Database) -> None:
    await looking(web)
    page = (await web.get(f"{STATUS}/withdraw", headers=HTML)).text
    assert "真的要撤回吗？" in page
    async with database.reading() as session:
        assert (await session.scalars(select(ComplaintRow.withdrawn_at))).one() is None
    token = {"form_token": hidden(page, "form_token")}
    assert (await web.post(f"{STATUS}/withdraw", data=token, headers=HTML)).status_code == 303
    page = (await web.get(STATUS)).text
    assert "您撤回了这件投诉" in page
    assert "改主意了？" not in page


async def test_without_number_and_code_nothing_is_done(
    web: httpx.AsyncClient, database: Database
) -> None:
    await complained(web)
    web.cookies.clear()
    page = (await web.get(STATUS)).text
    token = {"form_token": hidden(page, "form_token")}
    for action in ("withdraw", "evidence"):
        answer = await web.post(f"{STATUS}/{action}", data=token, headers=HTML)
        assert answer.headers["location"] == STATUS
    async with database.reading() as session:
        assert (await session.scalars(select(ComplaintRow.withdrawn_at))).one() is None


async def test_a_replaced_code_closes_the_page(web: httpx.AsyncClient, database: Database) -> None:
    await looking(web)
    async with database.work() as work:
        (await work.session.scalars(select(ComplaintRow))).one().code_generation = 2
    assert 'name="query_code"' in (await web.get(STATUS)).text


@pytest.mark.parametrize(
    ("event", "facts", "expected"),
    [
        (CaseOpened, {"state": "registered", "due_on": "2026-07-02", "due_for": "accept"},
         ["等候决定是否受理", "最迟哪天告诉您是否受理", "2026年7月2日", "还剩9天"]),
        (CaseAccepted, {"state": "accepted", "due_on": "2026-06-28", "due_for": "forward",
                        "accepted_on": "2026-06-23", "forward_due": "2026-06-28",
                        "mediate_due": "2026-07-23"},
         ["已经受理，准备转给商家", "最迟哪天转给商家"]),
        (CaseForwarded, {"state": "forwarded", "due_on": "2026-06-20", "due_for": "reply",
                         "serial": 1, "forwarded_on": "2026-06-15", "reply_due": "2026-06-20"},
         ["等商家答复", "商家最迟哪天答复", "已超期3天", "请商家在6月20日（周六）以前答复。"]),
        (CaseForwarded, {"state": "forwarded", "due_on": "2027-01-04", "due_for": "reply",
                         "due_status": "PROVISIONAL", "serial": 1,
                         "forwarded_on": "2026-12-28", "reply_due": "2027-01-04"},
         ["2027年1月4日", "暂定", "这一年的放假安排还没有公布，公布以后这一天可能变。"]),
        (ReplyRecorded, {"state": "replied", "due_on": "2026-07-23", "due_for": "mediate",
                         "replied_on": "2026-06-22", "in_time": True},
         ["商家答复了，正在调解", "调解最迟哪天完成"]),
        (CaseAgreed, {"state": "agreed", "recovered_fen": 12900},
         ["双方达成了一致", "请照约定的办"]),
        (CaseFailed, {"state": "failed", "reason": "no_agreement"},
         ["没有谈成，调解结束", "原因：经调解不能达成一致。", "依据：本会规则第三十条。",
          "向人民法院起诉"]),
        (CaseFailed, {"state": "failed", "reason": "of_a_pack_to_come"},
         ["没有谈成，调解结束", "向人民法院起诉"]),
        (CaseRefused, {"state": "closed", "reason": "handled_elsewhere"},
         ["这件投诉没有受理", "原因：法院、仲裁机构或者其他行政机关已经受理或者处理。",
          "依据：受理消费者投诉规定（通行条款）第（五）项。", "找别的部门，或者申请仲裁"]),
        (CaseRefused, {"state": "closed", "reason": "of_a_pack_to_come"},
         ["这件投诉没有受理", "没有受理您的投诉", "找别的部门，或者申请仲裁"]),
        (CaseClosed, {"state": "closed", "outcome": "agreed", "closed_on": "2026-06-23"},
         ["已经结案：双方达成了一致"]),
    ],
)  # fmt: skip
async def test_the_status_page_says_where_it_stands_and_what_comes_next(
    web: httpx.AsyncClient,
    database: Database,
    event: type[CaseEvent],
    facts: dict[str, Any],
    expected: list[str],
) -> None:
    await looking(web)
    async with database.work() as work:
        row = (await work.session.scalars(select(ComplaintRow))).one()
        newest = of_a_case(event, row.id, 5, **facts)
        await note_steps(work, [newest, of_a_case(CaseOpened, row.id, 1, "registered")])
    page = (await web.get(STATUS, headers=HTML)).text
    for words in expected:
        assert words in page
    english = (await web.get(STATUS, headers=HTML | {"Accept-Language": "en"})).text
    own = (
        english.split("<main")[1].split("</main>")[0].replace("安澜禾木家居有限公司：餐桌开裂", "")
    )
    assert re.findall("投诉|商家|受理|调解", own) == []


async def test_an_unknown_complaint_in_the_cookie_opens_nothing(web: httpx.AsyncClient) -> None:
    web.cookies.set("redress_status", str(uuid4()))
    assert 'name="query_code"' in (await web.get(STATUS)).text
