"""One row of the trail for each thing done, in the transaction in which it is done."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol, Self
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from shared.bulk import is_postgres
from shared.ids import uuid7
from shared.tokens import CONSOLE
from shared.trail.chain import NOTHING_BEFORE, Kept, canonical, chained, commit_to
from shared.trail.deeds import DEEDS
from shared.trail.tables import SEALED, AuditHeadRow, AuditRow
from shared.vault import Sealed, Vault
from shared.work import Work, table_of

SALT = 16
HEADS = table_of(AuditHeadRow)
KINDS = frozenset(
    (
        "staff", "unit", "role", "setting", "pack", "case", "letter", "token", "key", "session",
        "audit", "refused", "checkpoint", "retention", "complaint", "notice", "figures",
    )
)  # fmt: skip
"""What chains there are: each thing of these has one of its own, so that nobody waits."""


class Chain(NamedTuple):
    """Whose history a row belongs to: a kind, and the id or code of one of that kind."""

    kind: str
    key: str


class Somebody(Protocol):
    """Who a session or a token says somebody is, as `shared.web.Staff`."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def display(self) -> str: ...
    @property
    def role(self) -> str: ...


@dataclass(frozen=True)
class Doer:
    """Who acts, and on whose behalf: both appear in the trail."""

    kind: str
    """staff, citizen, respondent, service, console or system."""
    id: UUID | None = None
    name: str = field(default="", repr=False)
    role: str = ""
    for_id: UUID | None = None
    """Whose right is used by a stand-in (代理), or for whom it is done (代办)."""
    for_name: str = field(default="", repr=False)

    @classmethod
    def of(cls, who: Somebody, for_id: UUID | None = None, for_name: str = "") -> Self:
        """The doer that a session or a service token proves."""
        kind = "staff"
        if who.role == "service":
            kind = "console" if who.name == CONSOLE else "service"
        return cls(kind, who.id, who.display or who.name, who.role, for_id, for_name)


SYSTEM = Doer("system")


@dataclass(frozen=True)
class Said:
    """What was done: a code of `Deed`, and what belongs to it; all of it is sealed."""

    action: str
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Noted(NamedTuple):
    """One thing to note."""

    chain: Chain
    doer: Doer
    said: Said


async def note(work: Work, chain: Chain, doer: Doer, said: Said) -> None:
    """Write one row at the end of a chain. It commits with the work, or neither does.

    Raises ValueError for a chain or an action that no list of ours has.
    """
    await note_all(work, [Noted(chain, doer, said)])


async def note_all(work: Work, noted: Sequence[Noted]) -> None:
    """Write many rows with three statements. Each chain stays locked until the work ends.

    Chains are taken in one order, so that two works never wait for each other crosswise; what is
    done together is therefore noted together, by one call.
    """
    if not noted:
        return
    for one in noted:
        check(one)
    heads = await taken(work, sorted({one.chain for one in noted}))
    rows = []
    for one in noted:
        seq, previous = heads[one.chain]
        row = audit_row(work.vault, one, seq + 1, (previous, work.now))
        heads[one.chain] = (row["seq"], row["hash"])
        rows.append(row)
    await work.insert(AuditRow, rows)
    await moved(work, heads)


def check(one: Noted) -> None:
    """Raises ValueError where no list has this kind of chain or this action."""
    if one.chain.kind not in KINDS or not one.chain.key:
        raise ValueError(f"There is no chain {one.chain.kind!r}, or it was not said which.")
    if one.said.action not in DEEDS:
        raise ValueError(f"No list of ours has the action {one.said.action!r}.")


Head = tuple[int, bytes]
"""The number and the hash of a chain's last row."""


async def taken(work: Work, chains: Sequence[Chain]) -> dict[Chain, Head]:
    """The heads of these chains, locked; new ones begin. In one statement."""
    fresh = [
        {"kind": one.kind, "key": one.key, "seq": 0, "hash": NOTHING_BEFORE, "mac": b""}
        for one in chains
    ]
    insert = upsert(work)(HEADS).values(fresh)
    locked = insert.on_conflict_do_update(
        index_elements=[HEADS.c.kind, HEADS.c.key], set_={"seq": HEADS.c.seq}
    ).returning(HEADS.c.kind, HEADS.c.key, HEADS.c.seq, HEADS.c.hash)
    found = await work.session.execute(locked)
    return {Chain(row.kind, row.key): (row.seq, row.hash) for row in found}


async def moved(work: Work, heads: Mapping[Chain, Head]) -> None:
    """Note where the chains end now."""
    rows = [head_row(work.vault, chain, *heads[chain]) for chain in sorted(heads)]
    insert = upsert(work)(HEADS).values(rows)
    new = {name: insert.excluded[name] for name in ("seq", "hash", "mac")}
    keys = [HEADS.c.kind, HEADS.c.key]
    await work.session.execute(insert.on_conflict_do_update(index_elements=keys, set_=new))


def upsert(work: Work) -> Any:
    """INSERT .. ON CONFLICT, which both databases have and SQLAlchemy has for each."""
    return postgresql.insert if is_postgres(work.session) else sqlite.insert


def head_row(vault: Vault, chain: Chain, seq: int, last: bytes) -> dict[str, Any]:
    """The columns of a head."""
    facts = {"kind": chain.kind, "key": chain.key, "seq": seq, "hash": last}
    return facts | {"mac": head_mac(vault, chain, seq, last)}


def head_mac(vault: Vault, chain: Chain, seq: int, last: bytes) -> bytes:
    """What only who has the key can write under a head (32 bytes of HMAC-SHA-256)."""
    said = {"kind": chain.kind, "key": chain.key, "seq": seq, "hash": last.hex()}
    return vault.mac("trail-head", canonical(said))


def audit_row(vault: Vault, one: Noted, seq: int, before: tuple[bytes, datetime]) -> dict[str, Any]:
    """The columns of the next row; `before`: the hash it is chained to, and the time."""
    previous, now = before
    chain, doer, said = one
    columns: dict[str, Any] = {
        "kind": chain.kind,
        "key": chain.key,
        "seq": seq,
        "id": uuid7(),
        "at": now,
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
        "previous": previous,
        "hash": chained(previous, public_facts(columns), commitment),
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
