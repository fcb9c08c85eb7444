"""At least once on the wire, exactly once in effect."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import InterfaceError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.events import ComplaintEvent, ComplaintReceived, ComplaintWithdrawn, encode
from shared.kernel import ComplaintId, ConflictError, RuleError
from shared.messaging.delivery import MOST_BURIED_IN_A_ROW, deliver
from shared.messaging.inbox import Subscriber, in_turns
from shared.messaging.replay import buried, replay, waiting
from shared.messaging.subscriptions import Subscriptions
from shared.messaging.tables import DeadLetterRow, InboxRow
from shared.vault import Vault
from shared.work import Database, Work
from tests.conftest import NOON
from tests.shared.things import ThingRow, open_things, received, thing


class Ears:
    """A subscriber that keeps a thing for each complaint, and fails when told so."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.calls: list[int] = []
        self.fault: Exception | None = None
        self.conflicts = 0
        """How many times somebody else will have changed the same thing meanwhile."""
        self.bad: set[object] = set()
        subscriptions = Subscriptions("things")
        subscriptions.on(ComplaintReceived)(self.hear)
        self.subscriber = Subscriber(subscriptions, database, pauses=(0, 0))

    async def hear(self, work: Work, events: Sequence[ComplaintReceived]) -> None:
        self.calls.append(len(events))
        names = [str(event.complaint_id) for event in events]
        await work.insert(ThingRow, [thing(work.vault, name) for name in names])
        if self.fault is not None:
            raise self.fault
        if self.conflicts:
            self.conflicts -= 1
            raise ConflictError("别人刚刚改过。")
        if self.bad & {event.complaint_id for event in events}:
            raise RuleError("坏的")

    async def things(self) -> int:
        return await rows(self.database, ThingRow)


async def rows(database: Database, table: type[object]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_the_same_event_again_and_again_acts_once(engine: AsyncEngine, vault: Vault) -> None:
    ears = Ears(await open_things(engine, vault))
    body = encode(received())
    for _ in range(3):
        await deliver(ears.subscriber, [body, body])
    assert (await ears.things(), ears.calls) == (1, [1])
    assert await rows(ears.database, InboxRow) == 1


async def test_a_batch_is_one_call_and_one_transaction(engine: AsyncEngine, vault: Vault) -> None:
    ears = Ears(await open_things(engine, vault))
    await deliver(ears.subscriber, [encode(received()) for _ in range(50)])
    assert (await ears.things(), ears.calls) == (50, [50])


async def test_one_bad_event_does_not_hold_up_its_neighbours(
    engine: AsyncEngine, vault: Vault
) -> None:
    ears = Ears(await open_things(engine, vault))
    events = [received() for _ in range(3)]
    ears.bad = {events[1].complaint_id}
    await deliver(ears.subscriber, [*(encode(event) for event in events), b"not an event"])
    assert await ears.things() == 2
    assert await buried(ears.database) == 2
    kept = await waiting(ears.database, [])
    assert {row.error for row in kept} == {"RuleError", "no JSON object"}
    assert "坏的" not in "".join(row.error for row in kept)


async def test_what_keeps_failing_is_buried_with_nothing_done_and_can_be_replayed(
    engine: AsyncEngine, vault: Vault
) -> None:
    ears = Ears(await open_things(engine, vault))
    ears.fault = ZeroDivisionError()
    await deliver(ears.subscriber, [encode(received())])
    assert await ears.things() == 0
    assert await rows(ears.database, InboxRow) == 0
    assert await rows(ears.database, DeadLetterRow) == 1
    assert await replay(ears.subscriber) == (0, 1)
    ears.fault = None
    assert await replay(ears.subscriber) == (1, 0)
    assert (await ears.things(), await buried(ears.database)) == (1, 0)
    assert await replay(ears.subscriber) == (0, 0)


@pytest.mark.parametrize("conflicts", [0, 1, 2, 3])
async def test_whoever_meets_a_change_by_others_tries_again_and_is_not_buried(
    engine: AsyncEngine, vault: Vault, conflicts: int
) -> None:
    ears = Ears(await open_things(engine, vault))
    ears.conflicts = conflicts
    await deliver(ears.subscriber, [encode(received())])
    assert ears.calls == [1] * (conflicts + 1)
    assert (await ears.things(), await buried(ears.database)) == (1, 0)


async def test_a_conflict_that_never_ends_is_buried_after_the_pauses_and_a_broken_rule_at_once(
    engine: AsyncEngine, vault: Vault
) -> None:
    ears = Ears(await open_things(engine, vault))
    ears.conflicts = 100
    await deliver(ears.subscriber, [encode(received())])
    assert ears.calls == [1, 1, 1, 1]
    ears.conflicts, ears.fault, ears.calls = 0, RuleError("坏的"), []
    await deliver(ears.subscriber, [encode(received())])
    assert ears.calls == [1, 1]
    assert (await ears.things(), await buried(ears.database)) == (0, 2)


async def test_a_lost_database_buries_nothing_and_goes_on_when_it_is_back(
    engine: AsyncEngine, vault: Vault
) -> None:
    ears = Ears(await open_things(engine, vault))
    ears.fault = ConnectionRefusedError()
    delivering = asyncio.create_task(deliver(ears.subscriber, [encode(received())]))
    while ears.subscriber.ear.trouble is None:
        await asyncio.sleep(0)
    assert ears.subscriber.ear.trouble == "ConnectionRefusedError"
    ears.fault = None
    await delivering
    assert (await ears.things(), await buried(ears.database)) == (1, 0)
    assert ears.subscriber.ear.trouble is None


async def test_when_everything_fails_the_fault_is_ours_and_nothing_more_is_buried(
    engine: AsyncEngine, vault: Vault
) -> None:
    ears = Ears(await open_things(engine, vault))
    ears.fault = ZeroDivisionError()
    bodies = [encode(received()) for _ in range(MOST_BURIED_IN_A_ROW + 5)]
    delivering = asyncio.create_task(deliver(ears.subscriber, bodies))
    while ears.subscriber.ear.trouble is None:
        await asyncio.sleep(0)
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
    assert await buried(ears.database) == MOST_BURIED_IN_A_ROW
    assert ears.subscriber.ear.trouble == "ZeroDivisionError"


def test_each_complaints_events_keep_their_order_while_others_are_grouped() -> None:
    one, two = uuid4(), uuid4()

    def withdrawn(complaint: object) -> ComplaintEvent:
        return ComplaintWithdrawn.model_validate(
            {"occurred_at": NOON, "complaint_id": complaint, "version": 2}
        )

    events: list[ComplaintEvent] = [received(one), withdrawn(one), received(two), withdrawn(two)]
    turns = in_turns(events)
    assert [(kind, [event.subject for event in group]) for kind, group in turns] == [
        (ComplaintReceived, [ComplaintId(one), ComplaintId(two)]),
        (ComplaintWithdrawn, [ComplaintId(one), ComplaintId(two)]),
    ]


def test_a_lost_connection_and_a_wrong_statement_are_told_apart() -> None:
    from shared.database import is_away  # noqa: PLC0415 - beside its only use

    assert is_away(ConnectionResetError())
    assert is_away(TimeoutError())
    assert is_away(InterfaceError("SELECT 1", {}, Exception("closed"), connection_invalidated=True))
    assert not is_away(ValueError())
    assert not is_away(ZeroDivisionError())
