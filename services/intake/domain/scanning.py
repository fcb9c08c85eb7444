"""What the scanner for malware found in a file, and when a failed scan is tried again."""

from datetime import datetime, timedelta
from enum import StrEnum

FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=6)
"""The first pause after a failure doubles up to the longest; trying never ends."""


class Scan(StrEnum):
    """Where a file stands with the scanner (查毒).

    `clean` 没有病毒, `infected` 有病毒, `unscanned` 没有查过, `scan_failed` 没有查成.
    """

    CLEAN = "clean"
    INFECTED = "infected"
    """Quarantined: nobody gets it."""
    UNSCANNED = "unscanned"
    """There is no scanner, or it has not come to it yet."""
    FAILED = "scan_failed"
    """The scanner was away, refused or did not understand; it is tried again."""


OPEN = (Scan.UNSCANNED, Scan.FAILED)
"""What the scanner has still to look at."""


def stands(found: Scan, known: Scan) -> bool:
    """Whether what one process found counts beside what another has found of the file meanwhile.

    A failure lifts no quarantine, and of two findings the worse one counts.
    """
    return known in OPEN or found is Scan.INFECTED


def again_at(now: datetime, tries: int) -> datetime:
    """When to try again after the failure number `tries` (1 is the first)."""
    return now + min(FIRST * (1 << min(tries - 1, 20)), LONGEST)
