"""The distributed mode: services, broker, database and front are killed one at a time."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.cli import accounts
from deploy.cluster.health import ask
from deploy.cluster.keeper import Keeper
from deploy.cluster.layout import Layout, Ports
from deploy.cluster.machine import Machine
from deploy.cluster.running import Cluster
from deploy.crash.scene import RATES
from deploy.processes import free_port
from shared.clock import system_clock
from shared.database import open_engine
from shared.runtime.keys import vault_of
from shared.sisters import SERVICES
from shared.work import Database


class DistributedScene:
    """A cluster as `redress cluster up` makes it, kept by us so that we can kill in it."""

    name = "distributed"

    def __init__(self, folder: Path, kafka_nodes: int = 1) -> None:
        layout = Layout(folder / "data")
        layout.data.mkdir(parents=True)
        ports = Ports.choose(free_port(), kafka_nodes, None)
        self._machine = Machine(layout, ports, RATES)
        self._cluster = Cluster(self._machine, lambda _: None)
        self._cluster.keeper = Keeper(lambda _: None, longest=1.0)
        self.keeper = self._cluster.keeper
        self.port = ports.front

    def begin(self) -> None:
        self._cluster.begin()

    def end(self) -> None:
        self._cluster.stop()

    def ready(self) -> bool:
        ports = self._machine.ports.services.values()
        return ask(self.port, "/livez").well and all(ask(port, "/readyz").well for port in ports)

    def targets(self) -> Sequence[str]:
        """The relay is part of each service. The front only passes on: it is killed less."""
        return (*SERVICES, *SERVICES, *self._kafka(), "postgresql", "postgresql", "front")

    def outages(self) -> Sequence[str]:
        return ("postgresql", self._kafka()[0])

    def _kafka(self) -> Sequence[str]:
        return [program.name for program in self._machine.ground() if "kafka" in program.name]

    def databases(self) -> Mapping[str, str]:
        return self._machine.urls()

    def facts_file(self) -> Path:
        return self._machine.layout.data / "analytics" / "facts.duckdb"

    def add_staff(self, name: str) -> str:
        return asyncio.run(self._add_staff(name))

    async def _add_staff(self, name: str) -> str:
        """As `redress staff add` does it in this mode: in mediation's own database."""
        common = self._machine.common()
        engine = open_engine(self._machine.urls()["mediation"])
        database = Database(engine, system_clock, vault_of(common))
        try:
            asked = {"name": name, "role": "mediator"}
            return (await accounts.add(database, common.organisations, asked))["password"]
        finally:
            await database.close()
