"""Keeps programs running: what falls is started again, after a little longer each time."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from deploy.cluster.identity import born
from deploy.processes import Program, end, start

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
STEADY = 60.0
"""A program that ran so long (s) is believed again: the next pause is the first."""


@dataclass
class Kept:
    """One program and how it is doing."""

    program: Program
    process: subprocess.Popen[bytes]
    since: float
    pause: float = FIRST_PAUSE
    again_at: float | None = None
    restarts: int = 0
    held: bool = False

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def facts(self) -> dict[str, object]:
        return {
            "name": self.program.name,
            "pid": self.process.pid,
            "born": born(self.process.pid),
            "restarts": self.restarts,
            "log": str(self.program.log),
        }


class Keeper:
    """All programs of a cluster. Every method may be called from any thread."""

    def __init__(self, tell: Callable[[str], None], longest: float = LONGEST_PAUSE) -> None:
        self._tell = tell
        self._longest = longest
        self._kept: dict[str, Kept] = {}
        self._lock = threading.RLock()

    def start(self, program: Program) -> subprocess.Popen[bytes]:
        with self._lock:
            process = start(program)
            self._kept[program.name] = Kept(program, process, time.monotonic())
            return process

    def tend(self) -> int:
        """One round: note what fell, start what has waited. Returns how many changed."""
        with self._lock:
            return sum(self._tend_one(kept, time.monotonic()) for kept in self._kept.values())

    def kill(self, name: str, *, hold: bool = False) -> None:
        """SIGKILL; with `hold` it stays away until `release`."""
        with self._lock:
            kept = self._kept[name]
            kept.held = hold
            kept.process.kill()
            kept.process.wait()

    def release(self, name: str) -> None:
        """Let a held one come back."""
        with self._lock:
            self._kept[name].held = False

    def stop(self, names: Iterable[str]) -> None:
        """Ask all of these to stop, then wait for each; one that does not is made to."""
        with self._lock:
            leaving = [self._kept.pop(name) for name in names if name in self._kept]
            for kept in leaving:
                if kept.alive:
                    kept.process.send_signal(kept.program.stop_signal)
            for kept in leaving:
                code = end(kept.process, kept.program)
                if code == -signal.SIGKILL:
                    self._tell(f"{kept.program.name} did not stop in time and was made to")

    def names(self) -> list[str]:
        with self._lock:
            return list(self._kept)

    def facts(self) -> list[dict[str, object]]:
        with self._lock:
            return [kept.facts() for kept in self._kept.values()]

    def _tend_one(self, kept: Kept, now: float) -> bool:
        if kept.alive or kept.held:
            return False
        if kept.again_at is None:
            self._note_the_fall(kept, now)
            return False
        if now < kept.again_at:
            return False
        kept.process = start(kept.program)
        kept.since, kept.again_at = now, None
        kept.restarts += 1
        return True

    def _note_the_fall(self, kept: Kept, now: float) -> None:
        if now - kept.since > STEADY:
            kept.pause = FIRST_PAUSE
        kept.again_at = now + kept.pause
        code = kept.process.returncode
        self._tell(f"{kept.program.name} ended ({_why(code)}); again in {kept.pause:.1f} s")
        kept.pause = min(kept.pause * 2, self._longest)


def _why(code: int) -> str:
    if code >= 0:
        return f"exit {code}"
    return signal.Signals(-code).name
