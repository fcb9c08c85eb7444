"""The case log: commitments to what was said, chained so that no row can change unnoticed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NOTHING_BEFORE = b"\0" * 32
"""What stands for the hash before the first row of a chain."""


def canonical(facts: Mapping[str, Any]) -> bytes:
    """One spelling for equal facts: JSON with sorted keys, no blanks, UTF-8."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


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
    """Where a chain breaks, and how."""

    seq: int
    why: str


def first_break(rows: Iterable[Kept]) -> Break | None:
    """The first row of one chain that is missing or not what was written; None: intact."""
    previous, expected = NOTHING_BEFORE, 1
    for row in rows:
        if why := wrong_with(row, expected, previous):
            return Break(row.seq, why)
        previous, expected = row.hash, expected + 1
    return None


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
