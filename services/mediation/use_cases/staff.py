"""Accounts of the people who work here. A password is shown once, when it is made."""

import asyncio
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.settings import MediationSettings
from services.mediation.tables import GrantRow, SessionRow, StaffRow
from shared.bodies import DEMO
from shared.clock import local_day
from shared.ids import uuid7
from shared.kernel import ConflictError, RuleError, UnknownError
from shared.rights import ROLES, Role
from shared.text import clean, normal_name
from shared.work import Work

ADMINISTRATOR, MEDIATOR = Role.ADMINISTRATOR.value, Role.MEDIATOR.value
FIRST_ROLES = (Role.ADMINISTRATOR, Role.SECRETARY_GENERAL)
"""What the very first account holds: somebody must begin, in all bodies; it is taken away later."""
MOST_NAME = 60
NAMES = re.compile(r"[\w.@-]{2,40}")
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id with the least that OWASP advises: 19 MiB, two passes, one lane."""


class NameTakenError(ConflictError):
    """There is an account of this name."""


class NoSuchAccountError(UnknownError):
    """There is no account of this name."""


class BadAccountError(RuleError):
    """An account that cannot be: its name or role."""


@cache
def turns(loop: Any) -> asyncio.Semaphore:
    """How many passwords may be hashed at the same time, so that log-ins starve nobody."""
    return asyncio.Semaphore(MediationSettings().hashing_at_once)


async def hashed(password: str) -> str:
    """The hash of a password, made in a thread."""
    async with turns(asyncio.get_running_loop()):
        return await asyncio.to_thread(HASHER.hash, as_bytes(password))


async def fits(password: str, kept: str) -> bool:
    """Whether a password has this hash; the same work whatever the answer."""
    async with turns(asyncio.get_running_loop()):
        return await asyncio.to_thread(verified, password, kept)


def verified(password: str, kept: str) -> bool:
    try:
        return HASHER.verify(kept, as_bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def as_bytes(password: str) -> bytes:
    """Whatever was typed, as bytes."""
    return password.encode("utf-8", "surrogatepass")


def new_password() -> str:
    """A password to print once: four groups of four letters, about 79 bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


async def first_accounts(work: Work, demo: bool) -> list[tuple[str, str]]:  # noqa: FBT001 - the console's yes or no
    """The first accounts with their one-time passwords; empty where there are accounts already."""
    if await work.session.scalar(select(func.count()).select_from(StaffRow)):
        return []
    made = [("admin", await add_staff(work, "admin", display="管理员", role=ADMINISTRATOR))]
    admin = await account_of(work.session, "admin")
    await hold(work, admin.id, [role for role in FIRST_ROLES if role != ADMINISTRATOR])
    if demo:
        mediator: dict[str, Any] = {
            "display": "林调解员",
            "role": MEDIATOR,
            "body": DEMO.code,
            "phone": DEMO.phone,
        }
        made.append(("demo", await add_staff(work, "demo", **mediator)))
    return made


async def add_staff(  # noqa: PLR0913 - the columns of an account
    work: Work,
    name: str,
    *,
    display: str,
    role: str,
    body: str = "",
    unit: UUID | None = None,
    phone: str = "",
) -> str:
    """Add an account with one role where it works; its one-time password.

    Raises BadAccountError, NameTakenError.
    """
    key = normal_name(name)
    if not NAMES.fullmatch(key):
        raise BadAccountError("账号要2到40个字，只用文字、数字和 . - _ @。", pointer="/name")
    if role not in ROLES:
        raise BadAccountError("没有「{role}」这种角色。", pointer="/role", role=role)
    shown = clean(display)[:MOST_NAME] or name
    password = new_password()
    row: dict[str, Any] = {
        "id": uuid7(),
        "name": key,
        "display": shown,
        "body": body,
        "unit": unit,
        "phone": clean(phone),
        "password": await hashed(password),
        "must_change": True,
        "created_at": work.now,
        "ended_at": None,
    }
    if not await work.insert_new(StaffRow, [row], [StaffRow.id]):
        raise NameTakenError("账号「{name}」已经有了。", pointer="/name", name=name)
    await hold(work, row["id"], [ROLES[role]], body, unit)
    return password


async def hold(
    work: Work, staff: UUID, roles: Sequence[Role], body: str = "", unit: UUID | None = None
) -> None:
    """Let an account hold these roles from today on, until they are taken away."""
    rows = [
        {
            "id": uuid7(),
            "staff_id": staff,
            "role": role.value,
            "body": body,
            "unit": unit,
            "first_on": local_day(work.now),
            "last_on": None,
            "granted_by": None,
            "granted_at": work.now,
            "ended_at": None,
        }
        for role in roles
    ]
    await work.insert(GrantRow, rows)


async def account_of(session: AsyncSession, name: str) -> StaffRow:
    """Raises NoSuchAccountError."""
    found: StaffRow | None = await session.scalar(
        select(StaffRow).where(StaffRow.name == normal_name(name))
    )
    if found is None:
        raise NoSuchAccountError("没有账号「{name}」。", name=name)
    return found


async def change_phone(work: Work, name: str, phone: str) -> None:
    """Another office phone, for letters made from now on. Raises NoSuchAccountError."""
    account = await account_of(work.session, name)
    account.phone = clean(phone)


async def end_staff(work: Work, name: str) -> None:
    """End an account and all its sessions. Raises NoSuchAccountError."""
    account = await account_of(work.session, name)
    account.ended_at = work.now
    await log_out_everywhere(work, account.id)


async def reset_staff(work: Work, name: str) -> str:
    """A new one-time password; whoever was logged in is out. Raises NoSuchAccountError."""
    account = await account_of(work.session, name)
    password = new_password()
    account.password, account.must_change, account.ended_at = await hashed(password), True, None
    await log_out_everywhere(work, account.id)
    return password


async def log_out_everywhere(work: Work, staff: UUID) -> None:
    await work.session.execute(delete(SessionRow).where(SessionRow.staff_id == staff))


async def colleagues(session: AsyncSession, body: str) -> Sequence[StaffRow]:
    """Who works for a body now, those for all bodies included; empty body: everybody."""
    statement = select(StaffRow).where(StaffRow.ended_at.is_(None)).order_by(StaffRow.name)
    if body:
        statement = statement.where(StaffRow.body.in_(["", body]))
    return (await session.scalars(statement)).all()


async def displays(session: AsyncSession, ids: set[UUID]) -> dict[UUID, str]:
    """The names of colleagues as people know them."""
    if not ids:
        return {}
    statement = select(StaffRow.id, StaffRow.display).where(StaffRow.id.in_(ids))
    return {row.id: row.display for row in await session.execute(statement)}


def is_active(account: StaffRow, now: datetime) -> bool:
    """Whether somebody still works here."""
    return account.ended_at is None or account.ended_at > now
