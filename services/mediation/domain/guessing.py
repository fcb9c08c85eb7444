"""How many wrong passwords are too many, and for whom.

Device cookies (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"): a browser that
logged in as an account before is known to it, and counted by itself. All others share two counts:
of that account at that address, low, and of the address, high. So whoever guesses locks out
neither a known browser nor the account elsewhere, and has no more guesses than these counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Under(StrEnum):
    """What a failed log-in is counted under."""

    DEVICE = "device"
    """This browser, which is known to the account."""
    ACCOUNT = "account"
    """The account at this address, by browsers that are not known to it."""
    ADDRESS = "address"
    """This address (IPv6: its site), whoever's account."""


UNKNOWN = (Under.ACCOUNT, Under.ADDRESS)
"""What browsers are counted under that are not known."""


@dataclass(frozen=True)
class Tally:
    """Failures, and when the last one was; an old tally counts no more."""

    failures: int = 0
    last_at: datetime | None = None

    def counts(self, now: datetime, wait: timedelta) -> int:
        """How many failures still count."""
        return self.failures if self.last_at is not None and now - self.last_at < wait else 0

    def one_more(self, now: datetime, wait: timedelta) -> "Tally":
        """The tally with a failure more."""
        return Tally(self.counts(now, wait) + 1, now)

    def fewer(self, by: int) -> "Tally":
        """The tally without failures that turned out to be none."""
        return Tally(max(0, self.failures - by), self.last_at)


@dataclass(frozen=True)
class Limits:
    """The most failures under each, and how long one waits then."""

    most: Mapping[Under, int]
    wait: timedelta

    def full(self, under: Under, tally: Tally, now: datetime) -> bool:
        """Whether nobody may try any more."""
        return tally.counts(now, self.wait) >= self.most[under]

    def left(self, tally: Tally, now: datetime) -> timedelta:
        """How long a full tally still counts."""
        return timedelta(0) if tally.last_at is None else tally.last_at + self.wait - now


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may try a password, and what the try is counted under beforehand."""

    under: tuple[Under, ...] = ()
    wait: timedelta = timedelta(0)
    """Where they may not: how long they wait."""


def judged(tallies: Mapping[Under, Tally], limits: Limits, now: datetime) -> Verdict:
    """Who may try: a known browser until its own count is full, then as if it were unknown.

    `tallies` has `Under.DEVICE` only where the browser is known. A browser whose own count is full
    is not refused outright: whoever copied its cookie would lock its owner out everywhere.
    """
    device = tallies.get(Under.DEVICE)
    if device is not None and not limits.full(Under.DEVICE, device, now):
        return Verdict((Under.DEVICE,))
    full = [tallies[one] for one in UNKNOWN if limits.full(one, tallies[one], now)]
    if full:
        return Verdict(wait=max(limits.left(one, now) for one in full))
    return Verdict(UNKNOWN)
