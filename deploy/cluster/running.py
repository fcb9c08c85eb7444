"""A cluster from its first program to its last."""

import asyncio
import subprocess
import time
from collections.abc import Callable
from typing import Literal

from deploy.cli.first import keep_passwords
from deploy.cli.letters import lacking
from deploy.cluster.health import ask
from deploy.cluster.keeper import Keeper
from deploy.cluster.machine import Machine
from deploy.prepare import prepare
from deploy.processes import ClusterError, wait_for_ports
from shared.sisters import SERVICES

Tell = Callable[[str], None]
GROUND_PATIENCE = 90.0
SERVICE_PATIENCE = 120.0


class Cluster:
    """Starts everything in order, keeps it running, stops it in the opposite order."""

    def __init__(self, machine: Machine, tell: Tell) -> None:
        self.machine = machine
        self.keeper = Keeper(tell)
        self._tell = tell

    def begin(self) -> None:
        """Return when the front answers. Raises ClusterError, MissingError; then all is stopped."""
        try:
            self._ground()
            self._prepare()
            self._services()
            self._front()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """The front first, so that nobody comes in; the ground last, when all is said."""
        ground = [program.name for program in self.machine.ground()]
        for stage in (["front"], list(SERVICES), ground):
            there = [name for name in stage if name in self.keeper.names()]
            if there:
                self._tell(f"stopping {', '.join(there)}")
                self.keeper.stop(there)

    def _ground(self) -> None:
        postgres, brokers = self.machine.postgres, self.machine.brokers
        self._tell("making the folders of PostgreSQL and Kafka")
        postgres.make()
        if brokers is not None:
            brokers.make()
        self._tell("starting PostgreSQL and Kafka")
        running = [self.keeper.start(program) for program in self.machine.ground()]
        wait_for_ports("PostgreSQL", [postgres.port], running[:1], GROUND_PATIENCE)
        if brokers is not None:
            ports = [node.port for node in brokers.nodes]
            wait_for_ports("Kafka", ports, running[1:], GROUND_PATIENCE)

    def _prepare(self) -> None:
        self._tell("preparing databases and topics")
        machine = self.machine
        made = asyncio.run(prepare(machine.postgres.url, machine.urls(), machine.common()))
        machine.write_environment()
        if made:
            kept = keep_passwords(machine.common().key_path, made)
            self._tell(f"one-time passwords of the first accounts: {kept}")
        for line in lacking(machine.common()):
            self._tell(line)

    def _services(self) -> None:
        self._tell(f"starting {', '.join(SERVICES)}")
        running = {name: self.keeper.start(self.machine.service(name)) for name in SERVICES}
        for name, process in running.items():
            self._wait_until_ready(name, process)

    def _wait_until_ready(self, name: str, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + SERVICE_PATIENCE
        answer = ask(self.machine.ports.services[name], "/readyz")
        while not answer.well:
            log = self.machine.layout.logs / f"{name}.log"
            if process.poll() is not None:
                raise ClusterError(f"{name} ended by itself; its words are in {log}")
            if time.monotonic() > end:
                raise ClusterError(f"{name} is not ready: {answer.said}; see {log}")
            time.sleep(0.1)
            answer = ask(self.machine.ports.services[name], "/readyz")
        self._tell(f"{name} is ready")

    def _front(self) -> None:
        front = self.machine.front
        front.make()
        process = self.keeper.start(front.program())
        wait_for_ports("nginx", [front.port], [process], 20)
        self._tell(f"everything is ready: {self.machine.address}")


Phase = Literal["starting", "ready", "stopping", "stopped", "failed"]
