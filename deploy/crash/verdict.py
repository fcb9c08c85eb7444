"""What must be true at the end, sentence by sentence."""

from collections import Counter
from collections.abc import Iterator

from deploy.crash.counts import Counts
from deploy.crash.load import Told


def wrongs(counts: Counts, told: Told) -> Iterator[str]:
    """Every sentence that does not hold; none is what we want."""
    acknowledged = [one.replace("-", "") for one in told.acknowledged.values()]
    yield from different(
        "acknowledged complaints", "complaints kept", acknowledged, counts.complaints
    )
    yield from different("acknowledged complaints", "cases", acknowledged, counts.cases)
    yield from different(
        "acknowledged complaints", "rows on the dashboard", acknowledged, counts.facts
    )
    due = [(case, n) for case, serial in counts.forwarded for n in range(1, serial + 1)]
    yield from different("forwardings", "letters", due, counts.letters)
    forwarded = {case.replace("-", "") for case in told.forwarded}
    yield from different(
        "forwardings acknowledged",
        "cases forwarded",
        forwarded,
        {one for one, _ in counts.forwarded},
    )
    if counts.gaps:
        yield f"{counts.gaps} document numbers are missing or double"
    if counts.dead:
        yield f"{counts.dead} events were buried"
    if counts.outbox:
        yield f"{counts.outbox} events were never published"
    yield from (f"unexpected answer: {one}" for one in told.wrong[:10])


def different(left: str, right: str, expected: object, found: object) -> Iterator[str]:
    """Each exactly once on both sides."""
    wanted, there = Counter(expected), Counter(found)  # type: ignore[call-overload]  # any hashables
    missing, extra = wanted - there, there - wanted
    if missing:
        yield f"{missing.total()} of the {left} are missing among the {right}"
    if extra:
        yield f"{extra.total()} {right} too many for the {left}"
