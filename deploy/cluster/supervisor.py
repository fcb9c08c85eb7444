"""The process that stays: it starts a cluster, keeps it running and notes how it is."""

import fcntl
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC

from deploy.cluster import state
from deploy.cluster.identity import born, put_down
from deploy.cluster.layout import Layout, Ports
from deploy.cluster.machine import Machine
from deploy.cluster.running import Cluster, Phase, Tell
from deploy.cluster.versions import versions
from deploy.processes import ClusterError
from shared.clock import system_clock
from shared.vault import KeyMissingError

ROUND = 0.1
"""Seconds between two looks at the programs."""


class Supervisor:
    """One cluster, and its file `cluster.json`."""

    def __init__(self, layout: Layout, port: int, nodes: int, tell: Tell) -> None:
        self._layout = layout
        self._tell = tell
        self._said: list[str] = []
        self._phase: Phase = "starting"
        self._trouble: str | None = None
        self._versions: dict[str, str] = {}
        self._asked = threading.Event()
        self._put_down_what_was_left()
        ports = Ports.choose(port, nodes, Ports.read(layout.ports))
        ports.write(layout.ports)
        self._cluster = Cluster(Machine(layout, ports), self.say)

    def run(self) -> int:
        """Until somebody asks to stop (SIGTERM or SIGINT)."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        self._note()
        try:
            self._cluster.begin()
        except (ClusterError, KeyMissingError) as error:
            return self._failed(error)
        except (SystemExit, KeyboardInterrupt):
            self._note("stopped")
            return 0
        try:
            self._keep()
        finally:
            self._said = []
            self._note("stopping")
            self._cluster.stop()
            self._note("stopped")
        return 0

    def _failed(self, error: Exception) -> int:
        self._trouble = str(error)
        self._note("failed")
        self._tell(self._trouble)
        return 1

    def _keep(self) -> None:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: self._asked.set())
        self._versions = versions(self._cluster.machine)
        self._note("ready")
        while not self._asked.wait(ROUND):
            if self._cluster.keeper.tend():
                self._note()

    def say(self, words: str) -> None:
        """Note it with what is running now, so that nothing is lost if we are killed."""
        self._said = [*self._said, words][-1000:]
        self._tell(words)
        self._note()

    def _note(self, phase: Phase | None = None) -> None:
        self._phase = phase or self._phase
        machine = self._cluster.machine
        facts = {
            "phase": self._phase,
            "trouble": self._trouble,
            "address": machine.address,
            "supervisor": {"pid": os.getpid(), "born": born(os.getpid())},
            "noted_at": system_clock().astimezone(UTC).isoformat(timespec="seconds"),
            "processes": self._cluster.keeper.facts(),
            "addresses": addresses(machine),
            "versions": self._versions,
            "said": self._said,
        }
        state.write(self._layout.state, facts)

    def _put_down_what_was_left(self) -> None:
        """A supervisor that was killed leaves its programs behind."""
        for one in reversed(state.read(self._layout.state).get("processes", [])):
            if put_down(one["pid"], one["born"]):
                self._tell(f"ended {one['name']}, left behind by a killed supervisor")


def addresses(machine: Machine) -> dict[str, str]:
    """Where each of them answers, without passwords."""
    return {
        "front": machine.address,
        **{name: f"http://127.0.0.1:{port}" for name, port in machine.ports.services.items()},
        "postgresql": f"127.0.0.1:{machine.ports.postgres}",
        "kafka": machine.kafka_servers,
        **dict(
            zip(("kafka-1", "kafka-2", "kafka-3"), machine.kafka_servers.split(","), strict=False)
        ),
    }


@contextmanager
def alone(layout: Layout) -> Iterator[None]:
    """One supervisor per folder. Raises ClusterError when there is one already."""
    layout.data.mkdir(parents=True, exist_ok=True)
    with layout.lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ClusterError(f"a cluster is running in {layout.data} already") from None
        yield
