"""The pages of keeping, as two privacy officers use them: holds, requests, copies, assessments."""

import io
import json
import re
import zipfile
from collections.abc import AsyncGenerator
from datetime import date
from typing import Any

import httpx
import pytest
from pypdf import PdfReader
from sqlalchemy import update

from services.mediation.tables import CaseRow
from services.mediation.use_cases.privacy import holds
from services.mediation.use_cases.staff import add_staff
from shared.runtime.embedded import Embedded
from tests.conftest import StandingClock
from tests.intake.samples import png
from tests.journeys.walking import Walker
from tests.mediation.keeping import noted
from tests.mediation.things import form_token

HERE = "/mediation/keeping"
HTML = {"Accept": "text/html", "Origin": "http://test"}
ZHANG = {"name": "张三丰", "phone": "13800000001", "checked": "当面看了居民身份证"}
JOINT = {"people": [{"name": "同行的李四", "phone": "13511112222"}], "representatives": []}


class Officer:
    """Somebody with a browser who holds a role."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, address: str) -> httpx.Response:
        return await self.client.get(address, headers=HTML)

    async def send(self, page: str, address: str, **fields: Any) -> httpx.Response:
        """Send a form that stands on a page."""
        token = form_token(await self.get(page))
        data = {"form_token": token, **fields}
        return await self.client.post(address, data=data, headers=HTML)


async def hired(platform: Embedded, name: str, role: str) -> Officer:
    """Somebody new, logged in."""
    async with platform.running["mediation"].database.work() as work:
        password = await add_staff(
            work, name, display=name, role=role, body="main", phone="0999-12315"
        )
    transport = httpx.ASGITransport(app=platform.app())
    client = httpx.AsyncClient(transport=transport, base_url="http://test")
    said = {"name": name, "password": password, "new_password": f"{name}-corner-quotes-said"}
    answer = await client.post("/mediation/api/v1/login", json=said)
    assert answer.status_code == 200, answer.text
    return Officer(client)


@pytest.fixture
async def officers(platform: Embedded, walker: Walker) -> AsyncGenerator[list[Officer]]:
    """Two privacy officers and a mediator."""
    roles = (
        ("zhou", "privacy_officer"), ("wu", "privacy_officer"), ("lin", "mediator"),
    )  # fmt: skip
    made = [await hired(platform, name, role) for name, role in roles]
    yield made
    for one in made:
        await one.client.aclose()


async def a_case(walker: Walker, **changes: Any) -> dict[str, Any]:
    """A complaint with a file, forwarded."""
    receipt = await walker.complain(**changes)
    files = {"files": ("收条.png", png(), "image/png")}
    address = f"/intake/api/v1/complaints/{receipt['number']}/attachments"
    code = {"X-Query-Code": receipt["query_code"]}
    assert (await walker.http.post(address, files=files, headers=code)).status_code == 201
    await walker.settle()
    case = await walker.went(await walker.case_of(receipt["number"]), "accept")
    if changes.get("kind") != "report":
        case = await walker.went(case, "forward")
    await walker.settle()
    return case


async def close(platform: Embedded, number: str, day: date = date(2016, 6, 22)) -> None:
    async with platform.running["mediation"].database.work() as work:
        ended = {"closed_on": day, "state": "closed", "outcome": "agreed"}
        await work.session.execute(update(CaseRow).where(CaseRow.number == number).values(ended))


async def test_a_person_is_given_everything_there_is_about_them_and_nothing_of_others(
    platform: Embedded, walker: Walker, officers: list[Officer], clock: StandingClock
) -> None:
    zhou, *_ = officers
    mine = await a_case(walker, joint=JOINT)
    report = await a_case(walker, kind="report")
    await a_case(walker, complainant={"name": "王重阳", "phone": "13900000002"})
    asked = await zhou.send(f"{HERE}/requests/new", f"{HERE}/requests", kind="copy", **ZHANG)
    assert asked.status_code == 303, asked.text
    address = asked.headers["location"]
    assert "正在制作副本" in (await zhou.get(address)).text
    await platform.settle()
    copy = await zhou.send(address, f"{address}/copy.zip")
    assert (copy.status_code, copy.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(copy.content)) as archive:
        names = set(archive.namelist())
        told = json.loads(archive.read("everything.json"))
        pages = PdfReader(io.BytesIO(archive.read("copy.pdf"))).pages
        shown = "".join("".join(page.extract_text() for page in pages).split())
    assert names == {
        "everything.json",
        "copy.pdf",
        f"{mine['number']}/files/收条.png",
        f"{mine['number']}/letters/消转〔2026〕1号.pdf",
        f"{report['number']}/files/收条.png",
    }
    assert sorted(one["number"] for one in told["cases"]) == sorted(
        (mine["number"], report["number"])
    )
    for one in told["cases"]:
        mine = {group["code"]: group["data"] for group in one["collected"]}["contact"]
        assert (mine["name"]["value"], mine["phone"]["value"]) == ("张三丰", "13800000001")
    for words in (json.dumps(told, ensure_ascii=False), shown):
        assert "王重阳" not in words
        assert "同行的李四" not in words
        assert "13511112222" not in words
    assert "个人信息保护法" in shown
    said = await noted(platform.running["mediation"].database, "retention")
    assert [action for action, *_ in said] == ["copy.asked", "copy.given"]
    assert "下载副本</button>" in (await zhou.get(address)).text
    clock.move(minutes=61)
    assert (await zhou.send(address, f"{address}/copy.zip")).status_code == 404
    over = (await zhou.get(address)).text
    assert ("下载副本</button>" in over, "不再保留" in over) == (False, True)


async def test_an_erasure_is_decided_by_another_officer_and_says_what_stays(
    platform: Embedded, walker: Walker, officers: list[Officer]
) -> None:
    zhou, wu, _ = officers
    gone, stays = await a_case(walker), await a_case(walker)
    await close(platform, gone["number"])
    asked = await zhou.send(f"{HERE}/requests/new", f"{HERE}/requests", kind="erasure", **ZHANG)
    address = asked.headers["location"]
    page = (await zhou.get(address)).text
    assert "代理其职务的人都不能决定" in page
    assert "zhou登记" in page
    assert "案件还没有结案，处理目的没有实现（个人信息保护法第四十七条第一款第一项）" in page
    refused = await zhou.client.post(
        f"{address}/decision",
        data={"form_token": form_token(await zhou.get(address)), "erase": "true", "reason": "好"},
        headers=HTML,
    )
    assert refused.status_code == 409
    done = await wu.send(address, f"{address}/decision", erase="true", reason="符合第四十七条")
    assert done.status_code == 303, done.text
    assert "已经批准，正在删除" in (await wu.get(address)).text
    await platform.settle()
    after = (await wu.get(address)).text
    assert "已经删除" in after
    assert "正在删除" not in after
    assert "2件案件 · 1件暂不删除" in (await wu.get(HERE)).text
    assert re.search(r"已经同意</strong> [^<]+ · wu", after)
    assert "暂不删除" in after
    assert "发文登记（文号、日期）" in after
    record = await wu.client.get(f"/intake/api/v1/complaints/{gone['complaint_id']}")
    assert (record.json()["complainant"], record.json()["matter"]["text"]) == (None, "")
    other = await wu.client.get(f"/intake/api/v1/complaints/{stays['complaint_id']}")
    assert other.json()["matter"]["text"] != ""


async def test_what_is_due_is_approved_on_the_page_and_a_hold_keeps_the_other(
    platform: Embedded, walker: Walker, clock: StandingClock
) -> None:
    gone, held = await a_case(walker), await a_case(walker)
    for one in (gone, held):
        await close(platform, one["number"])
    clock.move(days=1)
    await platform.settle()
    zhou = await hired(platform, "zhou", "privacy_officer")
    fields = {"number": held["number"], "reason": "法院调取", "until": ""}
    assert (await zhou.send(HERE, f"{HERE}/holds", **fields)).status_code == 303
    page = (await zhou.get(HERE)).text
    listed = re.findall(r'name="cases" value="([^"]+)"', page)
    assert listed == [gone["id"]]
    assert "法院调取" in page
    assert (await zhou.send(HERE, f"{HERE}/due", cases=listed)).status_code == 303
    await platform.settle()
    assert 'name="cases"' not in (await zhou.get(HERE)).text
    record = await zhou.client.get(f"/intake/api/v1/complaints/{gone['complaint_id']}")
    assert record.json()["matter"]["text"] == ""
    lift = re.search(r'action="(/mediation/keeping/holds/[^"]+/lift)"', page)
    assert lift is not None
    assert (await zhou.send(HERE, lift[1])).status_code == 303
    page = (await zhou.get(HERE)).text
    assert "没有暂停删除的案件。" in page
    assert re.findall(r'name="cases" value="([^"]+)"', page) == [held["id"]]
    await zhou.client.aclose()


async def test_holds_that_do_not_fit_stand_on_the_next_page(
    walker: Walker, officers: list[Officer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "MOST", 1)
    zhou, *_ = officers
    for reason in ("诉讼保全", "上级督办"):
        case = await a_case(walker)
        fields = {"number": case["number"], "reason": reason, "until": ""}
        assert (await zhou.send(HERE, f"{HERE}/holds", **fields)).status_code == 303
    first = (await zhou.get(HERE)).text
    assert ("上级督办" in first, "诉讼保全" in first) == (True, False)
    on = re.search(r'href="(/mediation/keeping\?before=[^"#]+)#holds" rel="next"', first)
    assert on is not None
    last = (await zhou.get(on[1])).text
    assert ("上级督办" in last, "诉讼保全" in last) == (False, True)
    assert 'rel="next"' not in last
    assert 'href="/mediation/keeping#holds"' in last


async def test_a_period_below_the_law_is_refused_in_words_and_a_longer_one_is_kept(
    walker: Walker, officers: list[Officer]
) -> None:
    zhou, *_ = officers
    short = await zhou.send(HERE, f"{HERE}/periods", body="main", code="assessments", months="12")
    assert short.status_code == 422
    assert "依法至少保存36个月" in short.text
    longer = await zhou.send(HERE, f"{HERE}/periods", body="main", code="complaint", months="180")
    assert longer.status_code == 303
    page = (await zhou.get(HERE)).text
    assert "180个月" in page
    assert '<th scope="row">证据文件和函件</th><td data-label="期限">随案件</td>' in page
    english = await zhou.client.get(HERE, headers={**HTML, "Accept-Language": "en"})
    assert "180 months" in english.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"months": ""}, "请写月数，或者选永久保存。"),
        ({"months": "12", "for_ever": "true"}, "月数和永久只能选一样。"),
        ({"months": "很久"}, "保存期限要写成月数，例如120。"),
    ],
)
async def test_a_period_that_was_not_said_clearly_changes_nothing(
    platform: Embedded, officers: list[Officer], typed: dict[str, str], words: str
) -> None:
    zhou, *_ = officers
    answer = await zhou.send(HERE, f"{HERE}/periods", body="main", code="complaint", **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert await noted(platform.running["mediation"].database, "retention") == []


async def test_for_ever_is_chosen_not_left_empty(
    platform: Embedded, officers: list[Officer]
) -> None:
    zhou, *_ = officers
    fields = {"body": "main", "code": "complaint", "months": "", "for_ever": "true"}
    assert (await zhou.send(HERE, f"{HERE}/periods", **fields)).status_code == 303
    [(_, _, said)] = await noted(platform.running["mediation"].database, "retention")
    assert said == {"class": "complaint", "before": 120, "now": None}


async def test_an_assessment_begins_as_a_draft_and_is_looked_at_again_after_a_year(
    walker: Walker, officers: list[Officer], clock: StandingClock
) -> None:
    zhou, *_ = officers
    listed = (await zhou.client.get("/mediation/api/v1/assessments")).json()["items"]
    assert [(one["purpose"], one["state"], one["version"]) for one in listed] == [
        ("handling", "draft", 0),
        ("forwarding", "draft", 0),
        ("entrusting", "draft", 0),
        ("publication", "draft", 0),
        ("figures", "draft", 0),
        ("suggestions", "draft", 0),
    ]
    address = f"{HERE}/assessments/main/handling"
    parts = {"kinds": "姓名", "necessity": "必需", "impact": "", "measures": "加密"}
    wrong = await zhou.send(address, address, **parts)
    assert wrong.status_code == 422
    assert "这一项要写。" in wrong.text
    done = await zhou.send(address, address, **{**parts, "impact": "可能被骚扰"})
    assert done.status_code == 303
    first = (await zhou.client.get("/mediation/api/v1/assessments")).json()["items"][0]
    assert (first["state"], first["version"]) == ("recorded", 1)
    assert (first["assessed_on"], first["review_on"]) == ("2026-06-23", "2027-06-23")
    assert first["impact"] == "可能被骚扰"
    clock.move(days=2)
    assert (await zhou.send(address, address, **{**parts, "impact": "风险低"})).status_code == 303
    page = (await zhou.get(address)).text
    made = page[page.index("记录过的版本") :]
    assert re.findall(r"第(\d)版", made) == ["2", "1"]
    assert ("风险低" in made, "可能被骚扰" in made, "zhou" in made) == (True, True, True)


async def test_who_reported_is_shown_to_the_officer_alone_with_a_reason(
    platform: Embedded, walker: Walker, officers: list[Officer]
) -> None:
    zhou, _, lin = officers
    report = await a_case(walker, kind="report")
    case = (await lin.get(f"/mediation/cases/{report['number']}")).text
    assert "举报人信息另行保管" in case
    assert "张三丰" not in case
    page = f"/intake/reporters/{report['number']}"
    assert (await lin.get(page)).status_code == 403
    empty = await zhou.send(page, page, reason=" ")
    assert empty.status_code == 422
    assert "张三丰" not in empty.text
    shown = await zhou.send(page, page, reason="公安机关依法调取")
    assert "张三丰" in shown.text
    assert "13800000001" in shown.text
    said = await noted(platform.running["intake"].database, "complaint")
    looks = [(action, values) for action, _, values in said if action.startswith("reporter.")]
    assert looks == [("reporter.opened", {"reason": "公安机关依法调取"})]


@pytest.mark.parametrize(
    "address",
    [
        HERE,
        f"{HERE}/requests/new",
        f"{HERE}/assessments",
        f"{HERE}/assessments/main/handling",
        "/mediation/api/v1/assessments",
    ],
)
async def test_a_mediator_has_no_business_here(officers: list[Officer], address: str) -> None:
    *_, lin = officers
    assert (await lin.get(address)).status_code == 403


async def test_the_page_shows_which_keys_there_are_and_what_is_no_case_is_told_in_words(
    platform: Embedded, officers: list[Officer]
) -> None:
    zhou, *_ = officers
    page = (await zhou.get(HERE)).text
    assert '<th scope="row" class="code">k1</th><td data-label="算法">AES-256-GCM</td>' in page
    assert "正在使用" in page
    assert "正在更换密钥" not in page
    wrong = await zhou.send(HERE, f"{HERE}/due", cases=["no-case"])
    assert wrong.status_code == 422
    assert "请至少选一件到期的案件。" in wrong.text
