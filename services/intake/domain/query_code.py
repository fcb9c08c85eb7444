"""The query code (查询码): proof of being the one who complained. Derived, never stored."""

from uuid import UUID

from shared.text import crockford

LENGTH = 12
PURPOSE = "query-code"
"""The name of the key that the code is derived with."""


def material(complaint_id: UUID, generation: int) -> bytes:
    """What the code is derived from; a new generation makes every older code worthless."""
    return complaint_id.bytes + generation.to_bytes(4, "big")


def query_code(mac: bytes) -> str:
    """The first sixty bits of the HMAC over `material`, in base 32."""
    return crockford(int.from_bytes(mac[:8], "big") >> 4, LENGTH)


def grouped(code: str) -> str:
    """`7KQ4M2XD9RTB` as people copy it: 7KQ4 M2XD 9RTB."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
