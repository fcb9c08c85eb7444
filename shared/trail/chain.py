"""The rules of a chained log: commitments to what was said, and rows bound to the rows before."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

NOTHING_BEFORE = b"\0" * 32
"""What stands for the hash before the first row of a chain."""


def canonical(facts: Mapping[str, Any]) -> bytes:
    """One spelling for equal facts: JSON with sorted keys, no blanks, UTF-8.

    Days, instants and ids are spelled as text; anything else that is not JSON: TypeError.
    """
    text = json.dumps(
        facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=spelled
    )
    return text.encode()


def spelled(value: object) -> str:
    """What JSON has no word for."""
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a log row.")


def commit_to(salt: bytes, values: Mapping[str, Any]) -> bytes:
    """A commitment (32 bytes of SHA-256): binds to the values, and tells nothing of them."""
    return hashlib.sha256(salt + canonical(values)).digest()


def chained(previous: bytes, public: Mapping[str, Any], commitment: bytes) -> bytes:
    """The hash of a row (32 bytes): over the row before it, its public facts, its commitment."""
    return hashlib.sha256(previous + canonical(public) + commitment).digest()


@dataclass(frozen=True)
class Kept:
    """One row as it is kept, to be verified."""

    seq: int
    public: Mapping[str, Any]
    commitment: bytes
    previous: bytes
    hash: bytes
    opened: tuple[bytes, Mapping[str, Any]] | None
    """Salt and values; None where they were erased, which leaves the chain whole."""


@dataclass(frozen=True)
class Break:
    """Where a chain breaks, and how.

    `why`: `missing` (the row of this number is gone), `public` (what stands in the open was
    changed), `values` (what is sealed is not what was said, or the row got another id), `emptied`
    (what was sealed is gone, and no chain tells that it was erased), `previous` (it was bound to
    another row), `inserted` (the chain had ended before it), `head` (the noted end of the chain
    itself is not what was noted), `headless` (the noted end of the chain is gone), `checkpoint`
    (what lies under the checkpoint of this number is not what lay there, or the checkpoint itself
    was changed), `signed` (not what was signed and given away), `ahead` (no checkpoint covers it,
    though it is old or bears an id of the future: see `reach`), `otherwise` (the thing itself is
    not what this row, the last to speak of it, says).
    """

    seq: int
    why: str


@dataclass
class Follower:
    """Follows one chain row by row, however long it is."""

    previous: bytes = NOTHING_BEFORE
    expected: int = 1
    broken: Break | None = field(default=None, init=False)

    def follow(self, row: Kept) -> None:
        """Look at the next row; the first break is remembered, what comes after it is not read."""
        if self.broken:
            return
        if why := wrong_with(row, self.expected, self.previous):
            at = self.expected if why == "missing" else row.seq
            self.broken = Break(at, why)
        self.previous, self.expected = row.hash, row.seq + 1

    def unreadable(self, seq: int) -> None:
        """The next row's sealed values do not open."""
        if not self.broken:
            missing = seq != self.expected
            self.broken = Break(self.expected, "missing") if missing else Break(seq, "values")

    def ended(self, seq: int, head: bytes) -> Break | None:
        """Where the chain breaks, if its end was noted to be this row with this hash."""
        last = self.expected - 1
        if self.broken:
            return self.broken
        if last < seq:
            return Break(last + 1, "missing")
        if last > seq:
            return Break(seq + 1, "inserted")
        return None if self.previous == head else Break(seq, "head")


def wrong_with(row: Kept, expected: int, previous: bytes) -> str | None:
    """What is wrong with one row, given its place and the hash before it."""
    if row.seq != expected:
        return "missing"
    if row.previous != previous:
        return "previous"
    if row.hash != chained(previous, row.public, row.commitment):
        return "public"
    if row.opened and row.commitment != commit_to(*row.opened):
        return "values"
    return None
