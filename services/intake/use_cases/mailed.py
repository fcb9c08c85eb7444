"""How many codes of one kind went out within a day: about a complaint, and to an address."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from services.intake.domain.second_code import MOST_TO_ONE
from services.intake.tables import MailedCodeRow
from services.intake.use_cases.noting import A_DAY
from shared.work import Work


@dataclass(frozen=True)
class Limits:
    """What one complaint may have of codes for a purpose."""

    purpose: str
    between: timedelta
    """From one to the next."""
    most: int
    """Within a day."""


async def enough(work: Work, complaint_id: UUID, to_mac: bytes, limits: Limits) -> bool:
    """Whether no more codes go out for now: about this complaint, or to this address.

    Of the complaint nobody else decides meanwhile; to an address each process may add one.
    """
    mine = MailedCodeRow.complaint_id == complaint_id
    theirs = MailedCodeRow.to_mac == to_mac
    mailed = select(
        func.count().filter(mine),
        func.max(MailedCodeRow.mailed_at).filter(mine),
        func.count().filter(theirs),
    ).where(
        or_(mine, theirs),
        MailedCodeRow.purpose == limits.purpose,
        MailedCodeRow.mailed_at > work.now - A_DAY,
    )
    here, last, there = (await work.session.execute(mailed)).one()
    soon = last is not None and work.now - last < limits.between
    return bool(soon or here >= limits.most or there >= MOST_TO_ONE)
