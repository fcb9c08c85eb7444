"""The case page shows who acts for the complainant, who complains with them, and since when."""

import pytest

from shared.work import Database
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    a_record,
    form_token,
    step,
)

WORDS = {
    "subject": "餐桌开裂",
    "text": "裂",
    "rights_infringement_known_on": "2026-06-02",
    "agent": {
        "name": "赵律师",
        "phone": "13900000001",
        "id_type": "passport",
        "id_number": "E12345678",
        "authority": "代为协商<b>",
    },
    "joint": {
        "people": [{"name": "钱一", "phone": "13900000002"}, {"name": "孙二", "phone": None}],
        "representatives": ["钱一"],
    },
}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["代理人", "护照", "共同投诉人", "2人", "代表人", "2026年6月2日"]),
        ("en", ["Agent", "Passport", "Complaining together", "Speaking for all", "2 Jun 2026"]),
    ],
)
async def test_the_case_page_shows_agent_companions_and_the_day_of_knowing(
    lin: Colleague, database: Database, intake: IntakeInMemory, language: str, words: list[str]
) -> None:
    case = await a_case(database)
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=WORDS)
    page = await lin.client.get(f"/mediation/cases/{case.number}?lang={language}")
    hidden = ("赵**", "139****0001", "代为协商&lt;b&gt;", "钱*", "孙*", "139****0002")
    for one in (*hidden, *words):
        assert one in page.text, one
    clear = ("赵律师", "13900000001", "E12345678", "钱一", "13900000002", "孙二")
    for one in clear:
        assert one not in page.text, one
    await step(database, case, "take", lin.actor)
    form = {"form_token": form_token(page), "parts": "parties", "reason": "contact"}
    answer = await lin.client.post(f"/mediation/cases/{case.number}/look", data=form)
    assert answer.status_code == 303
    page = await lin.client.get(f"/mediation/cases/{case.number}?lang={language}")
    for one in clear:
        assert one in page.text, one


async def test_the_case_page_of_one_person_names_nobody_else(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    words = {"subject": "餐桌开裂", "agent": None, "joint": None}
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=words)
    page = await lin.client.get(f"/mediation/cases/{case.number}")
    for one in ("代理人", "共同投诉人", "知道权益受损之日"):
        assert one not in page.text, one
