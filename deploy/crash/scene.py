"""A platform that can be killed: what is in it, and what its databases say."""

import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from deploy.cluster.health import ask
from deploy.cluster.keeper import Keeper
from deploy.processes import ClusterError

ROUND = 0.05
RATES = {
    "REDRESS_RATE_PUBLIC_PER_MINUTE": "1000000",
    "REDRESS_RATE_PUBLIC_BURST": "1000000",
    "INTAKE_FLOOD_PER_MINUTE": "0",
    "REDRESS_RATE_STAFF_PER_MINUTE": "1000000",
    "REDRESS_RATE_LOGIN_PER_MINUTE": "1000000",
}
"""One machine sends it all: the limits per address would be what is measured."""


class Scene(Protocol):
    """One mode of the platform."""

    name: str
    port: int
    keeper: Keeper

    def begin(self) -> None: ...

    def end(self) -> None: ...

    def ready(self) -> bool:
        """Whether everything in it is up and well."""

    def targets(self) -> Sequence[str]:
        """What may be killed; a name that stands twice is killed twice as often."""

    def outages(self) -> Sequence[str]:
        """What is also held away for a while."""

    def databases(self) -> Mapping[str, str]:
        """Each service's database, for counting."""

    def facts_file(self) -> Path:
        """The facts of analytics; readable once the scene has ended."""

    def add_staff(self, name: str) -> str:
        """A mediator's account; returns the one-time password."""


@contextmanager
def tended(keeper: Keeper) -> Iterator[None]:
    """Start again what falls, in a thread, for as long as this lasts."""
    over = threading.Event()

    def rounds() -> None:
        while not over.wait(ROUND):
            keeper.tend()

    thread = threading.Thread(target=rounds, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def wait_until_ready(port: int, patience: float = 120.0) -> None:
    """Return when `/readyz` answers 200. Raises ClusterError."""
    end = time.monotonic() + patience
    while not (answer := ask(port, "/readyz")).well:
        if time.monotonic() > end:
            raise ClusterError(f"port {port} is not ready: {answer.said}")
        time.sleep(0.1)


def random_moments(seed: int) -> random.Random:
    """Not for secrets: the same seed gives the same kills."""
    return random.Random(seed)  # noqa: S311 - moments, not secrets
