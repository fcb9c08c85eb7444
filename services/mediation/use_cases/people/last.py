"""The last administrator of everything stays: without one nobody could manage accounts."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import GrantRow, StaffRow, SubjectRow
from shared.clock import local_day
from shared.kernel import ConflictError
from shared.rights import Role
from shared.work import Work


class LastAdministratorError(ConflictError):
    """Without this one nobody could manage accounts any more."""


def of_everything() -> Select[GrantRow]:
    """The grants by which somebody manages all bodies, in one order."""
    return (
        select(GrantRow)
        .where(
            GrantRow.role == Role.ADMINISTRATOR.value,
            GrantRow.body == "",
            GrantRow.ended_at.is_(None),
        )
        .order_by(GrantRow.id)
    )


async def line_up(session: AsyncSession) -> None:
    """Wait for whoever else takes roles away: two do not end each other at the same time."""
    await session.execute(of_everything().with_for_update())


async def check_not_last(work: Work, ending: Sequence[GrantRow]) -> None:
    """Raises LastAdministratorError where no other administrator of everything would be left."""
    gone = {one.id for one in ending if one.role == Role.ADMINISTRATOR and one.body == ""}
    if not gone:
        return
    today = local_day(work.now)
    renewed = GrantRow.staff_id.in_(select(SubjectRow.staff_id))  # at each sign-on
    others = of_everything().where(
        GrantRow.id.not_in(gone),
        GrantRow.first_on <= today,
        GrantRow.last_on.is_(None) | (renewed & (GrantRow.last_on >= today)),
        GrantRow.staff_id.in_(select(StaffRow.id).where(StaffRow.ended_at.is_(None))),
    )
    if await work.session.scalar(others.limit(1)) is None:
        raise LastAdministratorError(
            "这是最后一位管理全部机构的管理员。请先给另一个人授予管理员角色。"
        )
