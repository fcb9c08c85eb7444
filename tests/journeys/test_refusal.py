"""A complaint that is not accepted: what the citizen reads, and what desk and dashboard count."""

import re
from html import unescape
from typing import Any

import httpx

from tests.journeys.walking import Walker

NEW, STATUS = "/intake/complaints/new", "/intake/status"
TYPED = {
    "kind": "complaint",
    "respondent.name": "蓝天电器商行",
    "matter.subject": "二手空调不制冷",
    "matter.text": "从邻居手里买的二手空调不制冷。",
    "complainant.name": "张三丰",
    "complainant.phone": "13800000001",
    "consents.forwarding": "true",
}
READS = {
    "zh-CN": (
        "这件投诉没有受理",
        "原因：消费者个人之间的私下交易纠纷。",
        "依据：受理消费者投诉规定（通行条款）第（二）项。",
        "您还可以按情况找别的部门，或者申请仲裁、向人民法院起诉。",
    ),
    "en": (
        "This complaint was not accepted",
        "Why: a private deal between consumers.",
        "The rule: common rules on acceptance, item 2.",
        "You may still turn to another authority, to arbitration or to the People’s Court.",
    ),
}


async def read(http: httpx.AsyncClient, path: str, language: str = "zh-CN") -> str:
    headers = {"Accept": "text/html", "Accept-Language": language}
    answer = await http.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


async def send(http: httpx.AsyncClient, path: str, page: str, fields: dict[str, str]) -> None:
    """Fill in the form of a page and send it with its hidden fields."""
    hidden: dict[str, str] = dict(re.findall(r'name="(form_token|form_key)" value="([^"]*)"', page))
    headers = {"Origin": "http://test", "Accept": "text/html"}
    answer = await http.post(path, data=hidden | fields, headers=headers)
    assert answer.status_code == 303, answer.text


async def complained(http: httpx.AsyncClient) -> tuple[str, str]:
    """Number and code of a complaint sent by the form."""
    await send(http, NEW, await read(http, NEW), TYPED)
    receipt = await read(http, "/intake/receipt")
    found = re.search(
        r"<dd>(\d{6}-[0-9A-Z]{9})</dd>.*?<dd>((?:[0-9A-Z]{4} ?){3})</dd>", receipt, re.DOTALL
    )
    assert found, receipt
    return found[1], found[2]


async def test_who_is_refused_reads_that_why_and_what_else_may_be_done(walker: Walker) -> None:
    number, code = await complained(walker.http)
    await walker.settle()
    case = await walker.case_of(number)
    assert (await walker.step(case, "refuse")).status_code == 422
    assert (await walker.case_of(number))["state"] == "registered"
    case = await walker.went(case, "refuse", reason="private_deal")
    assert (case["state"], case["outcome"], case["due_on"]) == ("closed", "refused", None)
    await walker.settle()

    known = {"number": number, "query_code": code}
    await send(walker.http, STATUS, await read(walker.http, STATUS), known)
    for language, sentences in READS.items():
        page = await read(walker.http, STATUS, language)
        assert [one for one in sentences if one not in page] == []
    said = (await walker.http.post("/intake/api/v1/status", json=known)).json()
    assert (said["state"], said["outcome"]) == ("closed", "refused")
    assert said["refused_for"]["code"] == "private_deal"

    figures = await walker.figures()
    assert figures == {
        "received": 1, "accepted": 0, "refused": 1, "open": 0, "closed": 1, "letters_sent": 0,
        "overdue": 0,
    }  # fmt: skip


async def test_the_desk_and_the_dashboard_count_the_same(walker: Walker) -> None:
    """Of everything that may become of a complaint, one each; one of them taken up again."""
    ways: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "registered": [],
        "refused": [("refuse", {"reason": "settled"})],
        "refused and taken up again": [
            ("refuse", {"reason": "settled"}), ("reopen", {"note": "有新情况"}),
        ],
        "accepted": [("accept", {})],
        "forwarded": [("accept", {}), ("forward", {})],
        "agreed": [("accept", {}), ("agree", {"text": "退货退款"})],
        "agreed and closed": [("accept", {}), ("agree", {"text": "退货退款"}), ("close", {})],
        "failed and closed": [
            ("accept", {}), ("fail", {"reason": "no_agreement"}), ("close", {}),
        ],
        "closed and taken up again": [
            ("accept", {}), ("agree", {"text": "换货"}), ("close", {}),
            ("reopen", {"note": "没换"}),
        ],
        "withdrawn": [("withdraw", {"text": "谈好了"})],
    }  # fmt: skip
    receipts = {way: await walker.complain() for way in ways}
    await walker.settle()
    for way, steps in ways.items():
        case = await walker.case_of(receipts[way]["number"])
        for step, facts in steps:
            case = await walker.went(case, step, **facts)
    await walker.settle()

    desk = {state: await on_the_desk(walker, state) for state in ("open", "closed", "all")}
    figures = await walker.figures()
    assert desk == {"open": 7, "closed": 3, "all": 10}
    assert {
        "open": figures["open"],
        "closed": figures["closed"],
        "all": figures["received"],
    } == desk


async def on_the_desk(walker: Walker, state: str) -> int:
    """How many cases the list of the desk has."""
    answer = await walker.http.get("/mediation/api/v1/cases", params={"state": state})
    assert answer.status_code == 200, answer.text
    assert answer.json()["next"] is None
    return len(answer.json()["items"])
