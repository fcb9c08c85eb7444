"""One behaviour suite for both buses: the log in a file, and Kafka."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from shared.database import open_engine
from shared.events import ComplaintEvent, decode, encode, topic_of
from shared.messaging.bus import Bus, EventLog, Message, Source
from shared.messaging.local import LocalBus, LocalEventLog, LocalSource, LogRow
from shared.runtime.kafka.clients import Following, Listening, Speaking
from shared.runtime.kafka.topics import create_topics
from shared.runtime.migrate import migrate
from shared.settings import CommonSettings
from shared.vault import Vault
from shared.work import Database
from tests.brokers import some_kafka
from tests.conftest import NOON
from tests.databases import at_once
from tests.shared.things import received

TOPIC = "intake-events"


def messages(events: Sequence[ComplaintEvent]) -> list[Message]:
    return [Message(e.id, topic_of(type(e)), str(e.complaint_id), encode(e)) for e in events]


class Wires:
    """A bus and the ways to read from it, whichever it is."""

    def __init__(
        self, bus: Bus, source: Callable[[str], Source], log: Callable[[], EventLog]
    ) -> None:
        self.bus, self.source, self.log = bus, source, log
        self.close: list[Callable[[], Awaitable[None]]] = []


async def topics_on(servers: str) -> None:
    await create_topics(CommonSettings(kafka_servers=servers, kafka_partitions=4))


@pytest.fixture(scope="session")
def kafka() -> Generator[str]:
    with some_kafka() as servers:
        at_once(topics_on(servers))
        yield servers


@pytest.fixture(params=["local", pytest.param("kafka", marks=pytest.mark.kafka)])
async def wires(
    request: pytest.FixtureRequest, tmp_path: Path, vault: Vault
) -> AsyncGenerator[Wires]:
    if request.param == "local":
        engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/bus.db")
        await migrate(engine, "bus")
        bus = LocalBus(Database(engine, lambda: NOON, vault))
        yield Wires(
            bus,
            lambda name: LocalSource(bus, name, frozenset({TOPIC})),
            lambda: LocalEventLog(bus),
        )
        await bus.database.close()
        return
    servers = request.getfixturevalue("kafka")
    speaking = Speaking(servers)
    yield Wires(
        speaking,
        lambda name: Listening(servers, name, frozenset({TOPIC})),
        lambda: Following(servers),
    )
    await speaking.close()


async def hear(source: Source, wanted: set[UUID]) -> list[UUID]:
    """Poll until all wanted events came; answers the ids of the wanted ones, in order."""
    found: list[UUID] = []
    async with asyncio.timeout(60):
        while not wanted <= set(found):
            events = [decode(body) for body in await source.poll()]
            found += [event.id for event in events if event and event.id in wanted]
    return found


async def test_what_was_published_is_heard_by_each_subscriber(wires: Wires) -> None:
    events = [received() for _ in range(20)]
    await wires.bus.publish(messages(events))
    for name in (f"a-{uuid4()}", f"b-{uuid4()}"):
        source = wires.source(name)
        assert set(await hear(source, {event.id for event in events})) == {e.id for e in events}
        await source.commit()
        await source.close()


async def test_events_of_one_complaint_stay_in_order(wires: Wires) -> None:
    complaint = uuid4()
    events = [received(complaint, version) for version in range(1, 31)]
    for event in events:
        await wires.bus.publish(messages([event]))
    source = wires.source(f"c-{uuid4()}")
    assert await hear(source, {event.id for event in events}) == [event.id for event in events]
    await source.close()


async def test_events_said_one_by_one_and_very_many_at_once_stay_in_order(wires: Wires) -> None:
    complaints = [uuid4() for _ in range(3)]
    events = [received(one, version) for version in range(1, 131) for one in complaints]
    for event in events[:6]:
        await wires.bus.publish(messages([event]))
    await wires.bus.publish(messages(events[6:-6]))
    for event in events[-6:]:
        await wires.bus.publish(messages([event]))
    source = wires.source(f"m-{uuid4()}")
    heard = await hear(source, {event.id for event in events})
    for one in complaints:
        own = [event.id for event in events if event.complaint_id == one]
        assert [each for each in heard if each in set(own)] == own
    await source.close()


async def test_what_was_not_committed_comes_again_and_what_was_does_not(wires: Wires) -> None:
    name = f"d-{uuid4()}"
    first, second = received(), received()
    await wires.bus.publish(messages([first]))
    dying = wires.source(name)
    await hear(dying, {first.id})
    await dying.close()
    again = wires.source(name)
    await hear(again, {first.id})
    await again.commit()
    await again.close()
    await wires.bus.publish(messages([second]))
    after = wires.source(name)
    found = await hear(after, {second.id})
    assert found == [second.id]
    await after.close()


async def test_the_lag_is_what_was_said_and_not_yet_heard(wires: Wires) -> None:
    source = wires.source(f"e-{uuid4()}")
    start = received()
    await wires.bus.publish(messages([start]))
    await hear(source, {start.id})
    await source.commit()
    while await source.lag():
        await source.poll()
        await source.commit()
    await wires.bus.publish(messages([received() for _ in range(7)]))
    assert await source.lag() == 7
    await source.close()


async def test_everything_ever_said_can_be_read_from_any_position(wires: Wires) -> None:
    events = [received() for _ in range(10)]
    await wires.bus.publish(messages(events))
    log = wires.log()
    positions: dict[str, int] = {}
    bodies: list[bytes] = []
    ends = await log.ends()
    async with asyncio.timeout(60):
        first = {"bus": 1}
        while any(positions.get(one, first.get(one, 0)) < end for one, end in ends.items()):
            stretch = await log.read_from(positions, 4)
            assert len(stretch.bodies) <= 4
            positions |= stretch.positions
            bodies += stretch.bodies
    ids = [event.id for event in map(decode, bodies) if event]
    assert {event.id for event in events} <= set(ids)
    assert len(ids) == len(set(ids))
    anew = await log.read_from({}, 4)
    assert anew.bodies[0] in bodies
    await log.close()


async def test_a_number_of_the_local_log_is_never_given_again(tmp_path: Path, vault: Vault) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/bus.db")
    await migrate(engine, "bus")
    bus = LocalBus(Database(engine, lambda: NOON, vault))
    await bus.publish(messages([received(), received()]))
    async with bus.database.work() as work:
        await work.session.execute(delete(LogRow).where(LogRow.sequence == 2))
    await bus.publish(messages([received()]))
    assert await bus.last() == 3
    await bus.database.close()
