"""Cursors: where the next page of a list begins, stable while rows arrive."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from shared.kernel import RuleError

Place = TypeVar("Place")


class UnreadableCursorError(RuleError):
    """A cursor that no list of ours has given."""


def encode_cursor(values: Sequence[Any]) -> str:
    """The sort values of the last row shown, as one word for an address."""
    text = json.dumps(list(values), separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, size: int) -> list[str | int | float | None]:
    """Read `size` sort values back. Raises UnreadableCursorError."""
    try:
        values = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=="))
    except (ValueError, RecursionError):
        values = None
    plain = isinstance(values, list) and all(
        one is None or isinstance(one, str | int | float) for one in values
    )
    if not plain or len(values) != size:
        raise unreadable()
    return list(values)


def read_cursor(cursor: str | None, size: int, meant: Callable[..., Place]) -> Place | None:
    """Where a page begins: what `meant` makes of `size` texts; None where nothing is said.

    Raises UnreadableCursorError, also where `meant` raises ValueError.
    """
    if not cursor:
        return None
    texts = map(str, decode_cursor(cursor, size))
    try:
        return meant(*texts)
    except ValueError:
        raise unreadable() from None


def unreadable() -> UnreadableCursorError:
    return UnreadableCursorError("翻页的位置不对，请从第一页开始。", pointer="/query/cursor")
