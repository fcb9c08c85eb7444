"""How deep JSON is nested, known without reading it: in C, and in passes of no great number."""

import re

MOST = 32
"""More than any document of ours has; a reader that calls itself for each level has its limit."""
ALIKE = bytes.maketrans(b"{}", b"[]")
BUT_BRACKETS = bytes(n for n in range(256) if n not in b'[]{}"')
TEXT = re.compile(rb'"[^"]*"?')


def too_deep(data: bytes, most: int = MOST) -> bool:
    """Whether more than `most` lists and objects are open at once; exact for what is JSON.

    Escapes go first, then all but brackets and quotes, then texts; then, level by level, the
    innermost pairs. What is no JSON passes up to twice as deep: then its reader refuses it.
    """
    if data.count(b"{") + data.count(b"[") <= most:
        return False
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    left = TEXT.sub(b"", data.translate(ALIKE, BUT_BRACKETS))
    for _ in range(most):
        if not left:
            return False
        left = left.replace(b"[]", b"")
    return b"[]" in left or left.count(b"[") > most
