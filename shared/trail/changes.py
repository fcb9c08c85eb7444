"""What a service was told, its settings and rule packs: noted when it is not what it was before."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr
from pydantic_settings import BaseSettings
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.trail.chain import canonical
from shared.trail.deeds import Deed
from shared.trail.noting import note, taken
from shared.trail.rows import opened
from shared.trail.said import SYSTEM, Chain, Said
from shared.trail.tables import AuditRow
from shared.vault import Vault, WrongKeyError
from shared.work import Database

SECRET = re.compile(r"password|secret|token|sign|key", re.IGNORECASE)
"""What parameters of addresses are called that are nobody's business."""
HASH = 8


@dataclass(frozen=True)
class Told:
    """What holds from now on, and what the trail calls it."""

    chain: Chain
    facts: Mapping[str, Any] = field(repr=False)
    first: Deed
    changed: Deed


def settings_told(vault: Vault, service: str, settings: Sequence[BaseSettings]) -> Told:
    """All settings of a service, by the names of their environment variables."""
    facts = {
        f"{one.model_config.get('env_prefix', '')}{name.upper()}": spelled(vault, value)
        for one in settings
        for name, value in ((name, getattr(one, name)) for name in type(one).model_fields)
    }
    chain = Chain("setting", service)
    return Told(chain, facts, Deed.SETTINGS_NOTED, Deed.SETTING_CHANGED)


def pack_told(name: str, facts: Mapping[str, Any]) -> Told:
    """A rule pack that is applied."""
    return Told(Chain("pack", name), facts, Deed.PACK_APPLIED, Deed.PACK_CHANGED)


def spelled(vault: Vault, value: Any) -> str:
    """A setting as the trail keeps it: as it is, but for secrets and what is secret in addresses.

    Of these a keyed hash is kept: that they changed is seen, not to what.
    """
    if isinstance(value, SecretStr):
        return hashed(vault, value.get_secret_value())
    text = "" if value is None else str(value)
    return address(vault, text) if "://" in text else text


def address(vault: Vault, text: str) -> str:
    """An address whose password, and what its parameters keep secret, are hashed.

    What cannot be taken apart for certain is hashed as a whole.
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return hashed(vault, text)
    if not parts.scheme or "@" in parts.path + parts.query + parts.fragment:
        return hashed(vault, text)
    if not parts.netloc:
        return hashed(vault, text) if parts.query else text
    user, at, host = parts.netloc.rpartition("@")
    name, colon, password = user.partition(":")
    if colon:
        user = f"{name}:[{hashed(vault, password)}]"
    pairs = [
        f"{named}=[{hashed(vault, value)}]" if SECRET.search(named) and equals else one
        for one in parts.query.split("&")
        for named, equals, value in [one.partition("=")]
    ]
    return urlunsplit(parts._replace(netloc=f"{user}{at}{host}", query="&".join(pairs)))


def hashed(vault: Vault, secret: str) -> str:
    """A keyed hash of a secret; empty where there is none."""
    return vault.mac("setting", secret.encode())[:HASH].hex() if secret else ""


@dataclass
class NoteChanges:
    """A step that runs once: notes what a service was told, where that is new."""

    told: Callable[[Vault], Sequence[Told]]
    done: bool = field(default=False, init=False)
    __name__ = "note_changes"

    async def __call__(self, database: Database) -> int:
        """Nothing is ever left to do."""
        if not self.done:
            for one in self.told(database.vault):
                await note_if_new(database, one)
            self.done = True
        return 0


async def note_if_new(database: Database, told: Told) -> None:
    """Note it where the chain's last row says something else."""
    async with database.reading() as session:
        if await last_said(session, database.vault, told.chain) == told.facts:
            return
    async with database.work() as work:
        await taken(work, [told.chain])  # who starts at the same time waits here, and sees our row
        before = await last_said(work.session, work.vault, told.chain)
        if before is None:
            await note(work, told.chain, SYSTEM, Said(told.first, {"settings": told.facts}))
        elif before != told.facts:
            values = {"changed": changes(before, told.facts), "settings": told.facts}
            await note(work, told.chain, SYSTEM, Said(told.changed, values))


async def last_said(session: AsyncSession, vault: Vault, chain: Chain) -> Mapping[str, Any] | None:
    """What held until now; None where nothing was noted, or it was erased."""
    mine = (AuditRow.kind == chain.kind, AuditRow.key == chain.key)
    statement = select(AuditRow).where(*mine).order_by(AuditRow.seq.desc()).limit(1)
    row: AuditRow | None = await session.scalar(statement)
    try:
        found = opened(vault, row.sealed, row.id) if row else None
    except (WrongKeyError, ValueError):
        found = None
    said: Mapping[str, Any] | None = found[1]["said"].get("settings") if found else None
    return said


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What is another now, with what it was."""
    names = sorted({*before, *after})
    return {
        name: {"before": before.get(name), "after": after.get(name)}
        for name in names
        if canonical({"": before.get(name)}) != canonical({"": after.get(name)})
    }
