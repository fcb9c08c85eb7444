"""PostgreSQL's own load generator with our rows: what the database alone could do."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.bench.statistics import percentile
from deploy.processes import MissingError

TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
PROCESSED = re.compile(r"^number of transactions actually processed: (\d+)", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)
AVERAGE = re.compile(r"^latency average = ([\d.]+) ms", re.MULTILINE)


class UnreadableError(Exception):
    """pgbench said something else than expected."""


@dataclass(frozen=True)
class Result:
    """What pgbench says at its end; latencies in milliseconds."""

    transactions: int
    failed: int
    per_second: float
    average: float
    took: Sequence[float] = field(default=(), repr=False)

    def quantile(self, share: float) -> float:
        return percentile(self.took, share)


def parse(said: str) -> Result:
    """Read pgbench's summary. Raises UnreadableError."""
    found = {name: one.search(said) for name, one in NUMBERS.items()}
    if any(found[name] is None for name in ("transactions", "per_second", "average")):
        raise UnreadableError(said[-500:])
    told = {name: match.group(1) for name, match in found.items() if match}
    return Result(
        int(told["transactions"]),
        int(told.get("failed", 0)),
        float(told["per_second"]),
        float(told["average"]),
    )


NUMBERS = {"transactions": PROCESSED, "failed": FAILED, "per_second": TPS, "average": AVERAGE}


def parse_log(text: str) -> list[float]:
    """The latencies in a log of `pgbench --log`, as milliseconds, sorted.

    Its third column is the time of the transaction in microseconds, or a word where it failed.
    """
    columns = (line.split()[:3] for line in text.splitlines())
    return sorted(int(one[-1]) / 1000 for one in columns if len(one) == 3 and one[-1].isdigit())  # noqa: PLR2004 - three columns


def program(folder: Path) -> Path:
    """pgbench, beside `postgres` or on the path. Raises MissingError."""
    beside = folder / "pgbench"
    found = beside if beside.is_file() else Path(shutil.which("pgbench") or "")
    if not found.is_file():
        raise MissingError(
            "pgbench", "install the package postgresql-contrib or postgresql (Debian)"
        )
    return found


@dataclass(frozen=True)
class Bench:
    """A database with the tables, and the script that fills them."""

    program: Path
    url: str
    """Holds the password: given to the program in its environment, never as an argument."""
    script: Path

    def run(self, clients: int, seconds: int) -> Result:
        """Prepared statements, one transaction after the other on each connection."""
        folder = self.script.parent
        for old in folder.glob("log.*"):
            old.unlink()
        command = [
            *(str(self.program), "--no-vacuum", "--protocol=prepared", "--log"),
            *(f"--log-prefix={folder / 'log'}", f"--file={self.script}"),
            *(f"--client={clients}", f"--jobs={min(clients, 2)}", f"--time={seconds}"),
            self.url.rpartition("@")[2].join(("postgresql://", "")),
        ]
        user, _, password = self.url.partition("://")[2].partition("@")[0].partition(":")
        done = subprocess.run(  # noqa: S603 - the arguments are our own
            command,
            capture_output=True,
            text=True,
            check=False,
            env={"PGUSER": user, "PGPASSWORD": password},
            timeout=seconds + 120,
        )
        if done.returncode:
            raise UnreadableError(done.stderr[-500:])
        said = parse(done.stdout)
        log = "".join(one.read_text() for one in folder.glob("log.*"))
        took = parse_log(log)
        return Result(said.transactions, said.failed, said.per_second, said.average, took)
