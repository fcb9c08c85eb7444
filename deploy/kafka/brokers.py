"""One or three KRaft nodes: their settings, their folders, and the programs that run them."""

import base64
import subprocess
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from deploy.kafka.fetch import HERE, fetch, java
from deploy.kafka.settings import Node, settings
from deploy.processes import ClusterError, Program

ALLOWED = (1, 3)


@dataclass(frozen=True)
class Brokers:
    """A folder with one sub-folder per node, and the ports that the nodes answer on."""

    folder: Path
    nodes: tuple[Node, ...]
    logs: Path
    throw_away: bool = False

    @classmethod
    def on(cls, folder: Path, ports: Sequence[tuple[int, int]], logs: Path) -> "Brokers":
        """Nodes for these pairs of ports: one for clients, one for the controllers."""
        if len(ports) not in ALLOWED:
            raise ClusterError(f"Kafka runs on 1 or 3 nodes here, not on {len(ports)}")
        nodes = (Node(number, *pair, folder) for number, pair in enumerate(ports, start=1))
        return cls(folder, tuple(nodes), logs)

    @property
    def servers(self) -> str:
        """The addresses for clients."""
        return ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def make(self) -> None:
        """Write the settings and format the folders that are new. Raises ClusterError."""
        made = len(list(self.folder.glob("*/meta.properties")))
        if made not in {0, len(self.nodes)}:
            raise ClusterError(f"{self.folder} was made for {made} Kafka node(s), and stays so")
        self.folder.mkdir(parents=True, exist_ok=True)
        identity = self._identity()
        for node in self.nodes:
            node.settings_file.write_text(settings(node, self.nodes))
            if not (node.data / "meta.properties").is_file():
                self._format(node, identity)

    def programs(self) -> list[Program]:
        """A broker needs its time to hand over; killed it recovers all the same."""
        return [
            Program(
                name=f"kafka-{node.number}",
                arguments=(
                    *_java("-Xms128m", "-Xmx512m", "-XX:+UseG1GC"),
                    *("kafka.Kafka", str(node.settings_file)),
                ),
                log=self.logs / f"kafka-{node.number}.log",
                patience=15,
                dies_with_us=self.throw_away,
            )
            for node in self.nodes
        ]

    def _identity(self) -> str:
        """The cluster's id: 16 random bytes, made once."""
        file = self.folder / "cluster-id"
        if not file.is_file():
            file.write_text(new_identity())
        return file.read_text().strip()

    def _format(self, node: Node, identity: str) -> None:
        tool = ("kafka.tools.StorageTool", "format", "-t", identity, "-c", str(node.settings_file))
        done = subprocess.run(  # noqa: S603 - the arguments are our own
            [*_java("-Xmx128m"), *tool], capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip()
            raise ClusterError(f"Kafka's folder {node.data} could not be made: {said}")


def new_identity() -> str:
    """16 random bytes in base64; not one that looks like an option (Kafka refuses it too)."""
    tries = (base64.urlsafe_b64encode(uuid.uuid4().bytes).decode() for _ in count())
    return next(one.rstrip("=") for one in tries if not one.startswith("-"))


def _java(*options: str) -> tuple[str, ...]:
    quiet = f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}"
    return (java(), *options, "-Djava.awt.headless=true", quiet, "-cp", f"{fetch()}/*")
