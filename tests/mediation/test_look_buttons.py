"""Beside everything that is masked stands a button that opens just that, until it is open."""

import re
from typing import Any

from shared.work import Database
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    a_record,
    form_token,
    step,
)

COMPLAINANT: dict[str, Any] = {
    "name": "周晓明",
    "phone": "13800000000",
    "address": "四川省遂宁市船山区滨江路7号2栋502室",
    "id_type": "resident_id",
    "id_number": "510903199003071234",
}
WORDS: dict[str, Any] = {
    "subject": "餐桌开裂",
    "text": "我是周晓明，桌面裂了。",
    "agent": {
        "name": "李小红",
        "phone": "13900000000",
        "id_type": None,
        "id_number": None,
        "authority": "全权处理",
    },
    "joint": {"people": [{"name": "王大力", "phone": None}], "representatives": []},
}
ALL = ["words", "complainant", "complainant", "identity", "identity", "parties", "parties"]


def buttons(page: str) -> list[str]:
    """What each button opens, from the top of the page."""
    return re.findall(r'<button class="look"[^>]*data-part="(\w+)"', page)


async def test_each_masked_value_has_a_button_of_its_own_part(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    record = a_record(case.complaint_id, complainant=COMPLAINANT, words=WORDS)
    intake.records[case.complaint_id] = record
    address = f"/mediation/cases/{case.number}"
    assert buttons((await lin.client.get(address)).text) == []  # it is in nobody's hands
    await step(database, case, "take", lin.actor)
    page = await lin.client.get(address)
    assert buttons(page.text) == ALL
    opened: set[str] = set()
    for part in ("complainant", "identity", "parties", "words"):
        form = {"form_token": form_token(page), "reason": "contact", "parts": part}
        await lin.client.post(f"{address}/look", data=form)
        page = await lin.client.get(address)
        opened.add(part)
        assert buttons(page.text) == [one for one in ALL if one not in opened]
    assert "510903199003071234" in page.text


async def test_without_script_the_first_part_that_is_closed_is_ticked(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    record = a_record(case.complaint_id, complainant=COMPLAINANT, words=WORDS)
    intake.records[case.complaint_id] = record
    await step(database, case, "take", lin.actor)
    address = f"/mediation/cases/{case.number}"

    def ticked(text: str) -> list[str]:
        return re.findall(r'name="parts" value="(\w+)" checked', text)

    page = await lin.client.get(address)
    assert ticked(page.text) == ["complainant"]
    form = {"form_token": form_token(page), "reason": "contact", "parts": "complainant"}
    await lin.client.post(f"{address}/look", data=form)
    assert ticked((await lin.client.get(address)).text) == ["identity"]
