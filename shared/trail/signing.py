"""The end of the trail, signed, to be given to somebody outside: history cannot be rewritten then.

Ed25519 (RFC 8032) over the canonical JSON of everything but the signature. The key derives from
the root of the vault, for this purpose alone, and never changes; its public half is noted down
outside (`redress audit key`), because who rewrites history could sign with another key.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from shared.trail.chain import canonical
from shared.trail.checkpoints import FIRST, newest, set_checkpoint
from shared.trail.logs import Log
from shared.trail.tables import CheckpointRow
from shared.vault import Vault
from shared.work import Database

FORMAT = "redress-trail-head/1"
PURPOSE = "trail-signing"
AT_ONCE = timedelta(0)
Facts = dict[str, Any]


class NotSignedError(Exception):
    """A file that is no signed head, or was changed after it was signed."""


def key_of(vault: Vault) -> Ed25519PrivateKey:
    """The key that signs."""
    return Ed25519PrivateKey.from_private_bytes(vault.derived(PURPOSE))


def public_key(vault: Vault) -> dict[str, str]:
    """What is noted down outside: the key's id and its public half."""
    raw = key_of(vault).public_key().public_bytes_raw()
    return {"key_id": id_of(raw), "public_key": base64.b64encode(raw).decode()}


def id_of(public: bytes) -> str:
    """The id of a key: the start of the hash of its public half."""
    return sha256(public).hexdigest()[:16]


async def head_of(database: Database, logs: Sequence[Log]) -> Facts:
    """Where a service's trail ends now: a fresh checkpoint, and the chains that grew since."""
    await set_checkpoint(database, logs, AT_ONCE)
    last = await newest(database)
    chains = []
    for log in logs:
        async with database.reading() as session:
            rows = await session.execute(log.newest(last.until if last else FIRST))
            chains += [[log.name, *map(str, row[:-1]), bytes(row[-1]).hex()] for row in rows]
    return {"checkpoint": said(last) if last else None, "chains": sorted(chains)}


def said(checkpoint: CheckpointRow) -> Facts:
    """A checkpoint as it is signed."""
    return {
        "number": checkpoint.number,
        "until": str(checkpoint.until),
        "rows": checkpoint.rows,
        "digest": checkpoint.digest.hex(),
        "at": checkpoint.at.astimezone(UTC).isoformat(),
    }


def signed(vault: Vault, services: Mapping[str, Facts], now: datetime) -> Facts:
    """The document that is given away."""
    made_at = now.astimezone(UTC).isoformat()
    facts = {"format": FORMAT, "made_at": made_at, **public_key(vault), "services": dict(services)}
    signature = key_of(vault).sign(canonical(facts))
    return facts | {"signature": base64.b64encode(signature).decode()}


def check(vault: Vault, document: Any) -> Facts:
    """What each service had signed. Raises NotSignedError where it is not as we signed it."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise NotSignedError("The file is no signed head of a trail (`redress audit head`).")
    known = public_key(vault)
    if document.get("public_key") != known["public_key"]:
        key = document.get("key_id")
        raise NotSignedError(
            f"The file was signed with the key {key}; this installation signs with the key "
            f"{known['key_id']}. Compare both with the one that was noted down outside."
        )
    facts = {name: value for name, value in document.items() if name != "signature"}
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(known["public_key"]))
    try:
        public.verify(base64.b64decode(str(document.get("signature"))), canonical(facts))
    except (InvalidSignature, ValueError):
        raise NotSignedError("The file was changed after it was signed.") from None
    services: Facts = facts["services"]
    return services


async def lost(database: Database, logs: Sequence[Log], then: Facts) -> list[Facts]:
    """What was signed for a service and is not there any more.

    A checkpoint stands for all that lay under it: that it still does is what `verify` counts.
    """
    found: list[Facts] = []
    async with database.reading() as session:
        if point := then["checkpoint"]:
            now = await session.get(CheckpointRow, point["number"])
            if now is None or said(now) != point:
                found.append(gone("log_checkpoints", [], point["number"]))
        for name, *place, last in then["chains"]:
            log = next(one for one in logs if one.name == name)
            if bytes(await session.scalar(log.row_at(place)) or b"").hex() != last:
                found.append(gone(name, place[:-1], int(place[-1])))
    return found


def gone(log: str, chain: Sequence[str], seq: int) -> Facts:
    """A row that is not what was signed, as `Findings` names rows."""
    return {"log": log, "chain": ":".join(chain), "seq": seq, "why": "signed"}
