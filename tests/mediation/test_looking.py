"""Names and numbers are hidden; who looks behind the mask says why, and it is noted first."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.mediation.steps import FetchWords
from services.mediation.use_cases.masking import masked_record, masked_values
from shared.masks import Secrets
from shared.rights import PERMISSIONS, Action, Role
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    a_record,
    form_token,
    said,
    step,
    the_case,
)

WORDS: dict[str, Any] = {
    "subject": "周晓明的餐桌开裂",
    "text": "我是周晓明，电话１３８　００００　００００，桌面裂了，卡号6222 0212 3456 7890 123。",
    "evidence": ["周晓明的发票"],
}
HIDDEN = ("周晓明", "13800000000", "００００　００００", "6222 0212")
WHERE = "四川省遂宁市船山区滨江路7号2栋502室"


async def rows(database: Database) -> list[tuple[str, str, str]]:
    async with database.reading() as session:
        statement = select(AuditRow).where(AuditRow.kind == "case").order_by(AuditRow.id)
        return [(one.kind, one.key, one.action) for one in await session.scalars(statement)]


async def test_a_case_hides_people_on_its_page_in_its_json_and_in_lists(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=WORDS)
    await FetchWords(intake)(database)
    page = await lin.client.get(f"/mediation/cases/{case.number}")
    json = await lin.client.get(f"/mediation/api/v1/cases/{case.number}")
    desk = await lin.client.get("/mediation/cases")
    listed = await lin.client.get("/mediation/api/v1/cases")
    for answer in (page, json, desk, listed):
        assert answer.status_code == 200
        assert [one for one in HIDDEN if one in answer.text] == []
    assert "周**" in page.text
    assert "138****0000" in page.text


async def test_a_look_needs_the_case_in_ones_hands_a_part_and_a_reason(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=WORDS)
    address = f"/mediation/api/v1/cases/{case.number}/look"
    wanted = {"parts": ["complainant"], "reason": "contact"}

    async def refused(**changed: Any) -> tuple[int, str]:
        answer = await lin.client.post(address, json=wanted | changed, headers=lin.header)
        assert [one for one in HIDDEN if one in answer.text] == []
        return answer.status_code, answer.json()["type"]

    assert await refused() == (403, "NotAllowedError")
    await step(database, case, "take", lin.actor)
    assert await refused(parts=[]) == (422, "NothingToLookAtError")
    assert await refused(parts=["everything"]) == (422, "NothingToLookAtError")
    assert await refused(reason="") == (422, "NoReasonError")
    assert await refused(reason="curious") == (422, "NoReasonError")
    assert await refused(reason="other", note="　") == (422, "NoReasonError")
    assert await refused(reason="other", note="看" * 201) == (422, "InvalidRequestError")
    assert await rows(database) == []


async def test_each_look_is_one_row_of_the_trail_and_shows_only_what_was_asked_for(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=WORDS)
    await FetchWords(intake)(database)
    await step(database, case, "take", lin.actor)
    told = len(await said(database))
    wanted = {"parts": ["complainant"], "reason": "contact"}
    address = f"/mediation/api/v1/cases/{case.number}/look"
    answer = await lin.client.post(address, json=wanted, headers=lin.header)
    assert answer.status_code == 200
    assert answer.json()["complainant"]["name"] == "周晓明", answer.text
    assert answer.json()["complainant"]["phone"] == "13800000000"
    assert "周晓明" not in answer.json()["matter"]["text"]
    assert await rows(database) == [("case", str(case.id), "mask.opened")]
    assert len(await said(database)) == told
    assert (await the_case(database, case.number)).version == 2
    masked = await lin.client.get(f"/mediation/api/v1/cases/{case.number}")
    assert masked.json()["complainant"]["name"] == "周**"


async def test_what_was_looked_at_stays_open_for_ten_minutes_on_this_case_alone(
    lin: Colleague, database: Database, intake: IntakeInMemory, clock: StandingClock
) -> None:
    one, other = await a_case(database), await a_case(database)
    for case in (one, other):
        intake.records[case.complaint_id] = a_record(case.complaint_id, words=WORDS)
        await step(database, case, "take", lin.actor)
    page = await lin.client.get(f"/mediation/cases/{one.number}")
    form = {"form_token": form_token(page), "reason": "contact"}
    address = f"/mediation/cases/{one.number}/look"
    wrong = await lin.client.post(address, data=form | {"reason": "", "parts": "words"})
    assert wrong.status_code == 422
    assert "请选择为什么要看。" in wrong.text
    assert await rows(database) == []
    seen = await lin.client.post(address, data=form | {"parts": "complainant"})
    assert (seen.status_code, seen.headers["location"]) == (303, f"/mediation/cases/{one.number}")
    assert "周晓明" not in seen.headers["set-cookie"]
    open_page = (await lin.client.get(f"/mediation/cases/{one.number}")).text
    assert "<dd>13800000000</dd>" in open_page
    assert "卡号6222" not in open_page
    clock.move(minutes=6)
    await lin.client.post(address, data=form | {"parts": "words"})
    both = (await lin.client.get(f"/mediation/cases/{one.number}")).text
    assert "<dd>13800000000</dd>" in both
    assert "卡号6222" in both
    assert "13800000000" not in (await lin.client.get(f"/mediation/cases/{other.number}")).text
    clock.move(minutes=4, seconds=1)
    later = (await lin.client.get(f"/mediation/cases/{one.number}")).text
    assert ("13800000000" in later, "卡号6222" in later) == (False, True)
    clock.move(minutes=6)
    assert "卡号6222" not in (await lin.client.get(f"/mediation/cases/{one.number}")).text
    assert len(await rows(database)) == 2


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/complainant/name", "周**"),
        ("/complainant/phone", "138****0000"),
        ("/complainant/phone", "１３８＊＊＊＊００００"),
    ],
)
async def test_a_mask_that_comes_back_overwrites_nothing(
    lin: Colleague, database: Database, intake: IntakeInMemory, pointer: str, value: str
) -> None:
    case = await a_case(database)
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=WORDS)
    changes = {pointer: value, "/matter/place": "城东市场"}
    answer = await lin.post_step(case, "amend", changes=changes)
    assert answer.status_code == 200, answer.text
    [event] = [one for one in await said(database) if one.version == 2]
    assert event.model_dump()["fields"] == ("/matter/place",)
    alone = await lin.post_step(
        await the_case(database, case.number), "amend", changes={pointer: value}
    )
    assert (alone.status_code, alone.json()["type"]) == (422, "NothingToCorrectError")
    assert (await the_case(database, case.number)).version == 2


async def test_a_mask_of_something_else_is_refused(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=WORDS)
    answer = await lin.post_step(case, "amend", changes={"/complainant/phone": "139****1111"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "MaskedValueError"
    assert (await the_case(database, case.number)).version == 1


async def test_what_was_looked_at_is_hidden_again_from_who_loses_the_right(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=WORDS)
    case = await step(database, case, "take", lin.actor)
    page = await lin.client.get(f"/mediation/cases/{case.number}")
    form = {"form_token": form_token(page), "reason": "contact", "parts": "complainant"}
    await lin.client.post(f"/mediation/cases/{case.number}/look", data=form)
    assert "13800000000" in (await lin.client.get(f"/mediation/cases/{case.number}")).text
    await step(database, case, "assign", lin.actor, assignee=None)
    assert "13800000000" not in (await lin.client.get(f"/mediation/cases/{case.number}")).text


def test_an_address_that_is_repeated_in_the_text_is_hidden_there_too() -> None:
    record = a_record(
        UUID(int=1),
        complainant={"name": "周晓明", "address": "四川省遂宁市船山区滨江路7号2栋502室"},
        words={"text": "我住滨江路7号2栋502室，离船山区政府不远。"},
    )
    text = masked_record(record, frozenset()).words["text"]
    assert "滨江路7号" not in text
    assert "离船山区政府不远" in text


@pytest.mark.parametrize(
    ("opened", "shown"),
    [
        (set(), ("周**", "138****0000", "510***********1234", "四川省遂宁市船山区****")),
        (
            {"complainant"},
            ("周晓明", "13800000000", "510***********1234", "四川省遂宁市船山区****"),
        ),
        ({"identity"}, ("周**", "138****0000", "510903199003071234", WHERE)),
        ({"complainant", "identity"}, ("周晓明", "13800000000", "510903199003071234", WHERE)),
        ({"parties", "respondent", "words"}, None),
    ],
)
def test_who_wants_to_call_somebody_sees_neither_their_id_number_nor_their_address(
    opened: set[str], shown: tuple[str, ...] | None
) -> None:
    values = ("周晓明", "13800000000", "510903199003071234", WHERE)
    names = ("name", "phone", "id_number", "address")
    record = a_record(UUID(int=1), complainant=dict(zip(names, values, strict=True)))
    found = masked_record(record, frozenset(opened)).complainant
    hidden = masked_record(record, frozenset()).complainant
    assert tuple(found.values()) == (shown or tuple(hidden.values()))


def test_a_mobile_phone_of_the_respondent_is_hidden_and_its_name_and_landline_are_not() -> None:
    record = a_record(
        UUID(int=1),
        respondent={"name": "老王火锅", "phone": "13900000009", "address": "滨江路1号"},
    )
    shown = masked_record(record, frozenset())
    assert dict(shown.respondent) == {
        "name": "老王火锅", "phone": "139****0009", "address": "滨江路1号",
    }  # fmt: skip
    land = replace(record, respondent={"name": "老王火锅", "phone": "0825-1234567"})
    assert masked_record(land, frozenset()).respondent["phone"] == "0825-1234567"
    assert masked_record(record, {"respondent"}).respondent["phone"] == "13900000009"


def test_what_an_agent_was_charged_with_hides_names_numbers_and_addresses() -> None:
    record = a_record(
        UUID(int=1),
        complainant={"name": "周晓明", "address": "四川省遂宁市船山区滨江路7号2栋502室"},
        words={
            "agent": {
                "name": "王五",
                "phone": "13900139000",
                "authority": "代周晓明投诉，住滨江路7号2栋502室，电话0825-2222222",
            }
        },
    )
    shown = {
        "name": "王*",
        "phone": "139****9000",
        "authority": "代周**投诉，住****，电话0825-****222",
    }
    assert masked_record(record, frozenset()).words["agent"] == shown
    assert masked_record(record, {"complainant", "words"}).words["agent"] == shown
    assert masked_record(record, {"parties"}).words["agent"] == record.words["agent"]


def test_corrections_in_the_log_are_hidden_old_and_new() -> None:
    values = {
        "changes": {"/complainant/phone": "13800000001", "/matter/text": "我叫周晓明"},
        "before": {"/complainant/phone": "13800000000", "/matter/text": None},
        "text": "周晓明来电13800000000",
    }
    assert dict(masked_values(values, frozenset(), Secrets(("周晓明",)))) == {
        "changes": {"/complainant/phone": "138****0001", "/matter/text": "我叫周**"},
        "before": {"/complainant/phone": "138****0000", "/matter/text": None},
        "text": "周**来电138****0000",
    }
    assert dict(masked_values(values, {"complainant", "words"}, Secrets(("周晓明",)))) == values


def test_only_roles_that_handle_cases_may_look_behind_a_mask() -> None:
    assert {role for role, actions in PERMISSIONS.items() if Action.MASK_OPEN in actions} == {
        Role.REGISTRAR, Role.MEDIATOR, Role.LEADER, Role.SECRETARY_GENERAL,
    }  # fmt: skip
