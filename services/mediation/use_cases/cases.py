"""A case by what it is called: its id, its complaint's id or its number."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseRow
from services.mediation.use_cases.allowing import ALL, Seen
from shared.kernel import UnknownError
from shared.text import clean, normal_number


class NoSuchCaseError(UnknownError):
    """No case of this id or number, or none that the person may see."""


async def case_of(session: AsyncSession, name: str, seen: Seen = ALL) -> CaseRow:
    """A case by its id, its complaint's id or its number, if it is within reach.

    Raises NoSuchCaseError; the trail is told of a case beyond reach.
    """
    key = key_in(name)
    if isinstance(key, UUID):
        wanted: Any = or_(CaseRow.id == key, CaseRow.complaint_id == key)
    else:
        wanted = CaseRow.number == key
    case: CaseRow | None = await session.scalar(select(CaseRow).where(wanted))
    if case is None or not seen.admits(case):
        raise no_such_case(name).beyond("case", case.id if case else None)
    return case


def key_in(name: str) -> UUID | str:
    """What a case is called by: an id of its own or of its complaint, else a number."""
    name = clean(name)
    try:
        return UUID(name)
    except ValueError:
        return normal_number(name) or name


def no_such_case(name: str) -> NoSuchCaseError:
    """What was typed is told again only where it is a public number: else it may be a name."""
    number = normal_number(clean(name))
    if number is None:
        return NoSuchCaseError("没有这样的案件：编号写错了，或者不在您的范围里。")
    return NoSuchCaseError("没有编号为「{number}」的案件。", number=number)
