"""Accounts of the people who work here. A password is shown once, when it is made."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.accounts import MOST_NAME, BadAccountError, account_name
from services.mediation.domain.passwords import ONE_TIME
from services.mediation.tables import ApiTokenRow, GrantRow, SessionRow, StaffRow, SubjectRow
from services.mediation.use_cases.hashing import hashed_once, new_password
from shared.bodies import DEMO
from shared.clock import local_day
from shared.ids import uuid7
from shared.kernel import ConflictError, UnknownError
from shared.rights import ROLES, Role
from shared.text import clean, normal_name
from shared.trail import CONSOLE, Chain, Deed, Doer, Said, note
from shared.work import Work

ADMINISTRATOR, MEDIATOR = Role.ADMINISTRATOR.value, Role.MEDIATOR.value
FIRST_ROLES = (Role.ADMINISTRATOR, Role.SECRETARY_GENERAL)
"""What the very first account holds: somebody must begin, in all bodies; it is taken away later."""


class NameTakenError(ConflictError):
    """There is an account of this name."""


class NoSuchAccountError(UnknownError):
    """There is no account of this name."""


async def first_accounts(work: Work, demo: bool) -> list[tuple[str, str]]:  # noqa: FBT001 - the console's yes or no
    """The first accounts with their one-time passwords; empty where there are accounts already."""
    if await work.session.scalar(select(func.count()).select_from(StaffRow)):
        return []
    made = [("admin", await add_staff(work, "admin", display="管理员", role=ADMINISTRATOR))]
    admin = await account_of(work.session, "admin")
    more = [role for role in FIRST_ROLES if role != ADMINISTRATOR]
    await hold(work, admin.id, more)
    days = {"first_on": local_day(work.now), "last_on": None}
    for role in more:
        said = {"role": role.value, "body": "", "unit": None, **days}
        await note(work, Chain("staff", str(admin.id)), CONSOLE, Said(Deed.ROLE_GRANTED, said))
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
    doer: Doer = CONSOLE,
) -> str:
    """Add an account with one role where it works; its one-time password.

    Raises BadAccountError, NameTakenError.
    """
    if role not in ROLES:
        raise BadAccountError(
            "没有这种角色，可以写：{known}。", pointer="/role", known=", ".join(ROLES)
        )
    row, password = new_account(name, clean(display)[:MOST_NAME] or name, work.now)
    row |= {"body": body, "unit": unit, "phone": clean(phone)}
    await keep_account(work, row, doer, role=role)
    await hold(work, row["id"], [ROLES[role]], body, unit)
    return password


def new_account(name: str, display: str, now: datetime) -> tuple[dict[str, Any], str]:
    """The row of an account that works nowhere yet, and its one-time password.

    Raises BadAccountError.
    """
    password = new_password()
    row: dict[str, Any] = {
        "id": uuid7(),
        "name": account_name(name),
        "display": display,
        "body": "",
        "unit": None,
        "phone": "",
        "password": hashed_once(password),
        "must_change": True,
        "one_time_until": now + ONE_TIME,
        "created_at": now,
        "ended_at": None,
    }
    return row, password


async def keep_account(work: Work, row: dict[str, Any], doer: Doer, **more: Any) -> None:
    """Insert an account and note it. Raises NameTakenError."""
    if not await work.insert_new(StaffRow, [row], [StaffRow.id]):
        raise NameTakenError("这个账号已经有了，请换一个。", pointer="/name")
    await note(work, Chain("staff", str(row["id"])), doer, Said(Deed.STAFF_ADDED, told(row) | more))


def told(row: dict[str, Any]) -> dict[str, Any]:
    """What the trail keeps of an account."""
    return {name: row[name] for name in ("name", "display", "body", "unit")}


async def hold(  # noqa: PLR0913, PLR0917 - the columns of a grant
    work: Work,
    staff: UUID,
    roles: Sequence[Role],
    body: str = "",
    unit: UUID | None = None,
    last_on: date | None = None,
) -> None:
    """Let an account hold these roles from today on, to this day or until they are taken away.

    Notes nothing.
    """
    rows = [
        {
            "id": uuid7(),
            "staff_id": staff,
            "role": role.value,
            "body": body,
            "unit": unit,
            "first_on": local_day(work.now),
            "last_on": last_on,
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
        raise no_such_account()
    return found


def no_such_account() -> NoSuchAccountError:
    """What was typed is not told again: it may be anybody's name or telephone."""
    return NoSuchAccountError("没有这个账号，请核对账号怎么写。")


async def log_out_everywhere(work: Work, staff: UUID) -> int:
    """End somebody's sessions, and the tokens of their scripts; how many there were."""
    out = delete(SessionRow).where(SessionRow.staff_id == staff).returning(SessionRow.id)
    sessions = (await work.session.scalars(out)).all()
    theirs = ApiTokenRow.staff_id == staff, ApiTokenRow.ended_at.is_(None)
    over = update(ApiTokenRow).where(*theirs).values(ended_at=work.now).returning(ApiTokenRow.id)
    return len(sessions) + len((await work.session.scalars(over)).all())


async def signs_on(session: AsyncSession, staff: UUID) -> bool:
    """Whether somebody logs in by way of the provider (统一登录), and by no password."""
    linked = select(SubjectRow.staff_id).where(SubjectRow.staff_id == staff).limit(1)
    return await session.scalar(linked) is not None


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
