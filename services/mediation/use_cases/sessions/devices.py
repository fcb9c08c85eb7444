"""Which browsers an account knows, by marks in a cookie (see `domain.known_devices`)."""

import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from services.mediation.domain.known_devices import (
    HASH,
    RANDOM,
    Hashed,
    cookie_of,
    made,
    marks_in,
)
from services.mediation.tables import StaffRow
from services.mediation.use_cases.hashing import NOBODYS
from shared.vault import Vault

NOBODY = UUID(int=0)


def hashed_for(vault: Vault, account: StaffRow | None) -> Hashed:
    """The keyed hash of marks for an account and its password; as much work for nobody's."""
    staff, password = (account.id, account.password) if account else (NOBODY, NOBODYS)
    owner = staff.bytes + sha256(password.encode()).digest()
    return lambda body: vault.mac("device-mark", owner + body)[:HASH]


def known_by(vault: Vault, account: StaffRow | None, cookie: str, now: datetime) -> bytes | None:
    """The random part of the mark that fits the account; None: it does not know this browser."""
    hashed = hashed_for(vault, account)
    fitting = [one.random for one in marks_in(cookie) if one.fits(hashed, now)]
    return fitting[0] if fitting and account is not None else None


def remembered(vault: Vault, account: StaffRow, cookie: str, now: datetime) -> str:
    """The cookie of a browser that has just logged in, with a new mark; empty for no cookie.

    Each log-in makes a new mark, with a count of its own: what was copied before counts apart.
    """
    if account.password == NOBODYS:
        return ""
    hashed = hashed_for(vault, account)
    others = [one for one in marks_in(cookie) if not one.fits(hashed, now)]
    return cookie_of([made(secrets.token_bytes(RANDOM), hashed, now), *others])
