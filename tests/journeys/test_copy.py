"""The copy a person is given: everything about them, readable, portable, and nothing of others."""

import io
import json
import zipfile
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from services.mediation.use_cases.privacy.copy.said import data
from shared.runtime.embedded import Embedded
from tests.journeys.test_keeping import HERE, JOINT, Officer, a_case, hired
from tests.journeys.walking import Walker

ID = "510903199003071234"
OTHER_ID = "110101199003071233"
ZHANG = {"name": "张三丰", "phone": "13800000001", "id_type": "resident_id", "id_number": ID}
CONSENTS = {"forwarding": True, "mediation": True, "sensitive": True}
CHECKED = {"checked": "当面看了居民身份证"}


@pytest.fixture
async def zhou(platform: Embedded, walker: Walker) -> Any:
    """A privacy officer; and the mediator whom the walker is."""
    made = await hired(platform, "zhou", "privacy_officer")
    yield made
    await made.client.aclose()


async def asked(zhou: Officer, **fields: str) -> httpx.Response:
    page = f"{HERE}/requests"
    return await zhou.send(f"{page}/new", page, kind="copy", **CHECKED | fields)


async def given(platform: Embedded, zhou: Officer, **fields: str) -> zipfile.ZipFile:
    """A copy that was asked for, made and fetched."""
    answer = await asked(zhou, **fields)
    assert answer.status_code == 303, answer.text
    await platform.settle()
    address = answer.headers["location"]
    copy = await zhou.send(address, f"{address}/copy.zip")
    assert copy.status_code == 200, copy.text
    return zipfile.ZipFile(io.BytesIO(copy.content))


def told_in(archive: zipfile.ZipFile) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(archive.read("everything.json"))
    return told


def printed(archive: zipfile.ZipFile) -> str:
    """The words of the PDF, without blanks and line breaks."""
    pages = PdfReader(io.BytesIO(archive.read("copy.pdf"))).pages
    return "".join("".join(page.extract_text() for page in pages).split())


async def test_the_copy_says_what_was_collected_for_what_on_what_ground_and_until_when(
    platform: Embedded, walker: Walker, zhou: Officer
) -> None:
    case = await a_case(
        walker, complainant=ZHANG, consents=CONSENTS, privacy_notice="2026-11", joint=JOINT
    )
    archive = await given(platform, zhou, name="张三丰", phone="13800000001")
    assert {"copy.pdf", "everything.json"} <= set(archive.namelist())
    document = told_in(archive)
    assert (document["format"], document["language"]) == ("redress-personal-copy/1", "zh")
    [told] = document["cases"]
    assert (told["number"], told["part"]["code"]) == (case["number"], "complainant")
    assert told["kind"] == {"code": "complaint", "label": "投诉"}
    groups = {one["code"]: one for one in told["collected"]}
    assert groups["contact"]["data"]["phone"] == {
        "label": "电话", "value": "13800000001", "shown": "13800000001",
    }  # fmt: skip
    assert groups["identity"]["data"]["id_type"]["shown"] == "居民身份证"
    assert groups["identity"]["basis"] == "个人信息保护法第二十九条（单独同意）"
    assert groups["matter"]["data"]["amount_fen"]["shown"] == "¥3,299.00"
    assert groups["matter"]["data"]["region"]["shown"] == "四川省遂宁市船山区"
    assert groups["matter"]["from"] == "您本人提交"
    assert {one["code"]: one["given"] for one in told["consents"]} == {
        "forwarding": True,
        "mediation": True,
        "entrusted_mediation": False,
        "publication": False,
        "sensitive": True,
    }
    notice = told["notice"]
    assert (notice["version"], notice["in_force_since"]) == ("2026-11", "2026-11-01")
    assert notice["shown_at"].startswith("2026-06-23T12:")
    assert [one["label"] for one in told["steps"]] == ["登记", "受理投诉", "转送"]
    assert told["retention"]["shown"] == "结案后保存120个月，现在还没有结案"
    assert told["retention"]["held"] is False
    [file], [letter] = told["files"], told["letters"]
    assert file["place"] == f"{case['number']}/files/收条.png"
    assert letter["place"] == f"{case['number']}/letters/消转〔2026〕1号.pdf"
    assert {file["place"], letter["place"]} <= set(archive.namelist())
    shown = printed(archive)
    for words in (
        "个人信息副本",
        case["number"],
        "单独同意",
        "¥3,299.00",
        "2026-11",
        "转送",
        "登记",
    ):
        assert words in shown
    for words in (shown, json.dumps(document, ensure_ascii=False)):
        assert "同行的李四" not in words
        assert "13511112222" not in words
    assert "complaint" not in shown


async def test_who_received_it_is_in_the_copy_once_the_letter_left(
    platform: Embedded, walker: Walker, zhou: Officer
) -> None:
    await a_case(walker, complainant=ZHANG, consents=CONSENTS)
    [told] = told_in(await given(platform, zhou, name="张三丰", id_number=ID))["cases"]
    assert told["recipients"] == []
    api = "/notification/api/v1/letters"
    [letter] = (await walker.http.get(api)).json()["items"]
    printed_it = await walker.http.post(f"{api}/{letter['id']}/printed", headers=walker.headers)
    assert printed_it.status_code == 200, printed_it.text
    archive = await given(platform, zhou, name="张三丰", id_number=ID)
    [to] = told_in(archive)["cases"][0]["recipients"]
    assert (to["to"], to["on"], to["how"]) == ("蓝天电器商行", "2026-06-23", "打印寄送")
    assert letter["document_number"] in to["what"]
    assert "蓝天电器商行" in printed(archive)


async def test_an_identity_number_finds_as_a_telephone_does_and_keeps_namesakes_apart(
    platform: Embedded, walker: Walker, zhou: Officer
) -> None:
    mine = await a_case(walker, complainant=ZHANG, consents=CONSENTS)
    namesake = ZHANG | {"phone": "13900000009", "id_number": OTHER_ID}
    await a_case(walker, complainant=namesake, consents=CONSENTS)
    await a_case(walker, complainant=ZHANG | {"name": "李四"}, consents=CONSENTS)
    archive = await given(platform, zhou, name="张三丰", id_number=ID.lower())
    assert [one["number"] for one in told_in(archive)["cases"]] == [mine["number"]]
    assert "13900000009" not in printed(archive)
    wrong = await asked(zhou, name="张三丰", phone="13800000001", id_number=OTHER_ID)
    assert wrong.status_code == 422
    assert "没有找到这个人的案件" in wrong.text
    alone = await asked(zhou, name="张三丰")
    assert alone.status_code == 422
    assert "同名的人不止一个" in alone.text


async def test_who_stood_beside_somebody_gets_their_own_data_and_not_the_others_words(
    platform: Embedded, walker: Walker, zhou: Officer
) -> None:
    case = await a_case(walker, complainant=ZHANG, consents=CONSENTS, joint=JOINT)
    archive = await given(platform, zhou, name="同行的李四", phone="13511112222")
    [told] = told_in(archive)["cases"]
    assert (told["number"], told["part"]["label"]) == (case["number"], "共同投诉人")
    [group] = told["collected"]
    assert group["data"]["phone"]["value"] == "13511112222"
    assert (told["files"], told["letters"], told["consents"]) == ([], [], [])
    for words in (json.dumps(told, ensure_ascii=False), printed(archive)):
        assert "13800000001" not in words
        assert ID not in words
        assert "空调" not in words
        assert "张三丰" not in words


async def test_a_report_is_in_the_copy_of_who_reported_by_identity_number_alone(
    platform: Embedded, walker: Walker, zhou: Officer
) -> None:
    report = await a_case(walker, kind="report", complainant=ZHANG, consents=CONSENTS)
    [told] = told_in(await given(platform, zhou, name="张三丰", id_number=ID))["cases"]
    assert (told["number"], told["part"]["label"]) == (report["number"], "举报人")
    groups = {one["code"]: one for one in told["collected"]}
    assert groups["contact"]["data"]["phone"]["value"] == "13800000001"


async def test_the_copy_speaks_english_where_that_is_asked_for(
    platform: Embedded, walker: Walker, zhou: Officer
) -> None:
    await a_case(walker, complainant=ZHANG, consents=CONSENTS)
    archive = await given(platform, zhou, name="张三丰", phone="13800000001", language="en")
    [told] = told_in(archive)["cases"]
    assert told["kind"]["label"] == "Complaint"
    assert [one["label"] for one in told["steps"]][-1] == "Forward"
    assert "Copyofyourpersonaldata" in printed(archive)


async def test_of_several_cases_those_that_are_named_are_in_the_copy_for_who_tells_their_number(
    platform: Embedded, walker: Walker, zhou: Officer
) -> None:
    case = await a_case(walker, complainant=ZHANG, consents=CONSENTS)
    await a_case(walker, complainant=ZHANG, consents=CONSENTS)
    who = {"name": "张三丰", "numbers": case["number"]}
    archive = await given(platform, zhou, phone=ZHANG["phone"], **who)
    assert [one["number"] for one in told_in(archive)["cases"]] == [case["number"]]
    namesake = await asked(zhou, **who)
    assert namesake.status_code == 422
    assert "没有填写登记过的电话、证件号码" in namesake.text


def test_the_data_file_has_both_languages_of_everything_and_every_field_is_named() -> None:
    def both(one: Any) -> list[Any]:
        if isinstance(one, dict) and {"zh", "en"} & one.keys():
            return [] if one.keys() == {"zh", "en"} and all(one.values()) else [one]
        parts = one.values() if isinstance(one, dict) else one if isinstance(one, list) else []
        return [wrong for part in parts for wrong in both(part)]

    assert both(data()) == []
    fields = [name for group in data()["collected"] for name in group["fields"]]
    assert set(fields) <= data()["fields"].keys()
    assert all(
        isinstance(code, str) for part in data().values() if isinstance(part, dict) for code in part
    )
    used = {"agreed", "declined", "unsaid", "none", "erased", "apart", "infected", "held"}
    assert used <= data()["words"].keys()
    assert len(fields) == len(set(fields))
