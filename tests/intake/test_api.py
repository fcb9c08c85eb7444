"""The JSON API: what it takes, what it answers, what it refuses."""

import asyncio
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from services.intake.ports import Means
from services.intake.tables import AttachmentRow, ComplaintRow
from services.intake.use_cases.hearing import note_steps
from services.intake.use_cases.record_out import RecordOut
from services.intake.use_cases.submission import ComplaintForm
from shared.events import CaseClosed, CaseFailed, CaseOpened, CaseRefused
from shared.messaging.tables import OutboxRow
from shared.terms import Channel
from shared.trail import Doer
from shared.work import Database
from tests.doers import Did, did
from tests.intake.builders import a_complaint, of_a_case
from tests.intake.samples import SAMPLES
from tests.intake.test_storage import files_in

CREATE = "/intake/api/v1/complaints"


async def create(web: httpx.AsyncClient, **changed: Any) -> dict[str, Any]:
    answer = await web.post(CREATE, json=a_complaint(**changed))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def kept(database: Database, table: type[Any] = ComplaintRow) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_a_complaint_is_answered_with_number_code_and_what_comes_next(
    web: httpx.AsyncClient,
) -> None:
    answer = await web.post(CREATE, json=a_complaint())
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{CREATE}/{made['id']}"
    assert set(made) == {"id", "number", "query_code", "received_at", "status_url", "next"}
    assert made["received_at"] == "2026-06-23T12:00:00+08:00"
    assert made["status_url"] == "http://test/intake/status"
    assert made["next"] == (
        "工作人员会在7个工作日内决定是否受理。"
        "最晚是哪一天，几分钟后在进度页上看得到；结果也在那里。"
    )
    english = await web.post(CREATE, json=a_complaint(), headers={"Accept-Language": "en"})
    assert english.json()["next"] == (
        "Our staff will decide within 7 working days whether to accept it. "
        "In a few minutes the status page names the last day for that, and later the decision."
    )


async def test_the_sample_of_the_contract_passes(web: httpx.AsyncClient) -> None:
    sample = {
        "kind": "complaint", "channel": "web", "body": None,
        "complainant": {"name": "张三", "phone": "13800138000", "email": None, "id_type": None,
                        "id_number": None, "address": None, "kind": "natural"},
        "agent": None, "joint": None,
        "respondent": {"name": "某店", "uscc": None, "address": None, "phone": None, "email": None,
                       "platform": None},
        "matter": {"subject": "…", "text": "…", "happened_on": "2026-06-01", "place": None,
                   "region": "510903", "goods_or_service": None, "order_no": None,
                   "amount_fen": 12900, "nature": None, "category": None,
                   "rights_infringement_known_on": None},
        "claims": [{"kind": "refund", "amount_fen": 12900}],
        "evidence": ["…"],
        "consents": {"forwarding": True, "mediation": True, "entrusted_mediation": False,
                     "publication": False},
        "external": {"source": None, "id": None, "received_at": None},
    }  # fmt: skip
    assert (await web.post(CREATE, json=sample)).status_code == 201


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"matter": {"subject": "没有经过"}}, "/matter/text", "这一项必须填写。"),
    ({"matter_text": " \u3000\t"}, "/matter/text", "请写明事情的经过。"),
    ({"matter_text": "长" * 10_001}, "/matter/text", "最多写10000个字，请缩短。"),
    ({"matter_text": 5}, "/matter/text", "要是文字（JSON 字符串）。"),
    ({"matter_amount_fen": "12900"}, "/matter/amount_fen", "要是整数，例如 12900。"),
    ({"matter_amount_fen": 129.5}, "/matter/amount_fen", "要是整数，例如 12900。"),
    ({"matter_amount_fen": True}, "/matter/amount_fen", "要是整数，例如 12900。"),
    ({"matter_amount_fen": -1}, "/matter/amount_fen", "金额要在0元到100亿元之间。"),
    ({"matter_happened_on": 20260601}, "/matter/happened_on", "日期要写成2026-11-01的样子。"),
    (
        {"matter_happened_on": "2026-06-24"},
        "/matter/happened_on",
        "这一天还没有到，请填今天或者以前的日期。",
    ),
    ({"complainant_phone": "1380013800"}, "/complainant/phone", "手机号应是11位，您填了10位。"),
    ({"complainant_name": ""}, "/complainant/name", "投诉要用真实姓名，请填写。"),
    (
        {"respondent_uscc": "91350100M000100Y44"},
        "/respondent/uscc",
        "统一社会信用代码的校验位不对，请对照营业执照再看一遍。",
    ),
    ({"body": "nobody"}, "/body", "没有这个代码的接收单位，请核对代码。"),
    (
        {"external": {"source": "x"}},
        "/external",
        "来源信息只供登录人员、导入和合作系统填写，请留空。",
    ),
    ({"consents_forwarding": "yes"}, "/consents/forwarding", "只能填 true 或者 false。"),
    (
        {"number": "260623-000000000"},
        "/number",
        "没有“number”这个字段，或者它由系统填写；请删掉或者检查拼写。",
    ),
    (
        {"id": str(uuid4())},
        "/id",
        "没有“id”这个字段，或者它由系统填写；请删掉或者检查拼写。",
    ),
    (
        {"matter_state": "closed"},
        "/matter/state",
        "没有“state”这个字段，或者它由系统填写；请删掉或者检查拼写。",
    ),
]


@pytest.mark.parametrize(("changed", "pointer", "sentence"), WRONG)
async def test_bad_input_is_told_what_to_mend_and_nothing_is_kept(
    web: httpx.AsyncClient,
    database: Database,
    changed: dict[str, Any],
    pointer: str,
    sentence: str,
) -> None:
    answer = await web.post(CREATE, json=a_complaint(**changed))
    problem = answer.json()
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [(one["pointer"], one["detail"]) for one in problem["errors"]] == [(pointer, sentence)]
    assert await kept(database) == 0
    assert await kept(database, OutboxRow) == 0


@pytest.mark.parametrize("channel", [one.value for one in Channel])
async def test_strangers_use_the_channels_of_self_service_and_staff_any(
    web: httpx.AsyncClient, database: Database, token: dict[str, str], channel: str
) -> None:
    answer = await web.post(CREATE, json=a_complaint(channel=channel))
    if channel in {"web", "app"}:
        assert answer.status_code == 201
        assert await kept(database) == 1
    else:
        assert answer.status_code == 422
        assert answer.json()["errors"] == [
            {
                "pointer": "/channel",
                "detail": f"渠道“{channel}”只由工作人员、导入和合作系统登记；"
                "自己提交请填 web 或者 app。",
                "code": "OnlyForPartnersError",
            }
        ]
        assert await kept(database) == 0
        assert await kept(database, OutboxRow) == 0
    trusted = await web.post(CREATE, json=a_complaint(channel=channel), headers=token)
    assert trusted.status_code == 201


async def test_what_cannot_be_read_and_what_breaks_a_rule_are_told_together(
    web: httpx.AsyncClient, database: Database
) -> None:
    wrong = a_complaint(
        matter_amount_fen="十二元",
        claims=[{"kind": "refund", "amount_fen": "很多"}],
        respondent={"uscc": "91350100M000100Y44"},
        complainant={"phone": "123", "nickname": "小张"},
        body="nobody",
        external={"source": "x"},
    )
    answer = await web.post(CREATE, json=wrong)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "InvalidRequestError")
    assert problem["detail"] == "有8处要改，改好就能提交。"
    assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [
        ("/complainant/nickname", "extra_forbidden"),
        ("/matter/amount_fen", "int_type"),
        ("/claims/0/amount_fen", "int_type"),
        ("/complainant/name", "MissingFieldError"),
        ("/respondent/uscc", "MistypedCreditCodeError"),
        ("/complainant/phone", "MistypedPhoneError"),
        ("/body", "UnknownCodeError"),
        ("/external", "OnlyForPartnersError"),
    ]
    assert await kept(database) == 0
    english = await web.post(CREATE, json=wrong, headers={"Accept-Language": "en"})
    assert not re.search("[一-鿿]", "".join(one["detail"] for one in english.json()["errors"]))


@pytest.mark.parametrize(
    ("joint", "pointers"),
    [
        ({"people": [{"name": "长" * 101}], "representatives": ["赵六"]}, ["/joint/people/0/name"]),
        ({"people": 5, "representatives": ["赵六"]}, ["/joint/people"]),
    ],
)
async def test_people_who_cannot_be_read_are_not_called_strangers(
    web: httpx.AsyncClient, joint: dict[str, Any], pointers: list[str]
) -> None:
    answer = await web.post(CREATE, json=a_complaint(joint=joint))
    assert [one["pointer"] for one in answer.json()["errors"]] == pointers


@pytest.mark.parametrize("content", [b"[]", b'"x"', b"5", b"null"])
async def test_a_body_that_is_no_object_is_told_so_alone(
    web: httpx.AsyncClient, content: bytes
) -> None:
    answer = await web.post(CREATE, content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 1)


async def test_an_item_of_a_batch_is_told_everything_at_once_too(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    items = [a_complaint(body=5, matter_amount_fen="x", complainant={"phone": "123"})]
    answer = await web.post(f"{CREATE}/batch", json={"items": items}, headers=token)
    [refused] = answer.json()["items"]
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [
        ("/body", "string_type"),
        ("/matter/amount_fen", "int_type"),
        ("/complainant/name", "MissingFieldError"),
        ("/complainant/phone", "MistypedPhoneError"),
    ]
    assert await kept(database) == 0


@pytest.mark.parametrize("code", ["unheard_of", "Complaint", 5, None])
async def test_an_unknown_kind_is_refused_with_the_known_ones(
    web: httpx.AsyncClient, code: Any
) -> None:
    answer = await web.post(CREATE, json=a_complaint(kind=code))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/kind"


async def test_ten_thousand_characters_pass_and_come_back_whole(
    web: httpx.AsyncClient, token: dict[str, str]
) -> None:
    text = "𠮷" + "长" * 9_998 + "。"
    made = await create(web, matter_text=text)
    got = await web.get(f"{CREATE}/{made['id']}", headers=token)
    assert got.json()["matter"]["text"] == text


async def test_json_without_a_content_type_is_told_so(
    web: httpx.AsyncClient, database: Database
) -> None:
    answer = await web.post(CREATE, content=b'{"matter": {"text": "x"}}')
    assert answer.status_code == 415
    broken = await web.post(
        CREATE, content=b'{"matter":', headers={"Content-Type": "application/json"}
    )
    assert broken.status_code == 422
    assert await kept(database) == 0


async def test_wide_digits_and_letters_blanks_and_nulls_pass(
    web: httpx.AsyncClient, token: dict[str, str]
) -> None:
    made = await create(
        web,
        complainant_phone="＋８６　１３８\t００１３ 8000",
        complainant_email="ｌｉ＠example.com ",
        respondent_uscc="９１３５０１００ｍ０００１００ｙ４３",
        matter_happened_on="２０２６-０５-０１",
        matter_region="５１０９０３",
        claims=None,
        evidence=None,
        consents=None,
    )
    got = (await web.get(f"{CREATE}/{made['id']}", headers=token)).json()
    assert got["complainant"]["phone"] == "13800138000"
    assert got["complainant"]["email"] == "li@example.com"
    assert got["respondent"]["uscc"] == "91350100M000100Y43"
    matter = got["matter"]
    assert (matter["happened_on"], matter["region"]) == ("2026-05-01", "510903")
    assert got["received_at"] == "2026-06-23T12:00:00+08:00"
    assert (got["claims"], got["evidence"], got["external"]) == ([], [], None)
    assert got["consents"]["forwarding"] is None


async def test_what_is_read_back_has_the_shape_of_what_was_sent(
    web: httpx.AsyncClient, token: dict[str, str]
) -> None:
    sent = a_complaint(
        agent={"name": "王五", "phone": "13900139000", "authority": "代为投诉和调解"},
        joint={"people": [{"name": "赵六"}], "representatives": ["张三"]},
        external={
            "source": "12315",
            "id": "A-1",
            "received_at": "2026-06-20T09:00:00+08:00",
        },
        matter_rights_infringement_known_on="2026-05-20",
    )
    made = (await web.post(CREATE, json=sent, headers=token)).json()
    got = (await web.get(f"{CREATE}/{made['id']}", headers=token)).json()
    parts = {name: got[name] for name in ComplaintForm.model_fields}
    again, first = ComplaintForm.model_validate(parts), ComplaintForm.model_validate(sent)
    assert again.record() == first.record()._replace(body="main")
    assert got["number"] == made["number"]
    assert got["files"] == []
    assert RecordOut.model_validate(got).external is not None


async def test_a_repeated_request_gets_the_same_answer(
    web: httpx.AsyncClient, database: Database
) -> None:
    key = {"Idempotency-Key": "a-key-of-mine"}
    first = await web.post(CREATE, json=a_complaint(), headers=key)
    again = await web.post(CREATE, json=a_complaint(), headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    other = await web.post(CREATE, json=a_complaint(matter_text="另一件"), headers=key)
    assert other.status_code == 409
    assert other.json()["type"] == "KeyUsedError"
    assert await kept(database) == 1


async def test_impatient_senders_at_the_same_moment_get_one_complaint(
    web: httpx.AsyncClient, database: Database
) -> None:
    key = {"Idempotency-Key": "pressed-twice"}
    answers = await asyncio.gather(
        *(web.post(CREATE, json=a_complaint(), headers=key) for _ in range(20))
    )
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["number"] for one in answers}) == 1
    assert await kept(database) == 1


async def test_a_batch_is_answered_item_by_item(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    def row(number: str, **changed: Any) -> dict[str, Any]:
        return a_complaint(external={"source": "ledger", "id": number}, **changed)

    items = [
        row("1"),
        row("2", matter_text=""),
        row("1"),
        row("1", matter_text="另一件"),
        row("3", respondent=None, complainant=None),
        {"nonsense": 1},
    ]
    answer = await web.post(f"{CREATE}/batch", json={"items": items}, headers=token)
    said = answer.json()["items"]
    assert answer.status_code == 200
    assert [one["outcome"] for one in said] == [
        "created", "refused", "known", "refused", "created", "refused",
    ]  # fmt: skip
    assert [one["status"] for one in said] == [201, 422, 201, 409, 201, 422]
    assert said[0]["receipt"]["number"] == said[2]["receipt"]["number"]
    assert said[1]["errors"][0]["pointer"] == "/matter/text"
    assert said[3]["errors"] == [
        {
            "pointer": "/external/id",
            "detail": "这个来源的这个原编号已经用于另一件投诉。要登记新的投诉，请换一个原编号；"
            "要重新提交同一件，内容不能改。",
            "code": "KeyUsedError",
        }
    ]
    assert {one["pointer"] for one in said[5]["errors"]} == {
        "/matter", "/nonsense", "/respondent/name", "/complainant/name", "/complainant/phone",
    }  # fmt: skip
    assert await kept(database) == 2
    again = await web.post(f"{CREATE}/batch", json={"items": items}, headers=token)
    assert [one["outcome"] for one in again.json()["items"]] == [
        "known", "refused", "known", "refused", "known", "refused",
    ]  # fmt: skip
    assert await kept(database) == 2


async def test_who_wants_no_receipts_gets_none(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    items = [a_complaint(external={"source": "ledger", "id": "1"}), a_complaint(matter_text="")]
    headers = token | {"Prefer": "respond-async, return=minimal"}
    answer = await web.post(f"{CREATE}/batch", json={"items": items}, headers=headers)
    assert answer.headers["preference-applied"] == "return=minimal"
    created, refused = answer.json()["items"]
    assert created == {"index": 0, "outcome": "created", "status": 201}
    assert refused["errors"][0]["pointer"] == "/matter/text"
    assert await kept(database) == 1


async def test_a_dry_run_keeps_nothing(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    items = [a_complaint(external={"source": "ledger", "id": "1"}), a_complaint(matter_text="")]
    answer = await web.post(f"{CREATE}/batch?dry_run=true", json={"items": items}, headers=token)
    assert [one["outcome"] for one in answer.json()["items"]] == ["created", "refused"]
    assert await kept(database) == 0


@pytest.mark.parametrize(
    "instant", ["0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00Z", "1949-09-30T23:59:59+08:00"]
)
@pytest.mark.parametrize("address", [f"{CREATE}/batch", f"{CREATE}/batch?dry_run=true"])
async def test_an_instant_before_anybody_could_complain_is_refused_by_itself(
    web: httpx.AsyncClient, database: Database, token: dict[str, str], address: str, instant: str
) -> None:
    external = {"source": "ledger", "id": "1", "received_at": instant}
    answer = await web.post(
        address, json={"items": [a_complaint(external=external)]}, headers=token
    )
    assert answer.status_code == 200
    [refused] = answer.json()["items"]
    assert refused["outcome"] == "refused"
    [wrong] = refused["errors"]
    assert (wrong["pointer"], wrong["detail"]) == (
        "/external/received_at", "这一天太早了，请检查年份。",
    )  # fmt: skip
    assert await kept(database) == 0


async def test_a_batch_needs_a_login(web: httpx.AsyncClient, database: Database) -> None:
    answer = await web.post(f"{CREATE}/batch", json={"items": [a_complaint()]})
    assert answer.status_code == 401
    assert await kept(database) == 0


async def test_a_batch_has_at_most_five_hundred_items(
    web: httpx.AsyncClient, token: dict[str, str]
) -> None:
    answer = await web.post(f"{CREATE}/batch", json={"items": [{}] * 501}, headers=token)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/items"


async def test_imports_keep_the_instant_at_which_it_was_received(
    web: httpx.AsyncClient, token: dict[str, str]
) -> None:
    external = {"source": "mayor", "id": "1", "received_at": "2020-01-12T08:00:00+08:00"}
    answer = await web.post(CREATE, json=a_complaint(external=external), headers=token)
    assert answer.json()["received_at"] == "2020-01-12T08:00:00+08:00"
    external |= {"id": "2", "received_at": "2026-06-23T13:00:00+08:00"}
    later = await web.post(CREATE, json=a_complaint(external=external), headers=token)
    assert later.json()["errors"] == [
        {
            "pointer": "/external/received_at",
            "detail": "接收时间不能晚于现在。",
            "code": "ImpossibleDateError",
        }
    ]


async def test_number_and_code_together_show_where_it_stands(web: httpx.AsyncClient) -> None:
    made = await create(web)
    asked = {"number": made["number"].lower(), "query_code": made["query_code"].lower()}
    answer = await web.post("/intake/api/v1/status", json=asked)
    assert answer.status_code == 200
    assert (answer.json()["number"], answer.json()["state"]) == (made["number"], "registered")


@pytest.mark.parametrize("wrong", [{"number": "260623-000000000"}, {"query_code": "000000000000"}])
async def test_a_wrong_number_and_a_wrong_code_look_the_same(
    web: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    made = await create(web)
    asked = {"number": made["number"], "query_code": made["query_code"]} | wrong
    answer = await web.post("/intake/api/v1/status", json=asked)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "编号和查询码对不上，请对照回执再看一遍。"


def some_files(*kinds: str) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("files", (f"{n}.{kind}", SAMPLES[kind], "text/html")) for n, kind in enumerate(kinds)]


async def test_evidence_is_added_with_the_code_and_read_by_staff_as_a_download(
    web: httpx.AsyncClient, token: dict[str, str], means: Means, database: Database
) -> None:
    made = await create(web)
    address = f"{CREATE}/{made['number']}/attachments"
    answer = await web.post(
        address,
        files=[("files", ("../小票<1>.html", SAMPLES["png"], "text/html"))],
        headers={"X-Query-Code": made["query_code"]},
    )
    assert (answer.status_code, answer.json()) == (201, {"files": 1})
    [file] = (await web.get(f"{CREATE}/{made['id']}", headers=token)).json()["files"]
    assert (file["name"], file["kind"]) == ("小票_1.png", "png")
    got = await web.get(f"{CREATE}/{made['id']}/attachments/{file['id']}", headers=token)
    assert got.content == SAMPLES["png"]
    assert got.headers["content-type"] == "image/png"
    assert got.headers["content-disposition"].startswith('attachment; filename="file.png"')
    assert got.headers["x-content-type-options"] == "nosniff"
    async with database.reading() as session:
        stored = (await session.scalars(select(AttachmentRow))).one()
    assert SAMPLES["png"] not in await means.storage.get(stored.stored)


async def test_evidence_without_the_code_is_refused(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = await create(web)
    for headers in ({}, {"X-Query-Code": "000000000000"}):
        answer = await web.post(
            f"{CREATE}/{made['number']}/attachments", files=some_files("png"), headers=headers
        )
        assert answer.status_code == 404
    assert await kept(database, AttachmentRow) == 0


async def test_the_same_file_twice_is_one_and_eleven_are_too_many(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = await create(web)
    address, code = f"{CREATE}/{made['number']}/attachments", {"X-Query-Code": made["query_code"]}
    for _ in range(2):
        answer = await web.post(address, files=some_files("png", "jpg"), headers=code)
        assert answer.json() == {"files": 2}
    more = [("files", (f"{n}.pdf", SAMPLES["pdf"] + bytes([n]), "")) for n in range(9)]
    answer = await web.post(address, files=more, headers=code)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "一件投诉最多10个文件。"
    assert await kept(database, AttachmentRow) == 2


async def test_one_bad_file_refuses_all_of_them(
    web: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    made = await create(web)
    files = [*some_files("png"), ("files", ("发票.pdf", b"<script>alert(1)</script>", ""))]
    answer = await web.post(
        f"{CREATE}/{made['number']}/attachments",
        files=files,
        headers={"X-Query-Code": made["query_code"]},
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "UnacceptedFileError"
    assert await kept(database, AttachmentRow) == 0
    assert files_in(tmp_path / "attachments") == []


async def test_a_citizen_takes_it_back_once_and_for_all(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = await create(web)
    address = f"{CREATE}/{made['number']}/withdraw"
    assert (await web.post(address)).status_code == 404
    for _ in range(2):
        answer = await web.post(address, headers={"X-Query-Code": made["query_code"]})
        assert answer.status_code == 204
    async with database.reading() as session:
        said = list(await session.scalars(select(OutboxRow.type).order_by(OutboxRow.sequence)))
    assert said == ["intake.complaint_received.v1", "intake.complaint_withdrawn.v1"]
    asked = {"number": made["number"], "query_code": made["query_code"]}
    status = (await web.post("/intake/api/v1/status", json=asked)).json()
    assert (status["state"], status["withdrawn_at"]) == ("withdrawn", "2026-06-23T12:00:00+08:00")


async def test_strangers_read_nothing(web: httpx.AsyncClient) -> None:
    made = await create(web)
    assert (await web.get(f"{CREATE}/{made['id']}")).status_code == 401
    assert (await web.post("/internal/words", json={"ids": [made["id"]]})).status_code == 401
    assert (await web.post("/internal/amendments", json={"items": []})).status_code == 401


async def test_sisters_get_words_and_amend_them_once(
    web: httpx.AsyncClient, token: dict[str, str], database: Database
) -> None:
    made = await create(web, respondent=None, kind="help")
    amendment = {
        "id": str(uuid4()),
        "complaint_id": made["id"],
        "changes": {"/respondent/name": "某某超市", "/matter/region": "510900",
                    "/matter/subject": "多收了钱", "/complainant/phone": None},
    }  # fmt: skip
    stranger = {**amendment, "id": str(uuid4()), "complaint_id": str(uuid4())}
    for applied in (1, 0):
        answer = await web.post(
            "/internal/amendments", json={"items": [amendment, stranger]}, headers=token
        )
        assert answer.json() == {"applied": applied}
    answer = await web.post(
        "/internal/words", json={"ids": [made["id"], str(uuid4())]}, headers=token
    )
    [item] = answer.json()["items"]
    assert item["respondent"]["name"] == "某某超市"
    assert item["complainant"] == {
        "name": "张三", "phone": None, "email": None, "id_type": None, "id_number": None,
        "address": None, "kind": "natural",
    }  # fmt: skip
    assert item["words"]["subject"] == "多收了钱"
    assert item["words"]["text"] == a_complaint()["matter"]["text"]
    assert (item["region"], item["respondent_known"]) == ("510900", True)
    async with database.reading() as session:
        said = list(await session.scalars(select(OutboxRow.type).order_by(OutboxRow.sequence)))
    assert said == ["intake.complaint_received.v1", "intake.complaint_amended.v1"]


async def test_a_clerk_registers_with_the_usual_checks(
    web: httpx.AsyncClient, token: dict[str, str], database: Database
) -> None:
    clerk = str(uuid4())
    taken_down = a_complaint(channel="phone", registrar=clerk)
    answer = await web.post("/internal/complaints", json=taken_down, headers=token)
    assert answer.status_code == 201
    async with database.reading() as session:
        row = (await session.scalars(select(ComplaintRow))).one()
    assert (row.channel, str(row.registrar)) == ("phone", clerk)
    wrong = await web.post("/internal/complaints", json=a_complaint(respondent=None), headers=token)
    assert wrong.status_code == 422
    assert await kept(database) == 1


async def test_a_clerk_who_is_called_otherwise_by_now_registers_the_same_once(
    web: httpx.AsyncClient, token: dict[str, str], database: Database
) -> None:
    clerk, head = uuid4(), uuid4()
    staff = Doer("staff", clerk, "王登记员", "registrar", head, "何秘书长").as_facts()
    taken_down = a_complaint(channel="phone", registrar=str(clerk))
    headers = token | {"Idempotency-Key": "one"}
    for name in ("王登记员", "王主任"):
        said = taken_down | {"staff": staff | {"name": name}}
        answer = await web.post("/internal/complaints", json=said, headers=headers)
        assert answer.status_code == 201
    assert await kept(database) == 1
    assert await did(database) == [
        Did("complaint.registered", clerk, "王登记员", "registrar", head, "何秘书长")
    ]


async def test_two_lots_of_evidence_at_once_never_pass_the_limit(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = await create(web)
    address, code = f"{CREATE}/{made['number']}/attachments", {"X-Query-Code": made["query_code"]}

    def lot(first: int) -> list[tuple[str, tuple[str, bytes, str]]]:
        numbers = range(first, first + 6)
        return [("files", (f"{n}.pdf", SAMPLES["pdf"] + bytes([n]), "")) for n in numbers]

    answers = await asyncio.gather(
        *(web.post(address, files=lot(first), headers=code) for first in (0, 6))
    )
    assert sorted(one.status_code for one in answers) == [201, 422]
    assert await kept(database, AttachmentRow) == 6


async def test_what_is_closed_is_not_withdrawn_any_more(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = await create(web)
    async with database.work() as work:
        row = (await work.session.scalars(select(ComplaintRow))).one()
        refused = of_a_case(CaseRefused, row.id, 2, "closed", reason="private_deal")
        await note_steps(work, [refused])
    answer = await web.post(
        f"{CREATE}/{made['number']}/withdraw", headers={"X-Query-Code": made["query_code"]}
    )
    assert answer.status_code == 409
    assert answer.json()["detail"] == "这件投诉已经办完，不用再撤回。"
    assert await kept(database, OutboxRow) == 1


@pytest.mark.parametrize(
    ("language", "label", "article"),
    [
        ("zh-CN", "消费者个人之间的私下交易纠纷", "受理消费者投诉规定（通行条款）第（二）项"),
        ("en", "a private deal between consumers", "common rules on acceptance, item 2"),
    ],
)
async def test_whoever_is_refused_learns_that_and_why(
    web: httpx.AsyncClient, database: Database, language: str, label: str, article: str
) -> None:
    made = await create(web)
    async with database.work() as work:
        row = (await work.session.scalars(select(ComplaintRow))).one()
        refused = of_a_case(CaseRefused, row.id, 2, "closed", reason="private_deal")
        await note_steps(work, [of_a_case(CaseOpened, row.id, 1, "registered"), refused])
    asked = {"number": made["number"], "query_code": made["query_code"]}
    headers = {"Accept-Language": language}
    answer = await web.post("/intake/api/v1/status", json=asked, headers=headers)
    assert answer.status_code == 200
    said = answer.json()
    assert (said["state"], said["outcome"]) == ("closed", "refused")
    assert said["refused_for"] == {"code": "private_deal", "label": label, "article": article}


@pytest.mark.parametrize(
    ("language", "label", "article"),
    [
        ("zh-CN", "期限届满仍未达成协议", "本会规则第二十八条、第三十条"),
        ("en", "the time limit is over without agreement", "association rules art. 28, 30"),
    ],
)
async def test_whoever_finds_no_agreement_learns_why_also_after_the_case_is_closed(
    web: httpx.AsyncClient, database: Database, language: str, label: str, article: str
) -> None:
    made = await create(web)
    asked = {"number": made["number"], "query_code": made["query_code"]}
    headers = {"Accept-Language": language}
    async with database.work() as work:
        row = (await work.session.scalars(select(ComplaintRow))).one()
    closing = {"outcome": "failed", "closed_on": "2026-06-23"}
    for event in (
        of_a_case(CaseFailed, row.id, 2, "failed", reason="time_over"),
        of_a_case(CaseClosed, row.id, 3, "closed", **closing),
    ):
        async with database.work() as work:
            await note_steps(work, [event])
        said = (await web.post("/intake/api/v1/status", json=asked, headers=headers)).json()
        assert said["state"] == event.state
        assert said["failed_for"] == {"code": "time_over", "label": label, "article": article}
        assert said["refused_for"] is None


async def test_staff_of_another_body_see_nothing(
    web: httpx.AsyncClient, token: dict[str, str]
) -> None:
    external = {"source": "x", "id": "1"}
    theirs = await web.post(CREATE, json=a_complaint(body="demo", external=external), headers=token)
    cookie = {"Cookie": "redress_session=good"}
    answer = await web.get(f"{CREATE}/{theirs.json()['id']}", headers=cookie)
    assert answer.status_code == 404
    own = await create(web)
    assert (await web.get(f"{CREATE}/{own['id']}", headers=cookie)).status_code == 200


async def test_a_cookie_alone_makes_nobody_staff_where_strangers_may_write(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = a_complaint(external={"source": "x", "id": "1"})
    answer = await web.post(CREATE, json=made, headers={"Cookie": "redress_session=good"})
    assert answer.status_code == 422
    assert await kept(database) == 0


async def test_a_dry_run_of_staff_entry_names_everything_and_enters_nothing(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    address = "/internal/complaints?dry_run=true"
    good = a_complaint(channel="phone", registrar=str(uuid4()))
    answer = await web.post(address, json=good, headers=token)
    assert (answer.status_code, answer.content) == (204, b"")
    wrong = a_complaint(matter_happened_on="昨天", complainant={"phone": "123"}, registrar="x")
    answer = await web.post(address, json=wrong, headers=token)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [
        "/matter/happened_on", "/registrar", "/complainant/name", "/complainant/phone",
    ]  # fmt: skip
    assert await kept(database) == 0
