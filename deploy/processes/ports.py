"""Ports of this machine alone."""

import socket
import subprocess
import time
from collections.abc import Sequence

from deploy.processes.errors import ClusterError

LOOPBACK = "127.0.0.1"


def free_port(wanted: int | None = None) -> int:
    """`wanted` if nobody listens there, else any port that is free now."""
    if wanted is not None and not answers(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def answers(port: int, patience: float = 1.0) -> bool:
    """Whether somebody accepts connections on this port of this machine."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=patience):
            return True
    except OSError:
        return False


def wait_for_ports(
    name: str,
    ports: Sequence[int],
    running: Sequence[subprocess.Popen[bytes]] = (),
    patience: float = 60.0,
) -> None:
    """Return when all of them answer. Raises ClusterError when one doesn't within `patience` s."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if all(answers(port) for port in ports):
            return
        if any(one.poll() is not None for one in running):
            raise ClusterError(f"{name} ended by itself")
        time.sleep(0.05)
    raise ClusterError(f"{name} did not answer within {patience:.0f} s")
