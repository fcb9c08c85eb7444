"""The columns of a row and of a head: made, sealed, chained, and read again."""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from shared.trail.chain import Kept, canonical, chained, commit_to
from shared.trail.said import Chain, Noted
from shared.trail.tables import SEALED
from shared.vault import Sealed, Vault

SALT = 16


def head_row(vault: Vault, chain: Chain, seq: int, last: bytes) -> dict[str, Any]:
    """The columns of a head."""
    facts = {"kind": chain.kind, "key": chain.key, "seq": seq, "hash": last}
    return facts | {"mac": head_mac(vault, chain, seq, last)}


def head_mac(vault: Vault, chain: Chain, seq: int, last: bytes) -> bytes:
    """What only who has the key can write under a head (32 bytes of HMAC-SHA-256)."""
    said = {"kind": chain.kind, "key": chain.key, "seq": seq, "hash": last.hex()}
    return vault.mac("trail-head", canonical(said))


class Place(NamedTuple):
    """Where a row stands: its number and the hash it is chained to; its id and the time."""

    seq: int
    previous: bytes
    id: UUID
    now: datetime


def audit_row(vault: Vault, one: Noted, place: Place) -> dict[str, Any]:
    """The columns of the row at a place."""
    chain, doer, said = one
    columns: dict[str, Any] = {
        "kind": chain.kind,
        "key": chain.key,
        "seq": place.seq,
        "id": place.id,
        "at": place.now,
        "doer_kind": doer.kind,
        "doer": doer.id,
        "role": doer.role,
        "for_id": doer.for_id,
        "action": said.action,
    }
    salt = secrets.token_bytes(SALT)
    values = {"by": doer.name, "for": doer.for_name, "said": dict(said.values)}
    commitment = commit_to(salt, values)
    return columns | {
        "commitment": commitment,
        "sealed": vault.seal(salt + canonical(values), SEALED, columns["id"]),
        "previous": place.previous,
        "hash": chained(place.previous, public_facts(columns), commitment),
    }


def public_facts(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What the chain covers in the open."""
    ids = {name: columns[name] and str(columns[name]) for name in ("id", "doer", "for_id")}
    open_facts = ("kind", "key", "seq", "doer_kind", "role", "action")
    at = columns["at"].astimezone(UTC).isoformat()
    return {name: columns[name] for name in open_facts} | ids | {"at": at}


def opened(vault: Vault, sealed: Sealed | None, row: UUID) -> tuple[bytes, dict[str, Any]] | None:
    """Salt and values of a row; None where they were erased. Raises WrongKeyError, ValueError."""
    if sealed is None:
        return None
    plain = vault.open(sealed, row)
    values: dict[str, Any] = json.loads(plain[SALT:])
    return plain[:SALT], values


def kept(vault: Vault, columns: Mapping[str, Any]) -> Kept:
    """A row as the rules verify it. Raises WrongKeyError, ValueError."""
    return Kept(
        seq=columns["seq"],
        public=public_facts(columns),
        commitment=columns["commitment"],
        previous=columns["previous"],
        hash=columns["hash"],
        opened=opened(vault, columns["sealed"], columns["id"]),
    )
