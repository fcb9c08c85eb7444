"""A throw-away Kafka: the real one where Java and Maven are, else librdkafka's mock cluster."""

import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from deploy.kafka import Brokers, fetch, java
from deploy.processes import MissingError, Program, free_port, start, wait_for_ports
from tests.databases import in_ci, missing_is

REAL, MOCK = "Apache Kafka", "librdkafka's mock cluster"


@dataclass
class RealKafka:
    """Apache Kafka on one or three nodes; each can be killed and started again."""

    brokers: Brokers
    kind: str = REAL
    running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def servers(self) -> str:
        return self.brokers.servers

    def start(self) -> None:
        for number, program in self._programs().items():
            if number not in self.running:
                self.running[number] = start(program)
        ports = [node.port for node in self.brokers.nodes]
        wait_for_ports("Kafka", ports, list(self.running.values()), 90)

    def kill(self, number: int = 1) -> None:
        """SIGKILL, as when the machine goes dark."""
        process = self.running.pop(number)
        process.kill()
        process.wait()

    def stop(self) -> None:
        """Nothing is kept, so nobody waits for a graceful end."""
        for number in list(self.running):
            self.kill(number)

    def _programs(self) -> dict[int, Program]:
        return dict(enumerate(self.brokers.programs(), start=1))


@contextmanager
def real_kafka(nodes: int = 1) -> Iterator[RealKafka]:
    """The real broker. Skips by name without Java or Maven (with CI=true: an error)."""
    try:
        java()
        fetch()
    except MissingError as error:
        missing_is(error)
    with tempfile.TemporaryDirectory(prefix="redress-kafka-", ignore_cleanup_errors=True) as tmp:
        ports = [(free_port(), free_port()) for _ in range(nodes)]
        kafka = RealKafka(
            replace(Brokers.on(Path(tmp), ports, Path(tmp) / "logs"), throw_away=True)
        )
        kafka.brokers.make()
        try:
            kafka.start()
            yield kafka
        finally:
            kafka.stop()


@contextmanager
def some_kafka() -> Iterator[str]:
    """The addresses of the real broker, else of the mock (said by name in a warning)."""
    try:
        java()
        fetch()
    except MissingError as error:
        if in_ci():
            raise
        warnings.warn(pytest.PytestWarning(f"on {MOCK}: {error}"), stacklevel=1)
        with mock_kafka() as servers:
            yield servers
        return
    with real_kafka() as kafka:
        yield kafka.servers


@contextmanager
def mock_kafka() -> Iterator[str]:
    """Three brokers inside this process; topics come with first use, nothing is on a disk."""
    from confluent_kafka import Producer  # noqa: PLC0415 - a test dependency, needed only here

    mock = Producer({"bootstrap.servers": "x:1", "test.mock.num.brokers": 3})
    known = mock.list_topics(timeout=10).brokers.values()
    yield ",".join(f"{one.host}:{one.port}" for one in known)
    mock.flush(1)
