"""The settings of one KRaft node that is broker and controller at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Node:
    """One node; `folder` is that of all nodes."""

    number: int
    port: int
    controller_port: int
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / str(self.number)

    @property
    def settings_file(self) -> Path:
        return self.folder / f"node-{self.number}.properties"


def settings(node: Node, nodes: Sequence[Node]) -> str:
    """The node's `server.properties`. With three nodes a write is safe on two before it counts."""
    copies = len(nodes)
    safe = 2 if copies > 1 else 1
    voters = ",".join(f"{one.number}@{HOST}:{one.controller_port}" for one in nodes)
    here = f"PLAINTEXT://{HOST}:{node.port},CONTROLLER://{HOST}:{node.controller_port}"
    return (
        "\n".join(
            f"{name}={value}"
            for name, value in {
                "process.roles": "broker,controller",
                "node.id": node.number,
                "controller.quorum.voters": voters,
                "listeners": here,
                "advertised.listeners": here,
                "controller.listener.names": "CONTROLLER",
                "inter.broker.listener.name": "PLAINTEXT",
                "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "log.dirs": node.data.absolute(),
                # a killed broker may come back when its old session is over
                "broker.session.timeout.ms": 3_000 * safe,
                "broker.heartbeat.interval.ms": 750,
                "auto.create.topics.enable": "false",
                "default.replication.factor": copies,
                "min.insync.replicas": safe,
                "offsets.topic.replication.factor": copies,
                "offsets.topic.num.partitions": 4,
                "offsets.retention.minutes": 525_600,
                "transaction.state.log.replication.factor": copies,
                "transaction.state.log.min.isr": safe,
                "transaction.state.log.num.partitions": 4,
                "share.coordinator.state.topic.replication.factor": copies,
                "share.coordinator.state.topic.min.isr": safe,
                "group.initial.rebalance.delay.ms": 0,
                "log.retention.ms": -1,
                "log.cleanup.policy": "delete",
            }.items()
        )
        + "\n"
    )
