"""Who has the database alone cannot move a step out of the reach of the checkpoints unseen."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from services.mediation.tables import SEALED_LOG, CaseLogRow, CaseRow
from services.mediation.use_cases.audit import LOGS
from services.mediation.use_cases.keeping import WITH_ID, opened, public_facts
from shared.ids import milliseconds_of, uuid7, uuid7_at
from shared.trail import checkpoints
from shared.trail.chain import canonical, chained, commit_to
from shared.trail.checkpoints import set_checkpoint
from shared.trail.rows import SALT
from shared.trail.verifying import verify
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import a_case, a_colleague, walk

HALF_AN_HOUR = 1_800_000
"""In milliseconds."""
ALWAYS = timedelta(0)


async def breaks(database: Database) -> list[tuple[str, int, str]]:
    return [(one["log"], one["seq"], one["why"]) for one in (await verify(database, LOGS)).breaks]


async def two_steps(database: Database) -> CaseRow:
    return await walk(database, await a_case(database), await a_colleague(database), "accept")


async def rewritten(database: Database, case: CaseRow, **columns: Any) -> None:
    """The last step with other columns, and everything that needs no key made to fit them."""
    last = CaseLogRow.case_id == case.id, CaseLogRow.seq == 2
    table = CaseLogRow.__table__
    async with database.work() as work:
        found = (await work.session.execute(select(table).where(*last))).mappings().one()
        row = {**found, **columns}
        fits = chained(row["previous"], public_facts(row), row["commitment"])
        await work.session.execute(update(CaseLogRow).where(*last).values(**columns, hash=fits))
        end = update(CaseRow).where(CaseRow.id == case.id)
        await work.session.execute(end.values(chain=fits))


async def as_before(database: Database, case: CaseRow, **columns: Any) -> None:
    """The last step as it was written when ids were in no commitment."""
    async with database.reading() as session:
        row = await session.get_one(CaseLogRow, (case.id, 2))
    found = opened(database.vault, row.sealed, case.id, row.id)
    assert found is not None
    salt, values = found[0][:SALT], found[1]
    said = database.vault.seal(salt + canonical(values), SEALED_LOG, case.id)
    commitment = commit_to(salt, values)
    await rewritten(database, case, sealed=said, commitment=commitment, **columns)


async def test_a_step_that_got_another_id_is_named_though_all_its_hashes_fit(
    database: Database,
) -> None:
    case = await two_steps(database)
    assert await breaks(database) == []
    await rewritten(database, case, id=uuid7())
    assert await breaks(database) == [("case_log", 2, "values")]


async def test_a_step_from_before_its_id_was_bound_still_proves_itself(database: Database) -> None:
    case = await two_steps(database)
    await as_before(database, case)
    assert await breaks(database) == []


async def test_what_tells_old_rows_from_new_ones_needs_the_key(database: Database) -> None:
    case = await two_steps(database)
    async with database.reading() as session:
        row = await session.get_one(CaseLogRow, (case.id, 2))
    assert row.sealed is not None
    assert database.vault.open(row.sealed, case.id)[SALT:].startswith(WITH_ID + b"{")
    assert WITH_ID + b"{" not in bytes(row.sealed.blob)


async def test_a_row_whose_id_lies_in_the_future_is_named_at_once(database: Database) -> None:
    case = await two_steps(database)
    await as_before(database, case, id=UUID("ffffffff-ffff-7fff-bfff-ffffffffffff"))
    assert await breaks(database) == [("case_log", 2, "ahead")]


async def test_a_row_older_than_the_last_checkpoint_that_lies_under_none_is_named(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LAG_MS", -60_000)
    case = await two_steps(database)
    await as_before(database, case, id=uuid7_at(milliseconds_of(uuid7()) + HALF_AN_HOUR, 0))
    assert await set_checkpoint(database, LOGS, ALWAYS) == 1
    assert await breaks(database) == [], "so long may a step have waited for another"
    clock.move(minutes=62)
    await a_case(database)
    assert await set_checkpoint(database, LOGS, ALWAYS) == 1
    assert await breaks(database) == [("case_log", 2, "ahead")]
