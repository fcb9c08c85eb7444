"""A complaint is passed on with consent; after a no only a person may, and says why."""

import pytest

from services.mediation.domain.case import ForwardingNotAgreedError
from services.mediation.use_cases.audit import CASES
from services.mediation.use_cases.keeping import Actor, opened
from shared.ids import uuid7
from shared.trail.verifying import verify
from shared.work import Database
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    a_colleague,
    a_record,
    form_token,
    log_of,
    said,
    step,
    the_case,
    walk,
)

REASON = "6月23日电话中同意转送，不透露姓名。"
SENTENCE = "投诉人没有同意把投诉内容转给商家。要转送，请工作人员写明理由"
FIELD = 'name="forward.consent_override"'
ASKED = "没有写明投诉人是否同意转送。转给商家就是向他人提供个人信息"


async def test_after_a_no_the_complaint_is_not_forwarded(database: Database) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database, forwarding_consent=False), lin, "accept")
    events = len(await said(database))
    for reason in ({}, {"consent_override": None}, {"consent_override": ""}):
        with pytest.raises(ForwardingNotAgreedError, match=SENTENCE) as refused:
            await step(database, case, "forward", lin, **reason)
        assert refused.value.pointer == "/consent_override"
    case = await the_case(database, case.number)
    assert (case.state, case.version, case.serial) == ("accepted", 2, 0)
    assert len(await said(database)) == events


async def test_a_person_forwards_it_all_the_same_and_the_log_keeps_why(database: Database) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database, forwarding_consent=False), lin, "accept")
    case = await step(database, case, "forward", lin, consent_override=REASON)
    assert (case.state, case.serial) == ("forwarded", 1)
    assert "6月23日" not in (await said(database))[-1].model_dump_json()
    async with database.reading() as session:
        last = (await log_of(session, case))[-1]
        kept = opened(database.vault, last.sealed, case.id, last.id)
        assert (await verify(database, [CASES])).breaks == []
    assert kept is not None
    assert (last.actor, last.step, kept[1]["consent_override"]) == (lin.id, "forward", REASON)


async def test_a_service_cannot_decide_that_in_place_of_a_person(database: Database) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database, forwarding_consent=False), lin, "accept")
    service = Actor("service", uuid7(), "service")
    with pytest.raises(ForwardingNotAgreedError):
        await step(database, case, "forward", service, consent_override=REASON)
    assert (await the_case(database, case.number)).state == "accepted"


@pytest.mark.parametrize("consent", [True, None])
async def test_a_yes_and_nothing_stated_hinder_nobody(
    database: Database, *, consent: bool | None
) -> None:
    lin = await a_colleague(database)
    case = await a_case(database, forwarding_consent=consent)
    assert (await walk(database, case, lin, "accept", "forward")).state == "forwarded"


@pytest.mark.parametrize(
    ("consent", "shown"),
    [(False, [SENTENCE, FIELD]), (None, [ASKED, "没有写明"]), (True, [])],
)
async def test_the_page_says_whether_the_complainant_agreed(
    lin: Colleague,
    database: Database,
    intake: IntakeInMemory,
    *,
    consent: bool | None,
    shown: list[str],
) -> None:
    case = await a_case(database, forwarding_consent=consent)
    intake.records[case.complaint_id] = a_record(
        case.complaint_id, words={"consents": {"forwarding": consent, "mediation": True}}
    )
    case = await walk(database, case, lin.actor, "accept")
    page = await lin.client.get(f"/mediation/cases/{case.number}")
    assert page.status_code == 200
    looked_for = (SENTENCE, FIELD, ASKED, "没有写明")
    assert [words for words in looked_for if words in page.text] == shown


@pytest.mark.parametrize(
    ("consents", "shown"),
    [
        ({"mediation": True}, "是"),
        ({"mediation": False}, "否"),
        ({"mediation": None}, "没有写明"),
        ({}, "没有写明"),
        (None, "没有写明"),
    ],
)
async def test_the_page_says_what_was_said_to_mediation_and_makes_no_no_of_silence(
    lin: Colleague,
    database: Database,
    intake: IntakeInMemory,
    consents: dict[str, bool | None] | None,
    shown: str,
) -> None:
    case = await a_case(database)
    words = {"subject": "餐桌开裂", "consents": consents}
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=words)
    page = await lin.client.get(f"/mediation/cases/{case.number}")
    assert f"<dt>同意由本会调解</dt><dd>{shown}</dd>" in page.text


async def test_the_form_asks_for_the_reason_and_then_forwards(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database, forwarding_consent=False)
    case = await walk(database, case, lin.actor, "accept")
    place = f"/mediation/cases/{case.number}"
    shown = await lin.client.get(place)
    fields = {"form_token": form_token(shown), "version": "2", "forward.note": "请先看附件"}
    refused = await lin.client.post(place + "/steps/forward", data=fields)
    assert refused.status_code == 422
    assert SENTENCE in refused.text
    assert "请先看附件" in refused.text
    assert (await the_case(database, case.number)).state == "accepted"
    reason = {"forward.consent_override": REASON}
    done = await lin.client.post(place + "/steps/forward", data=fields | reason)
    assert done.status_code == 303
    assert (await the_case(database, case.number)).state == "forwarded"
    assert REASON in (await lin.client.get(place)).text
