"""What a service speaks through, listens with and follows by: Kafka's clients, watched."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import cast

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer  # type: ignore[import-untyped]  # ships no types
from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]  # ships no types

from shared.messaging.bus import Message, Positions, Stretch
from shared.messaging.kafka import Consumer, KafkaBus, KafkaEventLog, KafkaSource, Producer
from shared.runtime.kafka.looking import look_at_brokers
from shared.runtime.kafka.reopened import Closable, Reopened
from shared.runtime.kafka.topics import partitions_of

LARGEST_BATCH = 512 * 1024
"""Bytes of one partition that go to the broker at once; it takes a mebibyte at most."""
IDLE_POLLS = 30
"""Empty polls (about a second each) after which a listener makes sure that nothing waits."""


class StalledError(Exception):
    """Messages wait, but the consumer brings none, or it has no partitions: it is opened anew."""


class Speaking:
    """The bus of one service."""

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._producer = Reopened(self._open)

    async def _open(self) -> tuple[KafkaBus, Closable]:
        await look_at_brokers(self._servers)
        producer = AIOKafkaProducer(
            bootstrap_servers=self._servers,
            enable_idempotence=True,
            acks="all",
            linger_ms=2,
            max_batch_size=LARGEST_BATCH,
        )
        await started(producer)
        return KafkaBus(cast("Producer", producer), murmur2), producer

    async def publish(self, messages: Sequence[Message]) -> None:
        async with self._producer.use() as bus:
            await bus.publish(messages)

    async def close(self) -> None:
        await self._producer.close()


class Listening:
    """A member of the service's group, watched: a stalled one is replaced."""

    def __init__(self, servers: str, group: str, topics: frozenset[str]) -> None:
        self._servers, self._group, self._topics = servers, group, topics
        self._source = Reopened(self._open)
        self._idle = 0

    async def _open(self) -> tuple[KafkaSource, Closable]:
        await look_at_brokers(self._servers)
        consumer = AIOKafkaConsumer(
            *self._topics,
            bootstrap_servers=self._servers,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_interval_ms=600_000,
        )
        await started(consumer)
        return KafkaSource(cast("Consumer", consumer)), consumer

    async def poll(self) -> Sequence[bytes]:
        async with self._source.use() as source:
            bodies = await source.poll()
            self._idle = 0 if bodies else self._idle + 1
            if self._idle >= IDLE_POLLS:
                self._idle = 0
                if not source.has_partitions() or await source.lag():
                    raise StalledError
            return bodies

    async def commit(self) -> None:
        """Move the offsets. A member that was thrown out meanwhile gets the records again."""
        async with self._source.use() as source:
            await source.commit()

    async def lag(self) -> int:
        source = self._source.opened
        return await asyncio.wait_for(source.lag(), 5) if source else 0

    async def close(self) -> None:
        await self._source.close()


class Following:
    """All partitions of all topics, for a reader who keeps its own positions."""

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._log = Reopened(self._open)

    async def _open(self) -> tuple[KafkaEventLog, Closable]:
        await look_at_brokers(self._servers)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._servers, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        await started(consumer)
        try:
            found = await partitions_of(self._servers)
        except BaseException:
            await consumer.stop()
            raise
        return KafkaEventLog(cast("Consumer", consumer), found), consumer

    async def read_from(self, positions: Positions, most: int) -> Stretch:
        async with self._log.use() as log:
            return await log.read_from(positions, most)

    async def ends(self) -> Positions:
        async with self._log.use() as log:
            return await log.ends()

    async def close(self) -> None:
        await self._log.close()


async def started(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Start a client; one that cannot start is stopped, so that nothing of it lingers."""
    try:
        await client.start()
    except BaseException:
        with suppress(Exception):
            await client.stop()
        raise
