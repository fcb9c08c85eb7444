"""The embedded mode: one process, and that is what is killed."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.cluster.health import ask
from deploy.cluster.keeper import Keeper
from deploy.crash.scene import RATES, wait_until_ready
from deploy.processes import ClusterError, Program, free_port
from shared.sisters import SERVICES

REDRESS = (sys.executable, "-m", "deploy.cli")


class EmbeddedScene:
    """`redress up` on a folder of its own."""

    name = "embedded"

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self.port = free_port()
        self.keeper = Keeper(lambda _: None, longest=1.0)
        self._program = Program(
            "redress",
            (*REDRESS, "up", "--port", str(self.port), "--data", str(self._data), "--no-demo"),
            folder / "redress.log",
            RATES,
        )

    def begin(self) -> None:
        self.keeper.start(self._program)
        wait_until_ready(self.port)

    def end(self) -> None:
        self.keeper.stop(self.keeper.names())

    def ready(self) -> bool:
        return ask(self.port, "/readyz").well

    def targets(self) -> Sequence[str]:
        return ("redress",)

    def outages(self) -> Sequence[str]:
        return ()

    def databases(self) -> Mapping[str, str]:
        return {name: f"sqlite+aiosqlite:///{self._data}/{name}.db" for name in SERVICES}

    def facts_file(self) -> Path:
        return self._data / "facts.duckdb"

    def add_staff(self, name: str) -> str:
        """By `redress staff add`, which asks the running process."""
        done = subprocess.run(  # noqa: S603 - the arguments are our own
            [*REDRESS, "staff", "add", name, "--data", str(self._data), "--json"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ClusterError(f"redress staff add: {done.stderr.strip()}")
        password: str = json.loads(done.stdout)["password"]
        return password
