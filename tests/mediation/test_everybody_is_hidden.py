"""Agents, companions, addresses and former names are hidden wherever words of a case are shown."""

from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest

from services.mediation.steps import FetchWords, PushAmendments
from services.mediation.tables import CaseRow
from services.mediation.use_cases.desk import Filters
from services.mediation.use_cases.ledger import Order, write_ledger
from services.mediation.use_cases.masking import masked_copy, masked_record
from services.mediation.use_cases.viewing import corrected
from services.mediation.use_cases.words import amended, copy_of, record_of
from shared.bodies import Bodies
from shared.trail import Doer
from shared.work import Database
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    a_record,
    step,
    the_case,
)

SAYS = "冯大律代吴小莉、陈共同投诉光明街八号漏水"
SHOWS = "冯**代吴**、陈**投诉****漏水"
PEOPLE: dict[str, Any] = {
    "complainant": {
        "name": "吴小莉",
        "phone": "13800000000",
        "address": "四川省遂宁市船山区光明街八号",
    },
    "words": {
        "subject": SAYS,
        "text": SAYS,
        "place": SAYS,
        "goods_or_service": SAYS,
        "order_no": "吴小莉13800138000",
        "agent": dict.fromkeys(("phone", "id_type", "id_number", "authority")) | {"name": "冯大律"},
        "joint": {"people": [{"name": "陈共同", "phone": None}], "representatives": ["陈共同"]},
    },
}
SECRET = ("吴小莉", "冯大律", "陈共同", "光明街", "13800138000")


async def here(database: Database, intake: IntakeInMemory) -> CaseRow:
    """A case whose words were fetched from intake."""
    case = await a_case(database, respondent_named=True)
    intake.records[case.complaint_id] = a_record(case.complaint_id, **PEOPLE)
    await FetchWords(intake)(database)
    return case


async def everywhere(lin: Colleague, case: CaseRow) -> dict[str, str]:
    """What shows words of the case, by its address."""
    at = "/mediation"
    places = (
        f"{at}/cases/{case.number}", f"{at}/cases", f"{at}/api/v1/cases",
        f"{at}/api/v1/cases/{case.number}",
    )  # fmt: skip
    return {place: (await lin.client.get(place)).text for place in places}


def told(shown: dict[str, str]) -> dict[str, list[str]]:
    """Which secrets each of them tells."""
    return {at: found for at, text in shown.items() if (found := [x for x in SECRET if x in text])}


async def test_lists_pages_and_json_hide_everybody_who_speaks_and_where_they_live(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await here(database, intake)
    case = await step(database, case, "note", lin.actor, text=SAYS)
    shown = await everywhere(lin, case)
    assert told(shown) == {}
    assert [at for at, text in shown.items() if SHOWS not in text] == []


async def test_a_ledger_hides_everybody_who_speaks_and_where_they_live(
    database: Database, intake: IntakeInMemory
) -> None:
    await here(database, intake)
    doer = Doer("staff", UUID(int=7), "林调解员", "mediator")
    path = await write_ledger(database, Order(Filters(("main",)), "zh", Bodies(), 100, [doer]))
    with ZipFile(path) as book:
        sheets = {name: book.read(name).decode() for name in book.namelist() if "xl/" in name}
    path.unlink()
    assert told(sheets) == {}
    assert any(SHOWS in text for text in sheets.values())


async def test_a_name_that_was_corrected_stays_hidden_before_and_after_intake_knows(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await here(database, intake)
    changes = {"/complainant/name": "吴晓丽", "/matter/place": "吴小莉家楼下"}
    assert (await lin.post_step(case, "amend", changes=changes)).status_code == 200
    case = await the_case(database, case.number)
    again = {"/matter/place": "店里", "/complainant/address": "四川省遂宁市船山区凯旋路88号"}
    assert (await lin.post_step(case, "amend", changes=again)).status_code == 200
    shown = await everywhere(lin, case)
    assert told(shown) == {}
    assert [at for at, text in shown.items() if "吴晓丽" in text or "凯旋路" in text] == []
    assert "吴**家楼下" in shown[f"/mediation/cases/{case.number}"]
    await PushAmendments(intake)(database)
    assert len(intake.amendments) == 2


def test_our_own_copy_of_a_case_knows_whom_to_hide_when_intake_is_away() -> None:
    record = a_record(UUID(int=1), **PEOPLE)
    copy = amended(copy_of(record), {"/complainant/name": "吴晓丽"})
    assert masked_copy(copy)["matter"]["subject"] == SHOWS
    assert masked_copy(copy)["complainant"]["name"] == "吴**"
    own = corrected(record_of(UUID(int=1), copy), [{"/complainant/name": "吴方"}])
    own = corrected(own, [{"/matter/subject": SAYS + "，吴晓丽"}])
    assert masked_record(own, frozenset()).words["subject"] == SHOWS + "，吴**"


def test_a_copy_of_who_speaks_alone_and_gave_no_address_is_no_longer() -> None:
    assert copy_of(a_record(UUID(int=1))) == {
        "complainant": {"name": "周晓明", "phone": "13800000000"},
        "respondent": {"name": "安澜禾木家居有限公司", "phone": "0825-1234567"},
        "matter": {"subject": "餐桌开裂"},
    }


@pytest.mark.parametrize(
    ("kind", "shown"), [("natural", "四**"), ("legal", "四川好又多商贸有限公司")]
)
async def test_a_firm_is_listed_by_its_name_and_a_person_who_sounds_like_one_is_not(
    lin: Colleague, database: Database, intake: IntakeInMemory, kind: str, shown: str
) -> None:
    case, name = await a_case(database, respondent_named=True), "四川好又多商贸有限公司"
    who = {"name": name, "phone": "0825-2222222", "kind": kind}
    intake.records[case.complaint_id] = a_record(
        case.complaint_id, complainant=who, words={"subject": f"{name}投诉", "text": name}
    )
    await FetchWords(intake)(database)
    one = (await lin.client.get(f"/mediation/api/v1/cases/{case.number}")).json()
    assert one["subject"] == f"{shown}投诉"
    assert one["complainant"] == {"name": shown, "phone": "0825-****222"}
    changes = {"/complainant/name": "遂宁好又多商贸有限公司"}
    copy = amended(copy_of(intake.records[case.complaint_id]), changes)
    assert masked_copy(copy)["matter"]["subject"] == f"{shown}投诉"
    pages = await everywhere(lin, case)
    assert {at: name in text for at, text in pages.items()} == dict.fromkeys(pages, kind == "legal")


@pytest.mark.parametrize("name", ["subject", "text", "place", "goods_or_service", "order_no"])
def test_every_word_that_people_write_is_masked(name: str) -> None:
    record = a_record(UUID(int=1), **PEOPLE)
    shown = masked_record(record, frozenset()).words
    assert shown[name] == ("吴**138****8000" if name == "order_no" else SHOWS)
    assert "formerly" not in shown
