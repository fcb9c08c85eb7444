"""Log rows of stories: those of `services.mediation.use_cases.keeping`, spelled out for speed.

A test holds that their chains verify and that keeping would have written the same.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from json import JSONEncoder
from typing import Any

from deploy.demo.identity import new_id
from services.mediation.tables import SEALED_LOG
from services.mediation.use_cases.keeping import WITH_ID, Actor
from shared.trail.rows import SALT
from shared.vault import Vault

spelled = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode
quoted = lru_cache(maxsize=256)(spelled)


def log_row(
    vault: Vault, case: Mapping[str, Any], at: datetime, actor: Actor, entry: Mapping[str, Any]
) -> dict[str, Any]:
    """The next log row of a case; `entry`: step, rule, source, before, after, and the values."""
    identity, salt = new_id(at), os.urandom(SALT)
    said = spelled({k: v for k, v in entry["values"].items() if v is not None}).encode()
    commitment = sha256(salt + identity.bytes + said).digest()
    seq, case_id, previous = case["version"] + 1, case["id"], case["chain"]
    acting = f'"{actor.id}"' if actor.id else "null"
    public = (
        f'{{"actor":{acting},"actor_kind":"{actor.kind}","after":"{entry["after"]}",'
        f'"at":"{at.astimezone(UTC).isoformat()}","before":"{entry["before"]}",'
        f'"case_id":"{case_id}","role":"{actor.role}","rule":"{entry["rule"]}","seq":{seq},'
        f'"source":{quoted(entry["source"])},"step":"{entry["step"]}"}}'
    )
    return {
        "case_id": case_id,
        "seq": seq,
        "id": identity,
        "at": at,
        "actor_kind": actor.kind,
        "actor": actor.id,
        "behalf": None,
        "role": actor.role,
        "step": entry["step"],
        "rule": entry["rule"],
        "source": entry["source"],
        "before": entry["before"],
        "after": entry["after"],
        "commitment": commitment,
        "sealed": vault.seal(salt + WITH_ID + said, SEALED_LOG, case_id),
        "previous": previous,
        "hash": sha256(previous + public.encode() + commitment).digest(),
    }
