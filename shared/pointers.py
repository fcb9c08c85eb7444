"""JSON pointers: which field of a document is meant."""

from collections.abc import Iterable


def pointer_to(parts: Iterable[str | int]) -> str:
    """The pointer (RFC 6901) to what these keys and positions lead to; empty: the whole."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
