"""One program: what is run, as whom, and where its words go."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
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


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start it in a session of its own, so that a Ctrl-C of ours is not also sent to it."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    surroundings = os.environ | dict(program.environment)  # noqa: TID251 - a child inherits ours
    with program.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - the arguments are our own
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
