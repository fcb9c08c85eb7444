"""Tokens for scripts (接口令牌): made and ended by whose they are; shown once, never kept."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.settings import MediationSettings
from services.mediation.tables import ApiTokenRow, StaffRow
from services.mediation.use_cases.sessions.kept import COARSE
from services.mediation.use_cases.sessions.told import facts_of
from services.mediation.use_cases.staff import is_active
from shared.acting import Staff
from shared.api_tokens import ACTIONS, SCOPES, WITHHELD, ApiToken, mint
from shared.ids import uuid7
from shared.kernel import ConflictError, RuleError, UnknownError, broken, raise_all
from shared.rights import Action
from shared.text import clean
from shared.trail import Chain, Deed, Doer, Said, note
from shared.work import Database, Work

MOST_NAME = 60
MOST_DAYS = 365
MOST = 50
"""Tokens that one person may have at the same time."""


class BadApiTokenError(RuleError):
    """A token that cannot be: its name, its days, or what it would be good for."""


class TooManyApiTokensError(ConflictError):
    """Somebody has as many tokens as one person may have."""


class NoSuchApiTokenError(UnknownError):
    """None of one's own tokens is called so, or it is over already."""


@dataclass(frozen=True)
class Wish:
    """A token as its owner wants it; `days` from now."""

    name: str
    scopes: Collection[str]
    days: int


async def make(work: Work, owner: Staff, wish: Wish) -> tuple[ApiTokenRow, str]:
    """A new token, and its text, which nobody sees again.

    Raises BadApiTokenError, TooManyApiTokensError.
    """
    only = checked(wish, owner)
    # The owner's row is locked so that two at once cannot both be the last one.
    await work.session.get_one(StaffRow, owner.id, with_for_update=True)
    if len(await my_tokens(work.session, owner.id, work.now)) >= MOST:
        raise TooManyApiTokensError("您已经有{most}个令牌，先停用不用的。", most=MOST)
    jti = secrets.token_urlsafe(16)
    row = ApiTokenRow(
        id=uuid7(),
        jti=kept(jti),
        staff_id=owner.id,
        name=clean(wish.name),
        scopes=sorted(one.value for one in only),
        created_at=work.now,
        expires_at=work.now + timedelta(days=wish.days),
    )
    work.session.add(row)
    facts = {"name": row.name, "scopes": row.scopes, "expires_at": row.expires_at}
    await note(work, chain(row.id), Doer.of(owner), Said(Deed.TOKEN_MADE, facts))
    said = ApiToken(jti, owner.id, only, row.expires_at.timestamp())
    return row, mint(work.vault, said, work.now)


def checked(wish: Wish, owner: Staff) -> frozenset[Action]:
    """What a token is good for.

    Raises BadApiTokenError where it cannot be, RuleErrors where several things are wrong.
    """
    faults = broken(check_name, wish.name) + broken(check_days, wish.days)
    raise_all(faults + broken(scopes_of, wish, owner))
    return scopes_of(wish, owner)


def check_name(name: str) -> None:
    """Raises BadApiTokenError."""
    if not 1 <= len(clean(name)) <= MOST_NAME:
        raise BadApiTokenError("给令牌起个名字，最多{most}个字。", pointer="/name", most=MOST_NAME)


def check_days(days: int) -> None:
    """Raises BadApiTokenError."""
    if not 1 <= days <= MOST_DAYS:
        raise BadApiTokenError("有效期是1到{most}天。", pointer="/days", most=MOST_DAYS)


def scopes_of(wish: Wish, owner: Staff) -> frozenset[Action]:
    """What of its owner's rights a token has. Raises BadApiTokenError."""
    only = frozenset(ACTIONS[one] for one in wish.scopes if one in ACTIONS)
    if not only or len(only) != len(set(wish.scopes)):
        raise BadApiTokenError("请选令牌可以做什么，至少一项。", pointer="/scopes")
    withheld = sorted(one.value for one in only & WITHHELD)
    if withheld:
        raise BadApiTokenError(
            "「{action}」不能交给令牌：管人、管权限、管密钥、删除信息和看举报人的事，"
            "要本人登录来办。",
            pointer="/scopes",
            action=ACTIONS[withheld[0]],
        )
    beyond = sorted(one.value for one in only if not owner.rights.may(one))
    if beyond:
        raise BadApiTokenError(
            "您自己不能做「{action}」，令牌也不能。", pointer="/scopes", action=ACTIONS[beyond[0]]
        )
    return only


def kept(jti: str) -> bytes:
    """What is kept of a token's own id."""
    return sha256(jti.encode("utf-8", "surrogatepass")).digest()


def chain(token: UUID) -> Chain:
    """Where the history of a token is written."""
    return Chain("token", str(token))


async def my_tokens(session: AsyncSession, staff: UUID, now: datetime) -> Sequence[ApiTokenRow]:
    """Somebody's tokens that live, the newest first."""
    statement = (
        select(ApiTokenRow)
        .where(ApiTokenRow.staff_id == staff, ApiTokenRow.ended_at.is_(None))
        .where(ApiTokenRow.expires_at > now)
        .order_by(ApiTokenRow.id.desc())
    )
    return (await session.scalars(statement)).all()


async def end(work: Work, owner: Staff, which: UUID) -> None:
    """End one of one's own tokens. Raises NoSuchApiTokenError."""
    mine = ApiTokenRow.id == which, ApiTokenRow.staff_id == owner.id, ApiTokenRow.ended_at.is_(None)
    ended = update(ApiTokenRow).where(*mine).values(ended_at=work.now).returning(ApiTokenRow.name)
    names = (await work.session.scalars(ended)).all()
    if not names:
        row = await work.session.get(ApiTokenRow, which)
        others = row.id if row and row.staff_id != owner.id else None
        raise NoSuchApiTokenError("没有这个令牌，可能已经停用了。").beyond("token", others)
    await note(work, chain(which), Doer.of(owner), Said(Deed.TOKEN_ENDED, {"name": names[0]}))


async def holder_of(
    session: AsyncSession, jti: str, now: datetime, settings: MediationSettings
) -> dict[str, Any] | None:
    """Who a token speaks for and what it is good for, in the words sisters read; None: nobody."""
    statement = (
        select(ApiTokenRow, StaffRow)
        .join(StaffRow, StaffRow.id == ApiTokenRow.staff_id)
        .where(ApiTokenRow.jti == kept(jti), ApiTokenRow.ended_at.is_(None))
        .where(ApiTokenRow.expires_at > now)
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None or not is_active(found[1], now):
        return None
    facts = await facts_of(session, found[1], now, settings)
    return facts | {"only": [one for one in found[0].scopes if one in SCOPES]}


async def note_used(database: Database, jti: str) -> None:
    """Note that a token is in use, once a minute at most."""
    now = database.clock()
    late = func.coalesce(ApiTokenRow.seen_at, ApiTokenRow.created_at) <= now - COARSE
    stale = ApiTokenRow.jti == kept(jti), ApiTokenRow.seen_at.is_(None) | late
    async with database.reading() as session:
        if await session.scalar(select(ApiTokenRow.id).where(*stale)) is None:
            return
    async with database.work(redone=True) as work:
        await work.session.execute(update(ApiTokenRow).where(*stale).values(seen_at=now))
