"""Finding a complaint: with number and query code, or as staff."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.errors import NoSuchComplaintError
from services.intake.domain.standing import Heard, Standing, standing
from services.intake.tables import AttachmentRow, ComplaintRow, PublicStepRow
from services.intake.use_cases.codes import is_code_of
from services.intake.use_cases.placing import place_of
from shared.kernel import Tried
from shared.text import normal_number
from shared.trail import Deed
from shared.units import Sight
from shared.vault import Vault

NOBODY = UUID(int=0)
ALL = Sight()


async def with_code(session: AsyncSession, vault: Vault, number: str, code: str) -> ComplaintRow:
    """The complaint with this number, for whoever knows its query code.

    Raises NoSuchComplaintError, the same after the same work, whether number or code is wrong.
    """
    row = await by_number(session, number)
    identity, generation = (row.id, row.code_generation) if row else (NOBODY, 1)
    if not is_code_of(vault, identity, generation, code) or row is None:
        wrong = NoSuchComplaintError("编号和查询码对不上，请对照回执再看一遍。")
        raise wrong.telling(tried(row, number), Deed.CODE_WRONG.value)
    return row


def tried(row: ComplaintRow | None, number: str) -> Tried:
    """Which complaint somebody wanted to get at; the trail keeps a hash of a wrong number."""
    return Tried("complaint", row.id if row else None, normal_number(number) or number)


async def by_number(session: AsyncSession, number: str) -> ComplaintRow | None:
    """The complaint with this public number, however loosely typed."""
    wanted = select(ComplaintRow).where(ComplaintRow.number == (normal_number(number) or ""))
    return (await session.scalars(wanted)).one_or_none()


async def seen_by_number(session: AsyncSession, number: str, sees: Sight) -> ComplaintRow:
    """The complaint with this number, for whoever may see it.

    Raises NoSuchComplaintError, the same whether there is none or it is out of reach.
    """
    row = await by_number(session, number)
    if row is None or not sees.admits(place_of(row)):
        raise unknown(number).beyond("complaint", row.id if row else None)
    return row


def unknown(typed: str) -> NoSuchComplaintError:
    """What was typed is told again only where it is a public number: else it may be a name."""
    number = normal_number(typed)
    if number is None:
        return NoSuchComplaintError("没有这样的投诉：编号写错了，或者不在您的范围里。")
    return NoSuchComplaintError("没有编号为“{number}”的投诉。", number=number)


async def by_id(session: AsyncSession, identity: UUID, sees: Sight = ALL) -> ComplaintRow:
    """The complaint with this id, for whoever may see it.

    Raises NoSuchComplaintError, the same whether there is none or it is out of reach.
    """
    row = await session.get(ComplaintRow, identity)
    if row is None or not sees.admits(place_of(row)):
        error = NoSuchComplaintError("没有这件投诉，请检查网址。")
        raise error.beyond("complaint", row.id if row else None)
    return row


async def where_it_stands(session: AsyncSession, row: ComplaintRow) -> Standing:
    """What the one who complained may know of the case."""
    wanted = select(PublicStepRow).where(PublicStepRow.complaint_id == row.id)
    heard = [
        Heard(one.speaker, one.version, one.step, one.at, one.facts)
        for one in await session.scalars(wanted)
    ]
    return standing(row.received_at, row.withdrawn_at, heard)


async def files_of(session: AsyncSession, complaint_id: UUID) -> list[AttachmentRow]:
    """The files of a complaint, in the order they came."""
    wanted = select(AttachmentRow).where(AttachmentRow.complaint_id == complaint_id)
    return list(await session.scalars(wanted.order_by(AttachmentRow.added_at, AttachmentRow.id)))
