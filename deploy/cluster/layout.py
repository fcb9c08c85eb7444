"""Where everything of a cluster lies, and on which ports it answers."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from deploy.processes import ClusterError, free_port, is_free
from shared.sisters import SERVICES


@dataclass(frozen=True)
class Layout:
    """The folder of a cluster. What is secret lies in files of their own, mode 0600."""

    data: Path

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def kafka(self) -> Path:
        return self.data / "kafka"

    @property
    def front(self) -> Path:
        return self.data / "front"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def state(self) -> Path:
        return self.data / "cluster.json"

    @property
    def ports(self) -> Path:
        return self.data / "ports.json"

    @property
    def lock(self) -> Path:
        return self.data / "cluster.lock"

    @property
    def passwords(self) -> Path:
        return self.data / "passwords.json"

    @property
    def environment(self) -> Path:
        return self.data / "cluster.env"

    @property
    def key(self) -> Path:
        return self.data.with_name(self.data.name + ".key")


@dataclass(frozen=True)
class Ports:
    """All on 127.0.0.1; each Kafka node has one for clients and one for the controllers."""

    front: int
    services: Mapping[str, int]
    postgres: int
    kafka: tuple[tuple[int, int], ...]

    @classmethod
    def choose(cls, front: int, nodes: int, before: Self | None) -> Self:
        """The front's is given, the services' follow it; the others are free ones. Kept if free.

        Raises ClusterError when somebody else is at the front's.
        """
        if not is_free(front):
            raise ClusterError(f"port {front} is taken: choose another --port")
        last = before.services if before and before.front == front else {}
        old = before.kafka if before and len(before.kafka) == nodes else ((None, None),) * nodes
        return cls(
            front=front,
            services={
                name: free_port(last.get(name, front + n))
                for n, name in enumerate(SERVICES, start=1)
            },
            postgres=free_port(before.postgres if before else None),
            kafka=tuple((free_port(client), free_port(control)) for client, control in old),
        )

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """Those of the last start, if there was one."""
        if not file.is_file():
            return None
        kept = json.loads(file.read_text())
        pairs = tuple((client, control) for client, control in kept.pop("kafka"))
        return cls(**kept, kafka=pairs)

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), indent=1) + "\n")
