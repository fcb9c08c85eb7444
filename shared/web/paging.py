"""Cursors: where the next page of a list begins, stable while rows arrive."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from shared.kernel import RuleError


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
        raise UnreadableCursorError("翻页的位置不对，请从第一页开始。", pointer="/query/cursor")
    return list(values)
