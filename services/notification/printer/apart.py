"""The process that prints, as seen from outside: started when needed, ended when idle."""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from services.notification.domain.letter import Letter
from services.notification.domain.paper import Paper
from services.notification.printer.terms import Kind

IDLE = 3.0
"""Seconds without a letter after which the process ends; starting it takes less than one."""
GRACE = 5.0
"""Seconds it gets to end by itself."""
ROOT = Path(__file__).parents[3]
BROKEN = (OSError, EOFError, pickle.UnpicklingError)


class Worker:
    """One process, told by its standard input what to print; whoever asks waits."""

    def __init__(self, more_fonts: Sequence[Path] = ()) -> None:
        self._arguments = [
            *(sys.executable, "-m", "services.notification.printer.worker"),
            *map(str, more_fonts),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process, as long as there is one."""
        return self._process.pid if self._process else None

    def print(self, kind: Kind, letter: Letter | Paper) -> bytes:
        """Print one letter. A process that fell is started anew, once.

        Raises what the printing raised, OSError or EOFError where there is no printing at all.
        """
        try:
            made = self._asked(kind, letter)
        except BROKEN:
            self.end()
            made = self._asked(kind, letter)
        if isinstance(made, Exception):
            raise made
        return made

    def _asked(self, kind: Kind, letter: Letter | Paper) -> bytes | Exception:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                self._arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        to, back = self._process.stdin, self._process.stdout
        assert to is not None  # noqa: S101 - both are pipes, see above
        assert back is not None  # noqa: S101
        pickle.dump((kind, letter), to)
        to.flush()
        made: bytes | Exception = pickle.load(back)  # noqa: S301 - from ourselves
        return made

    def end(self) -> None:
        """Let the process end; harmless where there is none."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.communicate(timeout=GRACE)
        except (OSError, ValueError, subprocess.TimeoutExpired):
            process.kill()
            process.communicate()


@dataclass(frozen=True)
class Job:
    """A letter that waits to be printed."""

    kind: Kind
    letter: Letter | Paper
    printed: "Future[bytes]" = field(default_factory=Future)


class Apart:
    """Prints one letter after the other; a thread and a process are there only meanwhile."""

    def __init__(self, more_fonts: Sequence[Path] = (), idle: float = IDLE) -> None:
        self.thread: Thread | None = None
        self._more_fonts = more_fonts
        self._idle = idle
        self._waiting: SimpleQueue[Job] = SimpleQueue()
        self._lock = Lock()

    def printed(self, kind: Kind, letter: Letter | Paper) -> "Future[bytes]":
        """The letter, when it is printed."""
        job = Job(kind, letter)
        with self._lock:
            self._waiting.put(job)
            if self.thread is None:
                self.thread = Thread(target=self._work, name="printer", daemon=True)
                self.thread.start()
        return job.printed

    def _work(self) -> None:
        worker = Worker(self._more_fonts)
        while job := self._next():
            if not job.printed.set_running_or_notify_cancel():
                continue
            try:
                job.printed.set_result(worker.print(job.kind, job.letter))
            except Exception as error:
                job.printed.set_exception(error)
        worker.end()

    def _next(self) -> Job | None:
        """The next letter; None where there was none for a while: this thread is done."""
        try:
            return self._waiting.get(timeout=self._idle)
        except Empty:
            with self._lock:
                if not self._waiting.empty():
                    return self._waiting.get()
                self.thread = None
                return None
