"""Query codes, derived from the complaint's id."""

import hmac
from uuid import UUID

from services.intake.domain.query_code import PURPOSE, material, query_code
from shared.text import normal_crockford
from shared.vault import Vault


def code_of(vault: Vault, complaint_id: UUID, generation: int) -> str:
    """The query code of a complaint, the same each time."""
    return query_code(vault.mac(PURPOSE, material(complaint_id, generation)))


def is_code_of(vault: Vault, complaint_id: UUID, generation: int, typed: str) -> bool:
    """Whether this is its code, however loosely typed; takes as long for a wrong one."""
    right = code_of(vault, complaint_id, generation).encode()
    return hmac.compare_digest(right, normal_crockford(typed).encode("utf-8", "replace"))
