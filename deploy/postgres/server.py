"""One PostgreSQL server of ours: its folder, made once, and the program that runs it."""

import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from deploy.postgres.programs import programs, unprivileged
from deploy.processes import ClusterError, Program

ADMINISTRATOR = "postgres"
SETTINGS = Path(__file__).parent / "postgresql.conf"


@dataclass(frozen=True)
class Server:
    """A folder with `data`, `postgresql.conf` and `password`, and the port it answers on."""

    folder: Path
    port: int
    log: Path
    options: dict[str, str] = field(default_factory=dict)
    throw_away: bool = False

    @property
    def password(self) -> str:
        return (self.folder / "password").read_text().strip()

    @property
    def url(self) -> str:
        """The administrator's address; holds the password."""
        return f"postgresql://{ADMINISTRATOR}:{self.password}@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """Make the folder if it isn't there yet. Raises MissingError, ClusterError."""
        data = self.folder / "data"
        if not (data / "PG_VERSION").is_file():
            self._refuse_a_closed_way()
            shutil.rmtree(data, ignore_errors=True)
            self.folder.mkdir(parents=True, exist_ok=True)
            self._own(self.folder)
            _write_secret(self.folder / "password", secrets.token_urlsafe(24))
            self._own(self.folder / "password")
            self._initdb(data)
        shutil.copyfile(SETTINGS, self.folder / "postgresql.conf")
        self._own(self.folder / "postgresql.conf")

    def program(self) -> Program:
        """SIGINT is PostgreSQL's fast shutdown: it sends the clients away and keeps everything."""
        options = {
            "config_file": str(self.folder / "postgresql.conf"),
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            **self.options,
        }
        given = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgresql",
            arguments=(str(programs() / "postgres"), "-D", str(self.folder / "data"), *given),
            log=self.log,
            user=unprivileged(),
            stop_signal=signal.SIGINT,
            dies_with_us=self.throw_away,
        )

    def version(self) -> str:
        return (self.folder / "data" / "PG_VERSION").read_text().strip()

    def _initdb(self, data: Path) -> None:
        command = [
            *(str(programs() / "initdb"), "-D", str(data), "-U", ADMINISTRATOR),
            *("--pwfile", str(self.folder / "password"), "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"),
            *(("--no-sync",) if self.throw_away else ()),
        ]
        user = unprivileged()
        done = subprocess.run(  # noqa: S603 - the arguments are our own
            command, capture_output=True, text=True, check=False, user=user, cwd="/"
        )
        if done.returncode:
            raise ClusterError(f"PostgreSQL's initdb failed: {done.stderr.strip()}")

    def _refuse_a_closed_way(self) -> None:
        """When PostgreSQL runs as somebody else, that user must be able to get to the folder."""
        if unprivileged() is None:
            return
        for parent in self.folder.absolute().parents:
            if parent.exists() and not parent.stat().st_mode & 0o001:
                raise ClusterError(
                    f"PostgreSQL runs as user {unprivileged()}, which cannot enter {parent}: "
                    "choose another --data"
                )

    def _own(self, path: Path) -> None:
        user = unprivileged()
        if user is not None:
            shutil.chown(path, user)


def _write_secret(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
