"""The log of all cases proves itself, and says where it does not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from services.mediation.tables import CaseLogRow, CaseRow
from services.mediation.use_cases.audit import LOGS
from services.mediation.use_cases.emptying import forget_reporters
from services.mediation.use_cases.hearing import erase_cases
from shared.events import ComplaintErased
from shared.trail import checkpoints
from shared.trail.checkpoints import set_checkpoint
from shared.trail.tables import AuditRow, CheckpointRow
from shared.trail.verifying import Findings, verify
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import a_case, a_colleague, step, walk

SOON = timedelta(minutes=1)


async def three_steps(database: Database) -> CaseRow:
    lin = await a_colleague(database)
    return await walk(database, await a_case(database), lin, "accept", "forward")


async def told(database: Database) -> Findings:
    return await verify(database, LOGS)


def row(case: CaseRow, seq: int) -> tuple[Any, ...]:
    return CaseLogRow.case_id == case.id, CaseLogRow.seq == seq


async def spoiled(database: Database, *statements: Any) -> None:
    async with database.work() as work:
        for one in statements:
            await work.session.execute(one)


SPOILED: list[tuple[Callable[[CaseRow], Any], int, str]] = [
    (lambda case: update(CaseLogRow).where(*row(case, 2)).values(role="other"), 2, "public"),
    (
        lambda case: update(CaseLogRow).where(*row(case, 2)).values(commitment=b"x" * 32),
        2,
        "public",
    ),
    (lambda case: delete(CaseLogRow).where(*row(case, 2)), 2, "missing"),
    (lambda case: delete(CaseLogRow).where(*row(case, 3)), 3, "missing"),
    (lambda case: delete(CaseLogRow).where(CaseLogRow.case_id == case.id), 1, "missing"),
    (lambda case: delete(CaseRow).where(CaseRow.id == case.id), 3, "headless"),
    (lambda case: update(CaseRow).where(CaseRow.id == case.id).values(version=2), 3, "inserted"),
    (lambda case: update(CaseRow).where(CaseRow.id == case.id).values(chain=b"x" * 32), 3, "head"),
]


@pytest.mark.parametrize(("spoil", "seq", "why"), SPOILED)
async def test_whatever_is_changed_in_the_log_shows_at_its_row(
    database: Database, spoil: Callable[[CaseRow], Any], seq: int, why: str
) -> None:
    case = await three_steps(database)
    assert await told(database) == Findings(chains=1, rows=3)
    await spoiled(database, spoil(case))
    [found] = (await told(database)).breaks
    assert found == {"log": "case_log", "chain": str(case.id), "seq": seq, "why": why}


async def test_values_that_were_swapped_do_not_fit_their_commitment(database: Database) -> None:
    case = await three_steps(database)
    async with database.reading() as session:
        second = await session.scalar(select(CaseLogRow.sealed).where(*row(case, 2)))
    await spoiled(database, update(CaseLogRow).where(*row(case, 3)).values(sealed=second))
    [found] = (await told(database)).breaks
    assert (found["seq"], found["why"]) == (3, "values")


async def test_an_erasure_leaves_the_log_whole(database: Database) -> None:
    case = await three_steps(database)
    await erased(database, case)
    async with database.reading() as session:
        left = select(CaseLogRow.seq).where(CaseLogRow.sealed.is_not(None))
        assert (await session.scalars(left)).all() == []
    assert await told(database) == Findings(chains=2, rows=4)


async def erased(database: Database, case: CaseRow) -> None:
    """Intake says that the words of the complaint are gone."""
    event = ComplaintErased(occurred_at=database.clock(), complaint_id=case.complaint_id, version=2)
    async with database.work() as work:
        await erase_cases(work, [event])


async def test_a_step_emptied_without_an_erasure_is_named(database: Database) -> None:
    case = await three_steps(database)
    await spoiled(database, update(CaseLogRow).where(*row(case, 2)).values(sealed=None))
    [found] = (await told(database)).breaks
    assert found == {"log": "case_log", "chain": str(case.id), "seq": 2, "why": "emptied"}


async def test_the_erasure_of_one_case_explains_nothing_of_another(database: Database) -> None:
    case, other = await three_steps(database), await a_case(database)
    await erased(database, other)
    await spoiled(database, update(CaseLogRow).where(*row(case, 1)).values(sealed=None))
    [found] = (await told(database)).breaks
    assert (found["chain"], found["seq"], found["why"]) == (str(case.id), 1, "emptied")


async def test_a_step_after_the_erasure_is_not_explained_by_it(
    database: Database, clock: StandingClock
) -> None:
    case = await three_steps(database)
    await erased(database, case)
    clock.move(minutes=1)
    await walk(database, case, await a_colleague(database, "wang"), "record-reply")
    assert (await told(database)).breaks == []
    await spoiled(database, update(CaseLogRow).where(*row(case, 4)).values(sealed=None))
    [found] = (await told(database)).breaks
    assert (found["seq"], found["why"]) == (4, "emptied")


async def test_an_erasure_whose_row_is_taken_away_explains_nothing(database: Database) -> None:
    case = await three_steps(database)
    await erased(database, case)
    await spoiled(database, delete(AuditRow).where(AuditRow.key == str(case.id)))
    found = [(one["log"], one["why"]) for one in (await told(database)).breaks]
    assert found == [("case_log", "emptied"), ("audit_log", "missing")]


async def test_corrections_of_reports_are_emptied_and_the_chain_says_so(
    database: Database,
) -> None:
    case = await three_steps(database)
    lin = await a_colleague(database, "wang")
    noted = await step(database, case, "note", lin, text="已经联系")
    await step(database, noted, "amend", lin, changes={"/matter/text": "换屏后又开裂"})
    async with database.work() as work:
        await forget_reporters(work, [case.id])
    async with database.reading() as session:
        empty = select(CaseLogRow.seq).where(CaseLogRow.sealed.is_(None))
        assert (await session.scalars(empty)).all() == [5]
    assert (await told(database)).breaks == []
    await spoiled(database, update(CaseLogRow).where(*row(case, 4)).values(sealed=None))
    [found] = (await told(database)).breaks
    assert (found["seq"], found["why"]) == (4, "emptied"), "a note is no correction"


async def test_a_tail_cut_off_with_its_case_is_noticed_by_the_checkpoint(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LAG_MS", -60_000)
    case = await three_steps(database)
    assert await set_checkpoint(database, LOGS, SOON) == 1
    assert await set_checkpoint(database, LOGS, SOON) == 0
    clock.move(minutes=11)
    assert await set_checkpoint(database, LOGS, SOON) == 0, "nothing new was logged"
    assert await told(database) == Findings(chains=1, rows=3, checkpoints=1)
    await spoiled(
        database,
        delete(CaseLogRow).where(CaseLogRow.case_id == case.id),
        delete(CaseRow).where(CaseRow.id == case.id),
    )
    [found] = (await told(database)).breaks
    assert found == {"log": "log_checkpoints", "chain": "", "seq": 1, "why": "checkpoint"}


async def test_what_belongs_to_the_demonstration_may_be_removed(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LAG_MS", -60_000)
    await three_steps(database)
    shown = await a_case(database, body="demo", demo=True)
    assert shown.demo
    assert await set_checkpoint(database, LOGS, SOON) == 1
    await spoiled(
        database,
        delete(CaseLogRow).where(CaseLogRow.case_id == shown.id),
        delete(CaseRow).where(CaseRow.id == shown.id),
    )
    assert await told(database) == Findings(chains=1, rows=3, checkpoints=1)


async def test_a_real_case_cannot_be_passed_off_as_one_of_the_demonstration(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LAG_MS", -60_000)
    case = await three_steps(database)
    await set_checkpoint(database, LOGS, SOON)
    await spoiled(database, update(CaseRow).where(CaseRow.id == case.id).values(demo=True))
    assert [one["why"] for one in (await told(database)).breaks] == ["checkpoint"]


async def test_checkpoints_follow_each_other_over_everything_that_was_logged(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LAG_MS", 0)
    monkeypatch.setattr(checkpoints, "ROWS_AT_ONCE", 2)
    for _ in range(3):
        await a_case(database)
        clock.move(minutes=2)
        await set_checkpoint(database, LOGS, SOON)
    clock.move(minutes=2)
    await set_checkpoint(database, LOGS, SOON)
    async with database.reading() as session:
        rows = (await session.scalars(select(CheckpointRow))).all()
    assert sum(one.rows for one in rows) >= 2
    assert [one.number for one in rows] == list(range(1, len(rows) + 1))
    assert (await told(database)).breaks == []
