"""The log proves itself, and says where it does not."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from services.mediation.settings import MediationSettings
from services.mediation.steps import CheckpointLog
from services.mediation.tables import CaseLogRow, CaseRow
from services.mediation.use_cases import audit
from services.mediation.use_cases.audit import verify
from shared.trail.tables import CheckpointRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import a_case, a_colleague, walk


async def three_steps(database: Database) -> CaseRow:
    lin = await a_colleague(database)
    return await walk(database, await a_case(database), lin, "accept", "forward")


async def told(database: Database) -> dict[str, Any]:
    async with database.reading() as session:
        return await verify(session, database.vault)


def row(case: CaseRow, seq: int) -> tuple[Any, ...]:
    return CaseLogRow.case_id == case.id, CaseLogRow.seq == seq


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
]


@pytest.mark.parametrize(("spoil", "seq", "why"), SPOILED)
async def test_whatever_is_changed_in_the_log_shows_at_its_row(
    database: Database, spoil: Callable[[CaseRow], Any], seq: int, why: str
) -> None:
    case = await three_steps(database)
    assert await told(database) == {"intact": True, "cases": 1, "rows": 3, "break": None}
    async with database.work() as work:
        await work.session.execute(spoil(case))
    found = await told(database)
    assert found["break"] == {"case_id": str(case.id), "seq": seq, "why": why}
    assert not found["intact"]


async def test_values_that_were_swapped_do_not_fit_their_commitment(database: Database) -> None:
    case = await three_steps(database)
    async with database.work() as work:
        second = await work.session.scalar(select(CaseLogRow.sealed).where(*row(case, 2)))
        swapped = update(CaseLogRow).where(*row(case, 3)).values(sealed=second)
        await work.session.execute(swapped)
    assert (await told(database))["break"]["why"] == "values"


async def test_a_tail_cut_off_with_its_case_is_noticed_by_the_checkpoint(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "LAG_MS", -60_000)
    checkpoint = CheckpointLog(MediationSettings(checkpoint_minutes=10))
    case = await three_steps(database)
    assert await checkpoint(database) == 1
    assert await checkpoint(database) == 0
    clock.move(minutes=11)
    assert await checkpoint(database) == 0, "nothing new was logged"
    assert (await told(database))["intact"]
    async with database.work() as work:
        await work.session.execute(delete(CaseLogRow).where(CaseLogRow.case_id == case.id))
        await work.session.execute(delete(CaseRow).where(CaseRow.id == case.id))
    found = await told(database)
    assert found["break"] == {"checkpoint": 1, "why": "checkpoint"}


async def test_checkpoints_follow_each_other_over_everything_that_was_logged(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "LAG_MS", 0)
    monkeypatch.setattr(audit, "ROWS_AT_ONCE", 2)
    checkpoint = CheckpointLog(MediationSettings(checkpoint_minutes=1))
    for _ in range(3):
        await a_case(database)
        clock.move(minutes=2)
        await checkpoint(database)
    clock.move(minutes=2)
    await checkpoint(database)
    async with database.reading() as session:
        rows = (await session.scalars(select(CheckpointRow))).all()
    assert sum(one.rows for one in rows) >= 2
    assert [one.number for one in rows] == list(range(1, len(rows) + 1))
    assert (await told(database))["intact"]
