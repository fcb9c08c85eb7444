"""Who is let in while many more come than usual: whoever computed a little, or waited a little."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from services.intake.domain.errors import FloodedError, UnprovenError
from shared.kernel import RuleError
from shared.limits import challenge
from shared.limits.challenge import Challenge, Flood
from shared.limits.rates import Buckets, Rate
from shared.vault import Vault

PAUSES = Rate(per_second=3 / 60, burst=3)
"""How many of one address may wait instead of compute: else a pause is free for who sends many."""
EASY_FOR = timedelta(minutes=10)
"""How long a challenge stays good that is easier than what is asked by now."""


class Caller(NamedTuple):
    """Who sends something: the address that limits are for, and what can be sent once."""

    address: str
    key: str
    """The hidden key of the form; of a program its Idempotency-Key."""


class Task(NamedTuple):
    """What a page or a program is told of the challenge."""

    token: str
    bits: int
    seconds: int
    needed: bool
    """Whether it is asked for at the moment."""
    parts: int = challenge.PARTS
    """How many numbers are to be found."""


@dataclass(frozen=True)
class Door:
    """The door for strangers. It stands open until a flood comes."""

    flood: Flood = field(default_factory=Flood)
    pauses: Buckets = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pauses", Buckets(self.flood.ticks))

    def task(self, vault: Vault, bound: str, now: datetime, token: str = "") -> Task:
        """A challenge; the one that was given before, if it is still good."""
        given = self._good(challenge.read(vault, token, bound, now), now)
        bits = given.bits if given else self.flood.bits()
        text = token if given else challenge.give(vault, bound, now, bits)
        return Task(text, bits, self.flood.seconds(), self.flood.height() > 0)

    def admit_person(
        self, vault: Vault, caller: Caller, now: datetime, token: str, answer: str
    ) -> None:
        """Let a form in, once its challenge was solved or open for a while. Raises FloodedError."""
        with self._counted():
            self._prove_person(vault, caller, now, token, answer)

    def _prove_person(
        self, vault: Vault, caller: Caller, now: datetime, token: str, answer: str
    ) -> None:
        if not self.flood.height():
            return
        given = challenge.read(vault, token, bound_to(caller), now)
        solved = given and challenge.is_solved(token, caller.key, answer, given.bits)
        if given is None:
            left = self.flood.seconds()
        elif solved and self._good(given, now):
            return
        else:
            left = self.flood.seconds() - int((now - given.given).total_seconds())
            left = left if left > 0 else self.pauses.wait(caller.address, PAUSES)
        if left > 0:
            raise FloodedError(
                "现在提交的人特别多，这一次没有收下。写的内容都在，请过{retry_after}秒再按一次“提交”；"
                "选好的文件要重新选。",
                retry_after=left,
            )

    @contextmanager
    def _counted(self) -> Generator[None]:
        """One more comes, and is part of the flood unless it is sent away."""
        self.flood.note()
        try:
            yield
        except RuleError:
            self.flood.take_back()
            raise

    def _good(self, given: Challenge | None, now: datetime) -> Challenge | None:
        """A challenge that is hard enough by now, or young; one from before a flood is neither."""
        if given and given.bits < self.flood.bits() and now - given.given > EASY_FOR:
            return None
        return given

    def admit_program(self, vault: Vault, caller: Caller, now: datetime, proof: str) -> None:
        """Let a program in that computed for its own Idempotency-Key. Raises UnprovenError."""
        with self._counted():
            self._prove_program(vault, caller, now, proof)

    def _prove_program(self, vault: Vault, caller: Caller, now: datetime, proof: str) -> None:
        if not self.flood.height():
            return
        token, _, answer = proof.partition(".")
        given = self._good(challenge.read(vault, token, caller.address, now), now)
        solved = given and challenge.is_solved(token, caller.key, answer, given.bits)
        if not caller.key or not solved:
            raise UnprovenError(
                "现在提交的人特别多：请先取 /intake/api/v1/challenge，算好以后连同 Idempotency-Key "
                "和 X-Challenge 再发；或者过{retry_after}秒再试。",
                retry_after=self.flood.seconds(),
            )


def bound_to(caller: Caller) -> str:
    """What the challenge of a form is bound to."""
    return f"{caller.address} {caller.key}"
