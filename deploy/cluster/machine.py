"""The programs of a cluster: PostgreSQL, Kafka, four services and the front."""

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.cluster.layout import Layout, Ports
from deploy.cluster.passwords import passwords
from deploy.front import Front
from deploy.kafka import Brokers
from deploy.postgres.server import Server
from deploy.processes import Program
from shared.settings import CommonSettings
from shared.sisters import SERVICES

GIVES_WAY = {"intake": 0, "mediation": 5, "notification": 10, "analytics": 10}
"""Where the processor is short: a citizen who waits for a receipt comes first, then the desk;
letters and figures catch up afterwards. `cpu_shares` in docker-compose.yml says the same."""


@dataclass(frozen=True)
class Machine:
    """All of it on this machine, from where it lies and where it answers."""

    layout: Layout
    ports: Ports
    also: Mapping[str, str] = field(default_factory=dict)
    """What every service is told besides."""
    kafka_elsewhere: str | None = None
    """Brokers that somebody else runs, who also makes the topics."""

    @property
    def address(self) -> str:
        """The one address for people."""
        return f"http://127.0.0.1:{self.ports.front}"

    @property
    def postgres(self) -> Server:
        log = self.layout.logs / "postgresql.log"
        return Server(self.layout.postgres.absolute(), self.ports.postgres, log)

    @property
    def brokers(self) -> Brokers | None:
        """Ours, if we run them."""
        if self.kafka_elsewhere is not None:
            return None
        return Brokers.on(self.layout.kafka.absolute(), self.ports.kafka, self.layout.logs)

    @property
    def kafka_servers(self) -> str:
        """The brokers' addresses, whoever runs them."""
        return self.brokers.servers if self.brokers else self.kafka_elsewhere or ""

    def ground(self) -> list[Program]:
        """What services stand on."""
        return [self.postgres.program(), *(self.brokers.programs() if self.brokers else ())]

    @property
    def front(self) -> Front:
        places = {name: f"127.0.0.1:{port}" for name, port in self.ports.services.items()}
        return Front(self.layout.front, self.ports.front, places, self.layout.logs)

    def urls(self) -> dict[str, str]:
        """Each service's database; holds the passwords."""
        kept = passwords(self.layout.passwords)
        place = f"127.0.0.1:{self.ports.postgres}"
        return {
            name: f"postgresql+asyncpg://{name}:{kept[name]}@{place}/{name}" for name in SERVICES
        }

    def common(self) -> CommonSettings:
        """What the services are told, together with what the caller's environment says."""
        given = CommonSettings()
        told = {"public_url": self.address} if "public_url" not in given.model_fields_set else {}
        return given.model_copy(
            update={
                **told,
                "key_file": given.key_file or self.layout.key.absolute(),
                "kafka_servers": self.kafka_servers,
                "kafka_replicas": max(1, len(self.ports.kafka)),
                "intake_url": f"http://127.0.0.1:{self.ports.services['intake']}",
                "mediation_url": f"http://127.0.0.1:{self.ports.services['mediation']}",
                "notification_url": f"http://127.0.0.1:{self.ports.services['notification']}",
                "analytics_url": f"http://127.0.0.1:{self.ports.services['analytics']}",
                "trusted_hops": 1,
            }
        )

    def write_environment(self) -> None:
        """`cluster.env`, mode 0600: with it the other commands of `redress` find this cluster."""
        given = {
            **environment_of(self.common(), self.layout.data),
            **{f"{name.upper()}_DATABASE_URL": url for name, url in self.urls().items()},
        }
        file = self.layout.environment
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}={shlex.quote(text)}\n" for name, text in given.items()))

    def service(self, name: str) -> Program:
        """`redress serve NAME`, with what it needs and not its sisters' passwords."""
        folder = (self.layout.data / name).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        port = str(self.ports.services[name])
        return Program(
            name=name,
            arguments=(sys.executable, "-m", "deploy.cli", "serve", name, "--port", port),
            log=self.layout.logs / f"{name}.log",
            environment={
                **environment_of(self.common(), folder),
                **self.also,
                f"{name.upper()}_DATABASE_URL": self.urls()[name],
            },
            gives_way=GIVES_WAY[name],
        )


def environment_of(common: CommonSettings, data: Path) -> dict[str, str]:
    """The variables by which a service is told what differs from its defaults."""
    return {
        "REDRESS_DATA": str(data),
        "REDRESS_KEY_FILE": str(common.key_path),
        "REDRESS_ERASED_FILE": str(common.erased_path),
        "REDRESS_PUBLIC_URL": common.public_url,
        "REDRESS_KAFKA_SERVERS": common.kafka_servers,
        "REDRESS_KAFKA_REPLICAS": str(common.kafka_replicas),
        "REDRESS_INTAKE_URL": common.intake_url,
        "REDRESS_MEDIATION_URL": common.mediation_url,
        "REDRESS_NOTIFICATION_URL": common.notification_url,
        "REDRESS_ANALYTICS_URL": common.analytics_url,
        "REDRESS_TRUSTED_HOPS": str(common.trusted_hops),
    }
