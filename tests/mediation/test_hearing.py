"""What sisters say of a case, heard once and in bulk."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.mediation.steps import FetchWords, PushAmendments, Rarely
from services.mediation.tables import (
    AmendmentRow,
    CaseLogRow,
    CaseLookupRow,
    CaseRow,
    CaseWordsRow,
    HeardRow,
    WordsWantedRow,
)
from services.mediation.use_cases.audit import CASES
from services.mediation.use_cases.desk import Filters, list_cases
from services.mediation.use_cases.hearing import (
    NoCaseYetError,
    amend_cases,
    count_files,
    erase_cases,
    note_letters,
    withdraw_cases,
)
from services.mediation.use_cases.standing import status_of
from services.mediation.use_cases.timeline import timeline
from services.mediation.use_cases.words import copy_in
from shared.events import (
    CaseAmended,
    CaseWithdrawn,
    ComplaintAmended,
    ComplaintErased,
    ComplaintWithdrawn,
    EvidenceAdded,
    LetterSent,
)
from shared.ids import uuid7
from shared.kernel import ComplaintId
from shared.net import Unanswered
from shared.trail.verifying import verify
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import (
    IntakeInMemory,
    a_case,
    a_colleague,
    a_record,
    log_of,
    said,
    step,
    the_case,
    walk,
)

AT = datetime(2026, 6, 23, 5, tzinfo=UTC)


def about(case: CaseRow, **facts: Any) -> dict[str, Any]:
    return {"occurred_at": AT, "complaint_id": case.complaint_id, "version": 2} | facts


async def count(database: Database, table: type[Any]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_what_the_citizen_takes_back_is_withdrawn(database: Database) -> None:
    case = await a_case(database)
    async with database.work() as work:
        await withdraw_cases(work, [ComplaintWithdrawn(**about(case))])
    assert (await the_case(database, case.number)).state == "withdrawn"
    assert isinstance((await said(database))[-1], CaseWithdrawn)
    async with database.reading() as session:
        assert (await log_of(session, case))[-1].actor_kind == "citizen"


async def test_a_withdrawal_that_comes_too_late_is_noted(database: Database) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database), lin, "accept", "agree", "close")
    async with database.work() as work:
        await withdraw_cases(work, [ComplaintWithdrawn(**about(case))])
    after = await the_case(database, case.number)
    assert (after.state, after.outcome, after.version) == ("closed", "agreed", 5)
    assert isinstance((await said(database))[-1], CaseAmended)


async def test_an_event_about_an_unknown_complaint_is_refused(database: Database) -> None:
    event = ComplaintWithdrawn(occurred_at=AT, complaint_id=ComplaintId(uuid7()), version=2)
    with pytest.raises(NoCaseYetError):
        async with database.work() as work:
            await withdraw_cases(work, [event])
    assert await said(database) == []


async def test_words_are_fetched_in_one_call_and_found_by_phone_and_name(
    database: Database, intake: IntakeInMemory
) -> None:
    cases = [await a_case(database) for _ in range(3)]
    intake.records = {one.complaint_id: a_record(one.complaint_id) for one in cases}
    assert await FetchWords(intake)(database) == 3
    assert await FetchWords(intake)(database) == 0
    assert [sorted(one) for one in intake.asked] == [sorted(one.complaint_id for one in cases)]
    for typed in ("138 0000 0000", "08251234567", "周晓明", " 安澜禾木家居有限公司"):
        assert await found(database, typed) == [one.id for one in cases], typed
    assert await found(database, "周晓") == []


async def found(database: Database, typed: str) -> list[UUID]:
    async with database.reading() as session:
        filters = Filters(("main", "demo"), q=typed)
        rows, _ = await list_cases(session, database.vault, filters, None)
    return [one.case["id"] for one in rows]


async def test_words_stay_wanted_while_intake_is_away(database: Database) -> None:
    await a_case(database)

    class Away(IntakeInMemory):
        async def words(self, ids: Any) -> Any:
            raise Unanswered("away")

    with pytest.raises(Unanswered):
        await FetchWords(Away())(database)
    assert await count(database, WordsWantedRow) == 1
    assert await count(database, CaseWordsRow) == 0


async def test_a_corrected_record_is_fetched_again_and_its_old_indexes_are_gone(
    database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    intake.records[case.complaint_id] = a_record(case.complaint_id)
    await FetchWords(intake)(database)
    intake.records[case.complaint_id] = a_record(case.complaint_id, complainant={"name": "周明"})
    facts = {"fields": ("/complainant/name",), "amount_fen": 5, "respondent_known": True}
    async with database.work() as work:
        await amend_cases(work, [ComplaintAmended(**about(case, **facts))])
    assert (await the_case(database, case.number)).amount_fen == 5
    assert await FetchWords(intake)(database) == 1
    assert await found(database, "周晓明") == []
    assert await found(database, "周明") == [case.id]


async def test_corrections_are_pushed_once_and_oldest_first(
    database: Database, intake: IntakeInMemory
) -> None:
    lin = await a_colleague(database)
    case = await step(database, await a_case(database), "name-respondent", lin, name="甲公司")
    await step(database, case, "amend", lin, changes={"/matter/subject": "乙"})
    assert await PushAmendments(intake)(database) == 2
    assert await PushAmendments(intake)(database) == 0
    assert [one.changes for one in intake.amendments.values()] == [
        {"/respondent/name": "甲公司"},
        {"/matter/subject": "乙"},
    ]


async def test_letters_and_evidence_show_in_the_timeline_without_touching_the_version(
    database: Database,
) -> None:
    case = await a_case(database)
    letter = LetterSent(
        **about(
            case, letter_id=uuid7(), case_id=case.id, kind="forwarding", way="email", attempts=1
        )
    )
    async with database.work() as work:
        await note_letters(work, [letter])
        await count_files(work, [EvidenceAdded(**about(case, files=2))])
    async with database.work() as work:
        await note_letters(work, [letter])
    after = await the_case(database, case.number)
    assert (after.version, after.files) == (1, 2)
    async with database.reading() as session:
        kinds = [one.kind for one in await timeline(session, database.vault, case.id)]
    assert sorted(kinds) == ["evidence_added", "letter_sent", "open"]
    assert await count(database, HeardRow) == 2


async def test_erasure_empties_every_copy_and_leaves_the_chain_whole(
    database: Database, intake: IntakeInMemory
) -> None:
    lin = await a_colleague(database)
    case = await step(database, await a_case(database), "note", lin, text="张某来电")
    case = await step(database, case, "name-respondent", lin, name="甲公司")
    intake.records[case.complaint_id] = a_record(case.complaint_id)
    await FetchWords(intake)(database)
    async with database.work() as work:
        await erase_cases(work, [ComplaintErased(**about(case))])
    async with database.reading() as session:
        assert await copy_in(session, database.vault, case.id) == {
            "complainant": {}, "respondent": {}, "matter": {},
        }  # fmt: skip
        rows = (await session.scalars(select(CaseLogRow))).all()
        assert [row.sealed for row in rows] == [None, None, None]
        assert (await session.scalars(select(AmendmentRow.changes))).all() == [None]
        assert (await verify(database, [CASES])).breaks == []
    assert await count(database, CaseLookupRow) == 0
    assert await PushAmendments(intake)(database) == 1
    assert intake.amendments == {}


async def test_day_0_stays_where_it_was_after_a_correction(database: Database) -> None:
    case = await a_case(database)
    facts = {"fields": ("/matter/region",), "region": "510904", "respondent_known": False}
    async with database.work() as work:
        await amend_cases(work, [ComplaintAmended(**about(case, **facts))])
    after = await the_case(database, case.number)
    assert (after.region, after.respondent_known, after.due_on) == (
        "510904", False, date(2026, 7, 1),
    )  # fmt: skip


async def test_the_status_says_what_waits_for_intake(
    database: Database, intake: IntakeInMemory
) -> None:
    lin = await a_colleague(database)
    await step(database, await a_case(database), "name-respondent", lin, name="甲公司")
    told = await status_of(database)
    assert (told["words_wanted"], told["amendments_waiting"]) == (1, 1)
    assert (told["calendar_published_to"], told["packs"]) == (2026, ["association@1"])


async def test_a_step_that_found_nothing_is_left_alone_for_a_while(
    database: Database, clock: StandingClock
) -> None:
    answers = [2, 0, 0, 0]
    asked = []

    async def look(_: Database) -> int:
        asked.append(clock.now)
        return answers[len(asked) - 1]

    rarely = Rarely(look, timedelta(minutes=1))
    assert rarely.__name__ == "look"
    assert [await rarely(database) for _ in range(5)] == [2, 0, 0, 0, 0]
    assert len(asked) == 2
    clock.move(seconds=61)
    await rarely(database)
    assert len(asked) == 3
    clock.move(days=-1)
    await rarely(database)
    assert len(asked) == 4
