"""A copy for a person is made by one process at a time, and by another where the first one died."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.mediation.ports import Record
from services.mediation.tables import CopyPartRow, PrivacyRequestRow
from services.mediation.use_cases.privacy.attempts import (
    LEASE,
    TakenError,
    begin,
    give_back,
    ours,
)
from services.mediation.use_cases.privacy.copies import MakeCopies
from services.mediation.use_cases.privacy.giving import fetch, keep
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.keeping import ZHOU, closed
from tests.mediation.people import BODIES
from tests.mediation.test_copies import Sisters, asked, begun, record_of, states


@dataclass
class Waiting(Sisters):
    """Sisters who say when they are asked for words, and answer when they may."""

    came: asyncio.Event = field(default_factory=asyncio.Event)
    may: asyncio.Event = field(default_factory=asyncio.Event)
    times: int = 0

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Record]:
        self.times += 1
        self.came.set()
        await self.may.wait()
        return {one: record_of(one) for one in ids}


def step_with(sisters: Sisters) -> MakeCopies:
    return MakeCopies(sisters, sisters, BODIES)


async def parts(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(CopyPartRow)) or 0


async def test_of_two_steps_at_once_one_makes_the_copy(database: Database, twin: Database) -> None:
    request = await asked(database, await closed(database))
    first, second = Waiting(), Waiting()
    making = asyncio.create_task(step_with(first)(database))
    await first.came.wait()
    assert await step_with(second)(twin) == 0
    assert second.times == 0
    assert await states(database) == ["making"]
    first.may.set()
    assert await making == 1
    assert await states(database) == ["done"]
    assert await parts(database) == 1
    assert (await fetch(database, request, ZHOU)).startswith(b"PK")


async def test_two_who_begin_at_once_never_begin_the_same(
    database: Database, twin: Database
) -> None:
    requests = {await asked(database, await closed(database)) for _ in range(2)}
    attempts = await asyncio.gather(*(begin(one) for one in (database, twin) * 4))
    taken = [one.request for one in attempts if one is not None]
    assert len(taken) == len(set(taken))
    assert set(taken) <= requests
    rest = [one.request for one in (await begin(database), await begin(twin)) if one is not None]
    assert sorted([*taken, *rest]) == sorted(requests)


async def test_what_a_killed_process_was_making_is_taken_up_when_its_lease_is_over(
    database: Database, clock: StandingClock
) -> None:
    request = await asked(database, await closed(database))
    killed = await begun(database)
    clock.move(seconds=LEASE.total_seconds() - 1)
    assert await step_with(Sisters())(database) == 0
    assert await states(database) == ["making"]
    clock.move(seconds=1)
    assert await step_with(Sisters())(database) == 1
    assert await states(database) == ["done"]
    assert killed.request == request


async def test_each_sign_of_life_holds_the_copy_for_another_lease(
    database: Database, clock: StandingClock
) -> None:
    await asked(database, await closed(database))
    attempt = await begun(database)
    clock.move(minutes=9)
    async with database.work() as work:
        await ours(work, attempt)
    clock.move(minutes=9)
    assert await begin(database) is None


async def test_who_was_too_slow_keeps_nothing_of_what_another_has_made(
    database: Database, twin: Database, clock: StandingClock
) -> None:
    request = await asked(database, await closed(database))
    slow = Waiting()
    making = asyncio.create_task(step_with(slow)(database))
    await slow.came.wait()
    clock.move(seconds=LEASE.total_seconds())
    attempt = await begun(twin)
    slow.may.set()
    assert await making == 0
    assert await parts(database) == 0
    await keep(twin, attempt, b"the other's", 1)
    assert await fetch(database, request, ZHOU) == b"the other's"
    async with database.reading() as session:
        row = await session.get_one(PrivacyRequestRow, request)
    assert (row.state, row.outcome) == ("done", {"done": 1, "of": 1, "bytes": 11})


async def test_a_step_that_is_stopped_gives_its_copy_back_at_once(
    database: Database, twin: Database
) -> None:
    request = await asked(database, await closed(database))
    sisters = Waiting()
    making = asyncio.create_task(step_with(sisters)(database))
    await sisters.came.wait()
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    attempt = await begun(twin)
    assert attempt.request == request


async def test_what_was_taken_is_neither_kept_nor_given_back(
    database: Database, clock: StandingClock
) -> None:
    await asked(database, await closed(database))
    late = await begun(database)
    clock.move(seconds=LEASE.total_seconds())
    mine = await begun(database)
    with pytest.raises(TakenError):
        await keep(database, late, b"late", 1)
    await give_back(database, late, failed=True)
    assert await parts(database) == 0
    assert await begin(database) is None
    await keep(database, mine, b"mine", 1)
    assert await states(database) == ["done"]
