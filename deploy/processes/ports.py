"""Ports of this machine alone."""

import random
import socket
import subprocess
import time
from collections.abc import Sequence

from deploy.processes.errors import ClusterError

LOOPBACK = "127.0.0.1"
OURS = range(15_000, 32_000)
GIVEN: set[int] = set()
"""What this process was given: it may not listen there yet."""


def free_port(wanted: int | None = None) -> int:
    """`wanted` if it is free, else a free one at random, each only once.

    Not one that the system gives to outgoing connections: between a fall and the next start
    such a connection could sit on it. Raises ClusterError where none is free.
    """
    if wanted is not None and is_free(wanted):
        GIVEN.add(wanted)
        return wanted
    for port in (random.choice(OURS) for _ in range(200)):  # noqa: S311 - no secret
        if port not in GIVEN and is_free(port):
            GIVEN.add(port)
            return port
    raise ClusterError(f"no port of {OURS.start} to {OURS.stop - 1} is free")


def is_free(port: int) -> bool:
    """Whether we could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


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
