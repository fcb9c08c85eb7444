"""nginx on this machine: its configuration filled in, and the program that runs it."""

import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.processes import ClusterError, MissingError, Program

HERE = Path(__file__).parent
FRAME = HERE / "nginx.conf"
TEMPLATE = HERE / "redress.conf.template"
NOBODY = "unix:"
"""Callers by a local socket: the front has none."""
NAME = re.compile(r"\$\{([A-Z_]+)\}")


@dataclass(frozen=True)
class Front:
    """One address (`127.0.0.1:port`) for the services; `services` maps name to `host:port`.

    `behind` is the address or network of a proxy before it, whose X-Forwarded-For is believed.
    """

    folder: Path
    port: int
    services: Mapping[str, str]
    logs: Path
    behind: str = NOBODY

    def make(self) -> None:
        """Write the configuration and let nginx check it. Raises MissingError, ClusterError."""
        (self.folder / "conf.d").mkdir(parents=True, exist_ok=True)
        (self.folder / "temporary").mkdir(exist_ok=True)
        self.logs.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(FRAME, self.folder / "nginx.conf")
        (self.folder / "conf.d" / "redress.conf").write_text(fill(self._names()))
        self._check()

    def program(self) -> Program:
        """SIGQUIT lets nginx answer what it has begun."""
        return Program(
            name="front",
            arguments=self._command("daemon off;"),
            log=self.logs / "front.log",
            stop_signal=signal.SIGQUIT,
            patience=10,
        )

    def _names(self) -> dict[str, str]:
        return {
            "FRONT_LISTEN": f"127.0.0.1:{self.port}",
            "FRONT_ACCESS_LOG": str(self.logs.absolute() / "front-requests.log"),
            "FRONT_BEHIND": self.behind,
            "FRONT_TEMPORARY": str(self.folder.absolute() / "temporary"),
            **{f"{name.upper()}_ADDRESS": place for name, place in self.services.items()},
        }

    def _command(self, *settings: str) -> tuple[str, ...]:
        folder = self.folder.absolute()
        given = " ".join([f"pid {folder}/nginx.pid;", *settings])
        return (
            nginx(),
            "-p",
            f"{folder}/",
            "-c",
            f"{folder}/nginx.conf",
            "-e",
            "stderr",
            "-g",
            given,
        )

    def _check(self) -> None:
        done = subprocess.run(  # noqa: S603 - the arguments are our own
            [*self._command(), "-t", "-q"], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ClusterError(f"nginx refuses its configuration: {done.stderr.strip()}")


def nginx() -> str:
    """The path of nginx. Raises MissingError."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise MissingError("nginx", "install the package nginx (or nginx-light)")
    return found


def fill(names: Mapping[str, str]) -> str:
    """The template with our names; nginx's own variables ($host) stay as they are."""
    return NAME.sub(lambda found: names[found[1]], TEMPLATE.read_text())


def names() -> set[str]:
    """What the template asks for."""
    return set(NAME.findall(TEMPLATE.read_text()))
