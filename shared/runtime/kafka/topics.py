"""The topics in Kafka: created once, kept for ever, and found with all their partitions."""

from contextlib import suppress
from typing import cast

from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped]  # ships no types
from aiokafka.errors import (  # type: ignore[import-untyped]  # ships no types
    KafkaError,
    TopicAlreadyExistsError,
)
from aiokafka.structs import TopicPartition  # type: ignore[import-untyped]  # ships no types

from shared.events import TOPICS
from shared.messaging.kafka import Partition
from shared.runtime.kafka.looking import look_at_brokers
from shared.settings import CommonSettings

AWAY = (KafkaError, OSError)
"""What is raised here while no broker answers."""


class NoTopicError(Exception):
    """A topic does not exist: `redress topics` creates it."""


async def create_topics(common: CommonSettings) -> list[str]:
    """Create the topics that are missing (kept for ever); returns their names."""
    await look_at_brokers(common.kafka_servers)
    admin = AIOKafkaAdminClient(bootstrap_servers=common.kafka_servers)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        missing = [topic for topic in TOPICS if topic not in there]
        kept = {"retention.ms": "-1", "cleanup.policy": "delete"}
        made = [
            NewTopic(topic, common.kafka_partitions, common.kafka_replicas, topic_configs=kept)
            for topic in missing
        ]
        if made:
            with suppress(TopicAlreadyExistsError):
                await admin.create_topics(made)
        return missing
    finally:
        await admin.close()


async def partitions_of(servers: str) -> list[Partition]:
    """All partitions of our topics. Raises NoTopicError where one of them does not exist."""
    await look_at_brokers(servers)
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        described = await admin.describe_topics(list(TOPICS))
    finally:
        await admin.close()
    found = {one["topic"]: [part["partition"] for part in one["partitions"]] for one in described}
    for topic in TOPICS:
        if not found.get(topic):
            raise NoTopicError(topic)
    return [
        cast("Partition", TopicPartition(topic, number))
        for topic in TOPICS
        for number in sorted(found[topic])
    ]
