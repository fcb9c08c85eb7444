"""How a step is kept: one log row, chained and sealed, in the transaction of the step."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.mediation.tables import SEALED_LOG, CaseLogRow
from shared.ids import uuid7
from shared.trail.chain import Kept, canonical, chained, commit_to
from shared.trail.rows import SALT
from shared.vault import Sealed, Vault

COLUMNS = tuple(column.name for column in CaseLogRow.__table__.columns)
WITH_ID = b"\1"
"""Stands behind the salt where the commitment binds the id of the row, too: without the id a row
could be moved out of the reach of every checkpoint. Rows from before have JSON there. It lies
sealed: nobody without the key makes a row look as old as that."""


@dataclass(frozen=True)
class Actor:
    """Who acts: staff, citizen, service or system."""

    kind: str
    id: UUID | None
    role: str
    behalf: UUID | None = None
    """For whom a stand-in acts (代理); None: for themselves."""


SYSTEM = Actor("system", None, "")
CITIZEN = Actor("citizen", None, "")


@dataclass(frozen=True)
class Entry:
    """What one log row says."""

    step: str
    rule: str
    """The pack and version, as `association@1`."""
    source: str
    """The article, in Chinese."""
    before: str
    after: str
    values: Mapping[str, Any]
    """What was said, personal words included; sealed."""


def log_row(
    vault: Vault, case_id: UUID, seq: int, previous: bytes, written: tuple[datetime, Actor, Entry]
) -> dict[str, Any]:
    """The columns of the next log row of a case, chained to the hash before it."""
    at, actor, entry = written
    identity, salt = uuid7(), secrets.token_bytes(SALT)
    columns: dict[str, Any] = {
        "case_id": case_id,
        "seq": seq,
        "at": at,
        "actor_kind": actor.kind,
        "actor": actor.id,
        "behalf": actor.behalf,
        "role": actor.role,
        "step": entry.step,
        "rule": entry.rule,
        "source": entry.source,
        "before": entry.before,
        "after": entry.after,
    }
    commitment = commit_to(salt + identity.bytes, entry.values)
    said = salt + WITH_ID + canonical(entry.values)
    return columns | {
        "id": identity,
        "commitment": commitment,
        "sealed": vault.seal(said, SEALED_LOG, case_id),
        "previous": previous,
        "hash": chained(previous, public_facts(columns), commitment),
    }


def public_facts(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What the chain covers in the open; on whose behalf only where there is somebody."""
    actor, behalf = columns["actor"], columns["behalf"]
    return ({"behalf": str(behalf)} if behalf else {}) | {
        "case_id": str(columns["case_id"]),
        "seq": columns["seq"],
        "at": columns["at"].astimezone(UTC).isoformat(),
        "actor_kind": columns["actor_kind"],
        "actor": str(actor) if actor else None,
        "role": columns["role"],
        "step": columns["step"],
        "rule": columns["rule"],
        "source": columns["source"],
        "before": columns["before"],
        "after": columns["after"],
    }


def opened(
    vault: Vault, sealed: Sealed | None, case_id: UUID, row: UUID
) -> tuple[bytes, dict[str, Any]] | None:
    """What the commitment of the row with this id binds to, and the values; None: erased.

    Raises WrongKeyError, ValueError.
    """
    if sealed is None:
        return None
    plain = vault.open(sealed, case_id)
    binding, said = plain[:SALT], plain[SALT:]
    if said.startswith(WITH_ID):
        binding, said = binding + row.bytes, said.removeprefix(WITH_ID)
    values: dict[str, Any] = json.loads(said)
    return binding, values


def kept(vault: Vault, row: Mapping[str, Any]) -> Kept:
    """A log row as the rules verify it. Raises WrongKeyError, ValueError."""
    return Kept(
        seq=row["seq"],
        public=public_facts(row),
        commitment=row["commitment"],
        previous=row["previous"],
        hash=row["hash"],
        opened=opened(vault, row["sealed"], row["case_id"], row["id"]),
    )
