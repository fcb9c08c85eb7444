"""Opening cases: one each, in bulk, with clock, log, event and the wish for words."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select

from services.mediation.domain.due import CLOSED_QUEUE
from services.mediation.tables import CaseLogRow, CaseRow, WordsWantedRow
from services.mediation.use_cases.audit import CASES
from services.mediation.use_cases.opening import open_cases
from shared.events import CaseOpened
from shared.trail.verifying import verify
from shared.work import Database
from tests.mediation.things import a_case, a_complaint, log_of, said


async def test_a_complaint_gets_a_case_whose_clock_of_acceptance_runs(database: Database) -> None:
    case = await a_case(database)
    assert (case.state, case.version, case.respondent_known) == ("registered", 1, True)
    assert (case.due_on, case.due_for, case.due_status) == (date(2026, 7, 1), "accept", "FINAL")
    assert case.queue_on == case.due_on
    assert case.queue_on < CLOSED_QUEUE
    assert (case.pack, case.pack_version, case.received_on) == (
        "association", 1, date(2026, 6, 22),
    )  # fmt: skip
    assert case.clocks["accept"]["start"] == "2026-06-22"


async def test_opening_says_so_with_codes_and_days_alone(database: Database) -> None:
    case = await a_case(database)
    [event] = await said(database)
    assert isinstance(event, CaseOpened)
    assert event.complaint_id == case.complaint_id
    assert event.model_dump(exclude={"id", "occurred_at", "complaint_id"}) == {
        "version": 1,
        "case_id": case.id,
        "body": "main",
        "state": "registered",
        "due_on": date(2026, 7, 1),
        "due_for": "accept",
        "due_status": "FINAL",
        "unit": None,
    }


async def test_opening_writes_the_first_row_of_the_log_and_wants_the_words(
    database: Database,
) -> None:
    case = await a_case(database)
    async with database.reading() as session:
        [row] = await log_of(session, case)
        wanted = (await session.scalars(select(WordsWantedRow))).all()
        assert (await verify(database, [CASES])).breaks == []
    assert (row.seq, row.step, row.actor_kind, row.before, row.after) == (
        1, "open", "system", "", "registered",
    )  # fmt: skip
    assert row.hash == case.chain
    assert [one.complaint_id for one in wanted] == [case.complaint_id]


async def test_the_same_complaint_heard_again_opens_nothing_and_says_nothing(
    database: Database,
) -> None:
    complaint = a_complaint()
    for _ in range(2):
        async with database.work() as work:
            await open_cases(work, [complaint])
    async with database.reading() as session:
        for table in (CaseRow, CaseLogRow, WordsWantedRow):
            assert await session.scalar(select(func.count()).select_from(table)) == 1
    assert len(await said(database)) == 1


async def test_a_batch_opens_what_is_new_and_leaves_what_is_known(database: Database) -> None:
    known = a_complaint()
    async with database.work() as work:
        await open_cases(work, [known])
    fresh = [a_complaint() for _ in range(5)]
    async with database.work() as work:
        await open_cases(work, [fresh[0], known, *fresh[1:]])
    events = await said(database)
    assert [one.subject for one in events] == [
        known.complaint_id, *(one.complaint_id for one in fresh),
    ]  # fmt: skip


async def test_day_0_is_the_day_in_shanghai_even_for_old_imports(database: Database) -> None:
    late = datetime(2026, 2, 12, 17, 30, tzinfo=UTC)
    case = await a_case(database, received_at=late)
    assert case.received_on == date(2026, 2, 13)
    assert case.due_on == date(2026, 3, 2)
    old = await a_case(database, received_at=datetime(1990, 1, 1, tzinfo=UTC))
    assert (old.due_status, old.pack_version) == ("PROVISIONAL", 1)
