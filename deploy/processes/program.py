"""One program: what is run, as whom, and where its words go."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """A command that keeps running. `environment` is added to ours and never shown."""

    name: str
    arguments: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 30.0
    dies_with_us: bool = False
    gives_way: int = 0
    """How far it stands back where the processor is short: 0, not at all, to 19."""


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start it in a session of its own, so that a Ctrl-C of ours is not also sent to it."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    surroundings = os.environ | dict(program.environment)  # noqa: TID251 - a child inherits ours
    with program.log.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - the arguments are our own
            [*_leash(program), *program.arguments],
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=program.user,
            group=pwd.getpwnam(program.user).pw_gid if program.user else None,
            extra_groups=[] if program.user else None,
        )
    if program.gives_way:
        stand_back(process.pid, program.gives_way)
    return process


def stand_back(pid: int, nice: int) -> None:
    """Lower its share of a busy processor; where the system will not have it, nothing changes.

    Linux may weigh sessions as wholes (sched(7), autogroup): then the session stands back as well.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, nice)
    with suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(nice))


def end(process: subprocess.Popen[bytes], program: Program) -> int:
    """Ask it to stop; after `patience` seconds make it. Returns its exit code."""
    if process.poll() is None:
        process.send_signal(program.stop_signal)
    try:
        return process.wait(program.patience)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _leash(program: Program) -> tuple[str, ...]:
    """Throw-away programs go when we are killed, where the system can arrange that."""
    leash = shutil.which("setpriv") if program.dies_with_us else None
    return (leash, "--pdeathsig", "KILL", "--") if leash else ()
