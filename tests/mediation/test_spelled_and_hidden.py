"""Numbers and names of whoever speaks are hidden in lists and pages however they are spelled."""

from uuid import UUID
from zipfile import ZipFile

from services.mediation.steps import FetchWords, PushAmendments
from services.mediation.use_cases.desk import Filters
from services.mediation.use_cases.ledger import Order, write_ledger
from services.mediation.use_cases.masking import masked_record
from services.mediation.use_cases.words import copy_of, record_of
from shared.bodies import Bodies
from shared.trail import Doer
from shared.work import Database
from tests.mediation.test_everybody_is_hidden import PEOPLE, everywhere
from tests.mediation.things import Colleague, IntakeInMemory, a_case, a_record, the_case


async def test_their_numbers_and_names_are_hidden_however_they_are_spelled(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database, respondent_named=True)
    spelled = "吴 小 莉1 3 8 0 0 0 0 0 0 0 0，证5109 0219 9001 0112 31，冯律139、0000、0000"
    shown = "吴**138****0000，证510***********1231，冯律139****0000"
    who = PEOPLE["complainant"] | {"id_number": "510902199001011231"}
    agent = PEOPLE["words"]["agent"] | {"phone": "13900000000"}
    words = {"subject": spelled, "text": spelled, "agent": agent}
    intake.records[case.complaint_id] = a_record(case.complaint_id, complainant=who, words=words)
    await FetchWords(intake)(database)
    pages = await everywhere(lin, case)
    assert [at for at, text in pages.items() if shown not in text or "1 3 8" in text] == []
    path = await write_ledger(
        database,
        Order(
            Filters(("main",)),
            "zh",
            Bodies(),
            100,
            [Doer("staff", UUID(int=7), "林调解员", "mediator")],
        ),
    )
    with ZipFile(path) as book:
        sheets = "".join(book.read(name).decode() for name in book.namelist() if "xl/" in name)
    path.unlink()
    assert shown in sheets
    assert "139、0000" not in sheets
    own = record_of(case.complaint_id, copy_of(intake.records[case.complaint_id]))
    assert masked_record(own, frozenset()).words["subject"] == shown


async def test_a_number_that_was_corrected_stays_hidden_and_an_edit_of_the_text_keeps_it(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database, respondent_named=True)
    text = "我叫吴 小 莉，打1-3-8-0-0-0-0-0-0-0-0。"
    record = a_record(case.complaint_id, complainant=PEOPLE["complainant"], words={"text": text})
    intake.records[case.complaint_id] = record
    changes = {"/complainant/phone": "13711112222"}
    assert (await lin.post_step(case, "amend", changes=changes)).status_code == 200
    page = (await lin.client.get(f"/mediation/cases/{case.number}")).text
    assert "我叫吴**，打138****0000。" in page
    typed = {"/matter/text": "我叫吴**，打138****0000。他没有接。"}
    case = await the_case(database, case.number)
    assert (await lin.post_step(case, "amend", changes=typed)).status_code == 200
    await PushAmendments(intake)(database)
    assert [one.changes for one in intake.amendments.values()] == [
        changes,
        {"/matter/text": text + "他没有接。"},
    ]
