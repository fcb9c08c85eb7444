"""Legal holds (暂停删除): while one lies on a case, neither retention nor erasure touches it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.keeping.staying import Held
from services.mediation.tables import SEALED_HOLD, CaseRow, ErasureRow, HoldRow, StaffRow
from services.mediation.use_cases.privacy.errors import (
    DecidedAlreadyError,
    ReasonNeededError,
    WrongDayError,
)
from services.mediation.use_cases.privacy.listed import take_off
from shared.clock import local_day
from shared.ids import uuid7
from shared.rights import Action, Rights, Thing
from shared.text import clean
from shared.trail import Chain, Deed, Doer, Said, note
from shared.vault import Vault
from shared.work import Work

LONGEST = 500
MOST = 200


@dataclass(frozen=True)
class Officer:
    """Who acts, with their rights."""

    id: UUID
    doer: Doer
    rights: Rights

    def doing(self, action: Action, body: str) -> Doer:
        """Them as the trail keeps it, with whose right they use (代理). Raises NotAllowedError."""
        return self.doer.using(self.rights.used(action, self.id, Thing(body)))


async def set_hold(
    work: Work, case: CaseRow, reason: str, until: date | None, officer: Officer
) -> UUID:
    """Keep what there is of a case, until a day or until it is lifted.

    What was approved before it came goes: intake may have begun.
    Raises NotAllowedError, ReasonNeededError, WrongDayError, DecidedAlreadyError.
    """
    doer = officer.doing(Action.RETENTION_MANAGE, case.body)
    why = reason_in(reason)
    if until is not None and until < local_day(work.now):
        raise WrongDayError("最后一天不能早于今天。", pointer="/until")
    identity = uuid7()
    row = {
        "id": identity,
        "case_id": case.id,
        "body": case.body,
        "reason": work.vault.seal(why, SEALED_HOLD, identity),
        "until": until,
        "set_by": officer.id,
        "set_at": work.now,
        "lifted_by": None,
        "lifted_at": None,
    }
    await locked(work, case.id)
    if await work.session.get(ErasureRow, case.id):
        raise DecidedAlreadyError("这件案件已经批准删除，来不及暂停了。", pointer="/number")
    await work.insert(HoldRow, [row])
    await take_off(work, [case.id])
    said = Said(Deed.HOLD_SET.value, {"hold": identity, "until": until, "reason": why})
    await note(work, Chain("case", str(case.id)), doer, said)
    return identity


async def locked(work: Work, case: UUID) -> None:
    """Whoever sets a hold and whoever approves an erasure wait for each other at the case."""
    await work.session.execute(select(CaseRow.id).where(CaseRow.id == case).with_for_update())


def reason_in(text: str) -> str:
    """Raises ReasonNeededError."""
    why = clean(text)[:LONGEST]
    if not why:
        raise ReasonNeededError("请写明理由。", pointer="/reason")
    return why


async def holds_on(session: AsyncSession, cases: Collection[UUID]) -> dict[UUID, list[Held]]:
    """The holds on these cases."""
    wanted = select(HoldRow.case_id, HoldRow.until, HoldRow.lifted_at)
    found: dict[UUID, list[Held]] = defaultdict(list)
    for row in await session.execute(wanted.where(HoldRow.case_id.in_(cases))):
        found[row.case_id].append(Held(row.until, row.lifted_at is not None))
    return dict(found)


async def standing_holds(
    session: AsyncSession, bodies: Collection[str], today: date, before: UUID | None = None
) -> tuple[list[Any], UUID | None]:
    """The holds of these bodies that stand today, each with the number of its case and who set it.

    The newest first, those laid before another one if it is given; and where to go on from.
    """
    wanted = (
        select(HoldRow, CaseRow.number, StaffRow.display)
        .join(CaseRow, CaseRow.id == HoldRow.case_id)
        .outerjoin(StaffRow, StaffRow.id == HoldRow.set_by)
        .where(HoldRow.body.in_(bodies), HoldRow.lifted_at.is_(None))
        .where(or_(HoldRow.until.is_(None), HoldRow.until >= today))
        .order_by(HoldRow.id.desc())
        .limit(MOST + 1)
    )
    older = wanted.where(HoldRow.id < before) if before else wanted
    rows = list((await session.execute(older)).all())
    return rows[:MOST], rows[MOST - 1].HoldRow.id if len(rows) > MOST else None


def reason_of(vault: Vault, hold: HoldRow) -> str:
    """Why there is a hold; empty once the words of its case were erased."""
    return "" if hold.reason is None else vault.open_text(hold.reason, hold.id)
