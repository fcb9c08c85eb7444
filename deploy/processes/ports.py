"""Ports of this machine alone."""

import socket

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
