"""Clocks that are set back, or go apart, put no row under a checkpoint that is closed."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database import is_postgres
from shared.ids import Ids, machine_now, milliseconds_of, uuid7, uuid7_at
from shared.trail.checkpoints import keep_ids_after, newest, set_checkpoint, settled
from shared.trail.logs import AUDIT
from shared.trail.verifying import verify
from shared.vault import Vault
from shared.work import Database
from tests.conftest import StandingClock
from tests.shared.trails import noted, rows_of, trail_on

MINUTE = 60_000
"""In milliseconds, as ids count."""
ALWAYS = timedelta(0)


class Machine:
    """The clocks of a machine: the one that ids have their time from, and the one of rows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, clock: StandingClock, behind: int) -> None:
        self.patch, self.clock = monkeypatch, clock
        self.milliseconds = machine_now() - behind
        for place in ("checkpoints", "reach"):
            monkeypatch.setattr(f"shared.trail.{place}.machine_now", self.now)
        self.begin()

    def now(self) -> int:
        return self.milliseconds

    def begin(self) -> None:
        """Begin another process, which has made no id yet."""
        self.patch.setattr("shared.ids.OURS", Ids(self.now))

    def move(self, minutes: int) -> None:
        self.milliseconds += minutes * MINUTE
        self.clock.move(minutes=minutes)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, clock: StandingClock) -> Machine:
    """Two days behind the database, so that the database's clock never counts."""
    return Machine(monkeypatch, clock, 2 * 24 * 60 * MINUTE)


@pytest.fixture
async def database(engine: AsyncEngine, clock: StandingClock, vault: Vault) -> Database:
    return await trail_on(engine, clock, vault)


async def breaks(database: Database) -> list[tuple[str, int, str]]:
    found = await verify(database, [AUDIT])
    return [(one["chain"], one["seq"], one["why"]) for one in found.breaks]


async def checkpointed(database: Database, machine: Machine) -> UUID:
    """A row, and ten minutes later a checkpoint over it: up to which id."""
    await noted(database, "a", "一")
    machine.move(10)
    assert await set_checkpoint(database, [AUDIT], ALWAYS) == 1
    last = await newest(database)
    assert last is not None
    assert (last.rows, milliseconds_of(last.until)) == (1, machine.now() - MINUTE)
    return last.until


async def test_a_clock_that_is_set_back_puts_no_row_under_a_checkpoint(
    database: Database, machine: Machine
) -> None:
    until = await checkpointed(database, machine)
    machine.move(-5)
    await noted(database, "b", "二")
    assert [row.id > until for row in await rows_of(database, "b")] == [True]
    assert await breaks(database) == []
    machine.move(10)
    assert await set_checkpoint(database, [AUDIT], ALWAYS) == 1
    assert await breaks(database) == []


async def test_a_process_that_begins_after_the_clock_was_set_back_asks_for_the_last_checkpoint(
    database: Database, machine: Machine
) -> None:
    until = await checkpointed(database, machine)
    machine.move(-180)
    machine.begin()
    await keep_ids_after(database)
    await noted(database, "b", "二")
    [row] = await rows_of(database, "b")
    assert until < row.id < uuid7_at(milliseconds_of(until) + MINUTE, 0)
    assert await set_checkpoint(database, [AUDIT], ALWAYS) == 0, "until the clock has caught up"


async def test_a_clock_set_back_by_hours_is_told_of_until_it_has_caught_up(
    database: Database, machine: Machine
) -> None:
    await checkpointed(database, machine)
    machine.move(-180)
    await noted(database, "b", "二")
    assert await breaks(database) == [("unit:b", 1, "ahead")]
    machine.move(200)
    assert await set_checkpoint(database, [AUDIT], ALWAYS) == 1
    assert await breaks(database) == []


async def test_a_machine_that_lags_behind_the_database_is_led_by_its_clock(
    database: Database, monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    slow = Machine(monkeypatch, clock, 5 * MINUTE)
    await keep_ids_after(database)
    made = milliseconds_of(uuid7())
    if is_postgres(database.engine):
        assert machine_now() - MINUTE // 2 < made <= machine_now()
    else:
        assert made == slow.now(), "who works on files has one clock"


async def test_a_machine_far_behind_the_database_is_led_by_an_hour_at_most(
    database: Database, machine: Machine
) -> None:
    await keep_ids_after(database)
    led = 60 * MINUTE + 1 if is_postgres(database.engine) else 0
    assert milliseconds_of(uuid7()) == machine.now() + led


async def test_a_machine_that_is_ahead_of_the_database_closes_nothing_early(
    database: Database, monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    fast = Machine(monkeypatch, clock, -5 * MINUTE)
    until = milliseconds_of(await settled(database))
    if is_postgres(database.engine):
        assert until <= machine_now() - MINUTE
    else:
        assert until == fast.now() - MINUTE
