"""The distributed mode, up for a run: where it answers, who its processes are, who works there."""

import json
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deploy import cluster
from deploy.bench.surroundings import LIMITS
from deploy.bench.wire import Address, Connection, request
from deploy.processes import ClusterError, Program, start

LOGIN = "/mediation/api/v1/login"
PATIENCE = 3600.0


class CommandFailedError(ClusterError):
    """A command that a run needs did not do its work."""


@dataclass(frozen=True)
class Stage:
    """A running cluster."""

    data: Path
    addresses: Mapping[str, Address]
    """Of the four services, called directly, and of the front."""
    pids: Mapping[str, int]
    versions: Mapping[str, str]
    environment: Mapping[str, str] = field(repr=False)
    """What its commands are told: addresses with passwords."""

    def database(self, service: str) -> str:
        """The address of a service's database; holds the password."""
        named = self.environment[f"{service.upper()}_DATABASE_URL"]
        return named.replace("+asyncpg", "")

    def command(self, *arguments: str, patience: float = PATIENCE) -> str:
        """Run `redress ...` against this cluster; what it printed. Raises CommandFailedError."""
        log = self.data.parent / "commands" / f"{arguments[0]}-{secrets.token_hex(3)}.log"
        process = start(
            Program(
                name="command",
                arguments=(sys.executable, "-m", "deploy.cli", *arguments),
                log=log,
                environment=self.environment,
            )
        )
        code = process.wait(patience)
        said = log.read_text(errors="replace")
        if code:
            raise CommandFailedError(f"redress {' '.join(arguments)}: {said[-800:]}")
        return said

    def facts(self, *arguments: str) -> dict[str, Any]:
        """Run a command with `--json`; its facts."""
        said = self.command(*arguments, "--json")
        documents = [line for line in said.splitlines() if line.startswith("{")]
        facts: dict[str, Any] = json.loads(documents[-1])
        return facts


@contextmanager
def distributed(data: Path, port: int, besides: Mapping[str, str] | None = None) -> Iterator[Stage]:
    """The cluster with raised limits, from its start to its end; `besides`: for its processes."""
    up = Program(
        name="up",
        arguments=(
            *(sys.executable, "-m", "deploy.cli", "cluster", "up"),
            *("--data", str(data), "--port", str(port)),
        ),
        log=data.parent / "up.log",
        environment={**LIMITS, **(besides or {})},
    )
    code = start(up).wait(PATIENCE)
    try:
        if code:
            raise CommandFailedError(f"redress cluster up: {up.log.read_text()[-800:]}")
        yield stage_of(data)
    finally:
        cluster.down(data, tell=lambda _: None)


def stage_of(data: Path) -> Stage:
    """The cluster of a folder as it runs now."""
    status = cluster.status(data)
    http = {n: a for n, a in status["addresses"].items() if a.startswith("http")}
    return Stage(
        data,
        {name: address_of(url) for name, url in http.items()},
        {one["name"]: one["pid"] for one in status["processes"]},
        status["versions"],
        {**read_environment((data / "cluster.env").read_text()), **LIMITS},
    )


def address_of(url: str) -> Address:
    place = urlsplit(url)
    return Address(place.hostname or "", place.port or 80)


def read_environment(text: str) -> dict[str, str]:
    """`NAME=value` lines, the value plain or in single quotes."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {
        name.removeprefix("export ").strip(): value.strip().strip("'\"")
        for name, _, value in pairs
        if not name.startswith("#")
    }


@dataclass(frozen=True)
class Clerk:
    """Somebody of the staff who is logged in."""

    headers: Mapping[str, str] = field(repr=False)


async def clerk(stage: Stage) -> Clerk:
    """A new account, logged in. Raises CommandFailedError."""
    name = f"bench-{secrets.token_hex(3)}"
    made = stage.facts("staff", "add", name, "--role", "secretary_general")
    return await log_in(stage.addresses["mediation"], name, made["password"])


async def log_in(mediation: Address, name: str, one_time: str) -> Clerk:
    """Log in with a one-time password. Raises CommandFailedError."""
    typed = {"name": name, "password": one_time, "new_password": secrets.token_urlsafe(16)}
    async with Connection(mediation) as connection:
        answer = await connection.send(request("POST", LOGIN, json.dumps(typed).encode()))
    if not answer.fine:
        raise CommandFailedError(f"log in: {answer.status} {answer.body[:300]!r}")
    cookies = [one.partition(";")[0] for one in answer.headers["set-cookie"].splitlines()]
    return Clerk({"cookie": "; ".join(cookies), "x-csrf-token": answer.headers["x-csrf-token"]})
