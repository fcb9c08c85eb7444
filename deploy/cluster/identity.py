"""Whether a process noted in a file is still that process: pids are used again."""

import os
import signal
import time
from pathlib import Path


def born(pid: int) -> str | None:
    """When the process started, in the kernel's ticks; None when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]


def same(pid: int, when: str | None) -> bool:
    return when is not None and born(pid) == when


def put_down(pid: int, when: str | None, patience: float = 10.0) -> bool:
    """End a process left behind, if it is still the one noted. Returns whether it was there."""
    if not same(pid, when):
        return False
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + patience
    while same(pid, when):
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    return True
