"""Apache Kafka from its jars, as `redress cluster` runs it."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import (  # type: ignore[import-untyped] # aiokafka brings no types
    AIOKafkaConsumer,
    AIOKafkaProducer,
)
from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped] # the same
from aiokafka.admin.config_resource import (  # type: ignore[import-untyped] # the same
    ConfigResource,
    ConfigResourceType,
)

from deploy.kafka import Brokers
from deploy.kafka.brokers import new_identity
from deploy.processes import ClusterError, free_port
from shared.runtime.kafka import clients
from tests.brokers import RealKafka, real_kafka

pytestmark = pytest.mark.kafka
PARTITIONS = 12
FOR_EVER = {"cleanup.policy": "delete", "retention.ms": "-1"}


@pytest.fixture(scope="module")
def kafka() -> Iterator[RealKafka]:
    with real_kafka() as one:
        yield one


async def make_topic(
    kafka: RealKafka, name: str, copies: int = 1, partitions: int = PARTITIONS
) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, copies, topic_configs=FOR_EVER)])
    finally:
        await admin.close()


@asynccontextmanager
async def speaker(kafka: RealKafka) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka.servers, enable_idempotence=True, acks="all"
    )
    try:
        await producer.start()
        yield producer
    finally:
        await producer.stop()


async def say(producer: AIOKafkaProducer, topic: str, numbers: range) -> None:
    """Send all at once, then wait until each was acknowledged."""
    said = [str(number).encode() for number in numbers]
    async with asyncio.timeout(90):
        await asyncio.gather(*[await producer.send(topic, one, key=one) for one in said])


async def hear(kafka: RealKafka, topic: str, count: int) -> list[int]:
    """The first `count` that are there, and whatever came with them."""
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=kafka.servers, auto_offset_reset="earliest"
    ) as consumer:
        heard: list[int] = []
        async with asyncio.timeout(60):
            while len(heard) < count:
                polled = await consumer.getmany(timeout_ms=500)
                heard += [int(one.value) for some in polled.values() for one in some]
        return sorted(heard)


async def test_a_topic_is_kept_for_ever(kafka: RealKafka) -> None:
    await make_topic(kafka, "kept")
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.servers)
    await admin.start()
    try:
        answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, "kept")])
        [described] = await admin.describe_topics(["kept"])
    finally:
        await admin.close()
    settings = {entry[0]: entry[1] for entry in answers[0].resources[0][4]}
    assert settings["retention.ms"] == "-1"
    assert settings["cleanup.policy"] == "delete"
    assert len(described["partitions"]) == PARTITIONS


async def test_a_member_of_a_group_that_has_no_partitions_is_opened_anew(
    kafka: RealKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "IDLE_POLLS", 3)
    await make_topic(kafka, "narrow", partitions=1)
    members = [clients.Listening(kafka.servers, "group", frozenset({"narrow"})) for _ in range(2)]
    try:
        assert clients.StalledError in await fates(members)
    finally:
        for one in members:
            await one.close()


async def fates(members: Sequence[clients.Listening]) -> set[type[BaseException]]:
    """How the members fare, until one of them falls."""
    async with asyncio.timeout(60):
        while True:
            polled = await asyncio.gather(*[one.poll() for one in members], return_exceptions=True)
            if fallen := {type(one) for one in polled if isinstance(one, BaseException)}:
                return fallen


async def test_a_broker_killed_on_the_way_loses_and_doubles_nothing(kafka: RealKafka) -> None:
    await make_topic(kafka, "killed")
    async with speaker(kafka) as producer:
        await say(producer, "killed", range(500))
        saying = asyncio.create_task(say(producer, "killed", range(500, 1000)))
        await asyncio.sleep(0)
        kafka.kill()
        await asyncio.to_thread(kafka.start)
        await saying
    assert await hear(kafka, "killed", 1000) == list(range(1000))


async def test_two_of_three_nodes_carry_on() -> None:
    with real_kafka(nodes=3) as three:
        await make_topic(three, "carried", copies=3)
        async with speaker(three) as producer:
            await say(producer, "carried", range(100))
            three.kill(2)
            await say(producer, "carried", range(100, 200))
        assert await hear(three, "carried", 200) == list(range(200))


def test_no_identity_looks_like_an_option() -> None:
    made = [new_identity() for _ in range(2000)]
    assert not [one for one in made if one.startswith("-")]
    assert {len(one) for one in made} == {22}


def test_a_folder_made_for_one_node_is_refused_to_three(tmp_path: Path) -> None:
    made = tmp_path / "1"
    made.mkdir()
    (made / "meta.properties").write_text("version=1\n")
    ports = [(free_port(), free_port()) for _ in range(3)]
    with pytest.raises(ClusterError, match="made for 1 Kafka node"):
        Brokers.on(tmp_path, ports, tmp_path).make()
    assert not list(tmp_path.glob("*.properties"))
