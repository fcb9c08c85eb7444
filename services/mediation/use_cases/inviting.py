"""Inviting a respondent (被投诉方) to see what is complained of: a link per case, and its code."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.case import State
from services.mediation.tables import CaseRow, InvitationRow
from services.mediation.use_cases.allowing import Caller
from services.mediation.use_cases.cases import case_of
from shared.ids import uuid7
from shared.kernel import ConflictError, Tried, UnknownError
from shared.rights import Action
from shared.terms import Kind
from shared.text import crockford, normal_crockford
from shared.trail import Chain, Deed, Doer, Said, note
from shared.vault import Vault
from shared.work import Database, Work

PURPOSE = "respondent-code"
"""The name of the key that codes are derived with."""
CODE, KEY = 12, 10
"""Characters: 60 bits of HMAC-SHA-256, and 50 random ones."""
NOBODY = UUID(int=0)
OPEN = (State.FORWARDED, State.REPLIED)
"""States in which a respondent has something to see and to do."""


class NothingToShowError(ConflictError):
    """The case was not forwarded yet, or it is over."""


class ReportSecretError(ConflictError):
    """Who is reported on (被举报人) may learn neither who reported nor how far it is."""


class NoSuchInvitationError(UnknownError):
    """Link and code do not belong together, or the invitation is over."""

    deed = Deed.INVITATION_WRONG.value


@dataclass(frozen=True)
class Invitation:
    """A fresh invitation; the code is shown once and can be made again from the id."""

    number: str
    key: str
    code: str = field(repr=False)
    expires_at: datetime


def code_of(vault: Vault, identity: UUID) -> str:
    """The code of an invitation."""
    mac = vault.mac(PURPOSE, identity.bytes)
    return crockford(int.from_bytes(mac[:8], "big") >> 4, CODE)


async def invite(database: Database, name: str, caller: Caller, days: int) -> Invitation:
    """Invite the respondent of a case; an earlier invitation is over.

    Who invites waits for whoever invites at the same moment, so that one invitation alone is good.
    Raises NoSuchCaseError, NotAllowedError, NothingToShowError, ReportSecretError.
    """
    async with database.work() as work:
        case = await case_of(work.session, name, caller.sees)
        doer = caller.doing_with(Action.CASE_HANDLE, case)
        if case.kind == Kind.REPORT:
            raise ReportSecretError("举报的办理情况不能告诉被举报人，不能邀请。")
        await work.session.refresh(case, with_for_update=True)
        if not may_invite(case):
            raise NothingToShowError("转送以后、调解结束以前，才能邀请被投诉方。")
        await end_all(work, case.id)
        row: dict[str, Any] = {
            "id": uuid7(),
            "key": crockford(secrets.randbits(KEY * 5), KEY),
            "case_id": case.id,
            "made_by": doer.id,
            "made_at": work.now,
            "expires_at": work.now + timedelta(days=days),
            "used_at": None,
            "ended_at": None,
        }
        await work.insert(InvitationRow, [row])
        said = Said(Deed.INVITATION_MADE, {"expires_at": row["expires_at"]})
        await note(work, Chain("case", str(case.id)), doer, said)
        return Invitation(
            case.number, row["key"], code_of(work.vault, row["id"]), row["expires_at"]
        )


def may_invite(case: CaseRow) -> bool:
    """Whether a respondent may see this case now; a report (举报) never.

    市场监督管理投诉举报处理办法 art. 37.
    """
    return case.kind != Kind.REPORT and case.state in {one.value for one in OPEN}


async def end_all(work: Work, case_id: UUID) -> int:
    """End what invitations of a case there are; how many."""
    still = (InvitationRow.case_id == case_id) & InvitationRow.ended_at.is_(None)
    statement = update(InvitationRow).where(still).values(ended_at=work.now)
    options = {"synchronize_session": False}
    ended = await work.session.scalars(
        statement.returning(InvitationRow.id), execution_options=options
    )
    return len(ended.all())


async def end(database: Database, name: str, caller: Caller) -> CaseRow:
    """Take an invitation back. Raises NoSuchCaseError, NotAllowedError."""
    async with database.work() as work:
        case = await case_of(work.session, name, caller.sees)
        doer = caller.doing_with(Action.CASE_HANDLE, case)
        if await end_all(work, case.id):
            await note(work, Chain("case", str(case.id)), doer, Said(Deed.INVITATION_ENDED))
        return case


async def current(session: AsyncSession, case_id: UUID, now: datetime) -> InvitationRow | None:
    """The invitation of a case that is good now."""
    statement = select(InvitationRow).where(InvitationRow.case_id == case_id, good(now))
    found: InvitationRow | None = await session.scalar(statement.limit(1))
    return found


def good(now: datetime) -> Any:
    return InvitationRow.ended_at.is_(None) & (InvitationRow.expires_at > now)


def mediated() -> Any:
    """Whether the case is still where a respondent has something to do."""
    return CaseRow.state.in_([one.value for one in OPEN])


async def enter(database: Database, key: str, typed: str) -> InvitationRow:
    """The invitation, for whoever has its link and its code; the first time is noted.

    Raises NoSuchInvitationError, the same after the same work, whichever of the two is wrong.
    """
    async with database.work() as work:
        wanted = normal_crockford(key)
        named = (
            select(InvitationRow)
            .join(CaseRow, CaseRow.id == InvitationRow.case_id)
            .where(InvitationRow.key == wanted, good(work.now), mediated())
        )
        row: InvitationRow | None = await work.session.scalar(named)
        right = code_of(work.vault, row.id if row else NOBODY).encode()
        fits = hmac.compare_digest(right, normal_crockford(typed).encode("utf-8", "replace"))
        if row is None or not fits:
            wrong = NoSuchInvitationError(
                "链接和邀请码对不上，或者邀请已经结束。请对照邀请再看一遍。"
            )
            raise wrong.telling(Tried("case", row.case_id if row else None, wanted))
        if row.used_at is None and await is_first(work, row.id):
            doer = Doer("respondent")
            await note(work, Chain("case", str(row.case_id)), doer, Said(Deed.INVITATION_USED))
        return row


async def is_first(work: Work, identity: UUID) -> bool:
    """Whether nobody entered with an invitation before; of two at once, one is the first."""
    unused = (InvitationRow.id == identity) & InvitationRow.used_at.is_(None)
    statement = update(InvitationRow).where(unused).values(used_at=work.now)
    return await work.session.scalar(statement.returning(InvitationRow.id)) is not None


async def opened(
    session: AsyncSession, identity: UUID, now: datetime
) -> tuple[InvitationRow, CaseRow] | None:
    """The invitation that somebody has entered with, and its case; None once it is over."""
    statement = (
        select(InvitationRow, CaseRow)
        .join(CaseRow, CaseRow.id == InvitationRow.case_id)
        .where(InvitationRow.id == identity, good(now), mediated())
    )
    found = (await session.execute(statement)).one_or_none()
    return (found[0], found[1]) if found else None
