"""ID numbers have a blind index of their own, and nothing shows what it was made of."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from services.mediation.steps import FetchWords
from services.mediation.tables import CaseLookupRow, CaseRow, WordsWantedRow
from services.mediation.use_cases.hearing import amend_cases, erase_cases
from services.mediation.use_cases.lookups import known_by
from services.mediation.use_cases.resealing import rebuild_lookups
from services.mediation.use_cases.words import copy_in, dumped
from shared.events import ComplaintAmended, ComplaintErased
from shared.runtime.migrate import downgrade, migrate
from shared.vault import Vault
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.searches import Books, about
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    a_colleague,
    a_record,
    step,
)

ID, AGENTS_ID, JOINT_ID = "51090319900101123X", "E12345678", "510903199003071234"
ZHOU = {"name": "周晓明", "phone": "13800001234", "id_number": ID}
WORDS: dict[str, Any] = {
    "subject": "餐桌开裂",
    "text": "桌面中间裂开一条缝。",
    "agent": {"name": "吴桂芳", "phone": "13900005678", "id_number": AGENTS_ID},
    "joint": {"people": [{"name": "郑小雨", "phone": "13900009999", "id_number": JOINT_ID}]},
}


@pytest.fixture
def books(database: Database, intake: IntakeInMemory) -> Books:
    return Books(database, intake)


async def indexed(database: Database, kind: str = "id_number") -> set[tuple[bytes, UUID]]:
    """The entries of a kind: hash and case."""
    wanted = select(CaseLookupRow.token, CaseLookupRow.case_id).where(CaseLookupRow.kind == kind)
    async with database.reading() as session:
        return {(row.token, row.case_id) for row in await session.execute(wanted)}


async def heard(books: Books, case: CaseRow) -> None:
    """Intake says that a record was corrected, and it is fetched again."""
    facts = {"fields": ("/complainant",), "region": "510903", "respondent_known": True}
    async with books.database.work() as work:
        await amend_cases(work, [ComplaintAmended(**about(case, **facts))])
    await FetchWords(books.intake)(books.database)


async def test_an_id_number_is_found_by_a_hash_of_16_bytes_however_it_is_typed(
    books: Books,
) -> None:
    database = books.database
    _, case = await books.case(), await a_case(database)
    books.intake.records[case.complaint_id] = a_record(
        case.complaint_id, complainant=ZHOU | {"id_number": "51090319900101123x"}, words=WORDS
    )
    await FetchWords(books.intake)(database)
    every = (ID, AGENTS_ID, JOINT_ID)
    assert await indexed(database) == {
        (database.vault.blind("id_number", one), case.id) for one in every
    }
    assert {len(token) for token, _ in await indexed(database)} == {16}
    typed = ("51090319900101123x", "５１０９０３１９９００１０１１２３Ｘ", "510903 19900101 123X")
    for q in (*every, *typed, "e12345678", "13900005678", "+86 139-0000-9999"):
        assert await books.found(q) == [case.number], f"{q} waits for no token"
    for q in (ID[:-1], ID[6:], "123X", "510903199003071235"):
        assert await books.found(q) == [], q


async def test_an_id_number_is_still_found_together_with_words(books: Books) -> None:
    case, _ = await books.case(complainant=ZHOU), await books.case()
    assert await books.found(f"裂开 {ID}") == [case.number]
    assert await books.found(f"门铰链 {ID}") == []


async def test_no_list_and_no_page_shows_it_even_where_only_our_copy_is_left(
    books: Books, lin: Colleague
) -> None:
    case = await books.case(complainant=ZHOU, words=WORDS)
    await step(books.database, case, "take", lin.actor)
    books.intake.records.clear()
    for address in (
        "/mediation/cases",
        f"/mediation/cases/{case.number}",
        "/mediation/api/v1/cases",
        f"/mediation/api/v1/cases/{case.id}",
    ):
        answer = await lin.client.get(address)
        assert answer.status_code == 200, address
        assert case.number in answer.text, address
        for number in (ID, AGENTS_ID, JOINT_ID):
            assert number not in answer.text, address
        assert ID[-4:] not in answer.text, f"{address}: not even masked"


async def test_of_a_report_no_id_number_has_an_entry(books: Books) -> None:
    case = await books.case({"kind": "report"}, complainant=ZHOU, words=WORDS)
    assert await indexed(books.database) == set()
    assert await indexed(books.database, "phone") == {
        (books.database.vault.blind("phone", "08251234567"), case.id)
    }
    for q in (ID, AGENTS_ID, JOINT_ID, "13900005678"):
        assert await books.found(q) == [], q


async def test_a_correction_of_staff_leaves_it_and_one_of_intake_changes_it(books: Books) -> None:
    case = await books.case(complainant=ZHOU, words=WORDS)
    lin = await a_colleague(books.database)
    changes = {"/complainant/name": "周小明"}
    await step(books.database, case, "amend", lin, books.intake, changes=changes)
    assert await books.found(ID) == [case.number]
    assert await books.found(AGENTS_ID) == [case.number]
    other = ZHOU | {"id_number": "510903199001011248"}
    books.intake.records[case.complaint_id] = a_record(case.complaint_id, complainant=other)
    await heard(books, case)
    assert await books.found("510903199001011248") == [case.number]
    for q in (ID, AGENTS_ID, JOINT_ID):
        assert await books.found(q) == [], q
    assert len(await indexed(books.database)) == 1


async def test_erasure_takes_it_away(books: Books) -> None:
    case, other = await books.case(complainant=ZHOU), await books.case(complainant=ZHOU)
    assert await books.found(ID) == [other.number, case.number]
    async with books.database.work() as work:
        await erase_cases(work, [ComplaintErased(**about(case))])
    assert await books.found(ID) == [other.number]
    assert {one for _, one in await indexed(books.database)} == {other.id}


async def test_a_rotation_of_keys_makes_it_anew(books: Books, clock: StandingClock) -> None:
    case = await books.case(complainant=ZHOU, words=WORDS)
    database = books.database
    later = Vault(database.vault.ring.with_next(database.vault.cipher, clock.now))
    async with database.reading() as session:
        copy = dumped(await copy_in(session, database.vault, case.id)).encode()
    async with Database(database.engine, clock, later).work() as work:
        await rebuild_lookups(work, {case.id: copy})
    alone = Vault(later.ring.alone({}))
    for vault, numbers in ((alone, [case.id]), (later, [case.id]), (database.vault, [])):
        for typed in (ID, AGENTS_ID, "13900009999"):
            async with database.reading() as session:
                assert list(await session.scalars(known_by(vault, typed))) == numbers


async def test_cases_that_were_there_before_are_fetched_for_it(books: Books) -> None:
    database = books.database
    case, gone = await books.case(complainant=ZHOU), await books.case(complainant=ZHOU)
    async with database.work() as work:
        await erase_cases(work, [ComplaintErased(**about(gone))])
    await downgrade(database.engine, "mediation", "0012")
    assert await indexed(database) == set()
    async with database.work() as work:
        await work.session.execute(delete(WordsWantedRow))
    await migrate(database.engine, "mediation")
    await books.indexed()
    assert {one for _, one in await indexed(database)} == {case.id}
    assert await books.found(ID) == [case.number]
