"""How a case stands as to its keeping: erased, on its way out, or held (暂停删除)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseWordsRow, ErasureRow
from services.mediation.use_cases.privacy.holds import holds_on


@dataclass(frozen=True)
class Keeping:
    """What whoever reads a case is told of its keeping; not why there is a hold."""

    erased: bool = False
    """Its words are gone; what is empty was not left empty."""
    going: bool = False
    """It was approved that they go; intake has yet to erase them."""
    why: str = ""
    """request or retention; empty where it was not approved here."""
    held: bool = False
    held_until: date | None = None
    """The last day of the longest hold; None: until it is lifted, or there is none."""

    @property
    def gone(self) -> bool:
        """Whether nobody can work with its words any more, or soon."""
        return self.erased or self.going


async def keeping_of(session: AsyncSession, case: UUID, today: date) -> Keeping:
    """How a case stands today."""
    ordered = await session.get(ErasureRow, case)
    empty = select(CaseWordsRow.words.is_(None)).where(CaseWordsRow.case_id == case)
    erased = bool(await session.scalar(empty))
    held = await holds_on(session, [case])
    days = [one.until for one in held.get(case, ()) if one.on(today)]
    return Keeping(
        erased=erased,
        going=ordered is not None and not erased,
        why=ordered.why if ordered else "",
        held=bool(days),
        held_until=None if None in days else max(filter(None, days), default=None),
    )
