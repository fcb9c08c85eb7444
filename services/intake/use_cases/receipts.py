"""The receipt (回执): what whoever sends a complaint gets."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.intake.use_cases.codes import code_of
from shared.vault import Vault

FIRST = 1
"""The generation of the query code that the receipt shows."""


class Receipt(NamedTuple):
    """What the sender gets: the public number, and the code that opens the status page."""

    id: UUID
    number: str
    query_code: str
    received_at: datetime
    kind: str
    generation: int = 1
    """Which of its query codes this is."""
    known: bool = False
    """It was received before; this is the first answer once more."""


def receipt_of(row: dict[str, Any], vault: Vault) -> Receipt:
    code = code_of(vault, row["id"], row["code_generation"])
    generation = row["code_generation"]
    return Receipt(row["id"], row["number"], code, row["received_at"], row["kind"], generation)
