"""The second administrator: two people, each by a right of their own, neither the person concerned.

What gives power over people takes two of them: an important role, a way back into an account. A
stand-in (代理) is nobody's second, and the console needs none: whoever has the machine has it all.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import GrantRow, StaffRow
from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.holding import holds
from shared.kernel import ConflictError, ForbiddenError
from shared.rights import PERMISSIONS, ROLES, Action, Grant, Role, Thing
from shared.trail import Doer

POWERFUL = frozenset({Role.ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.AUDITOR})
"""Roles that nobody gives alone: who manages people, who sees reporters, who reads the trail."""
MANAGING = tuple(role.value for role in Role if Action.STAFF_MANAGE in PERMISSIONS[role])


class AloneError(ConflictError):
    """It takes two administrators, and there is nobody else: the console does it."""


class StandInError(ForbiddenError):
    """Whoever only stands in for an administrator is none: it takes the administrator."""


def is_console(by: By) -> bool:
    """Whether somebody sits at the machine itself."""
    return by.doer.kind == "console"


def in_person(by: By, *places: Thing) -> Doer:
    """The doer, who manages people in all these places by a right of their own.

    Raises NotAllowedError, StandInError.
    """
    doers = [allowed(by, Action.STAFF_MANAGE, place) for place in places]
    if any(doer.for_id is not None for doer in doers):
        raise StandInError("代理人不能办理这一项，要由管理员本人办理。")
    return doers[0]


async def managers_of(session: AsyncSession, places: Iterable[Thing], today: date) -> set[UUID]:
    """Who works here and manages people in all these places, by a right of their own."""
    statement = (
        select(GrantRow.staff_id, GrantRow.role, GrantRow.body, GrantRow.unit)
        .join(StaffRow, StaffRow.id == GrantRow.staff_id)
        .where(GrantRow.role.in_(MANAGING), holds(today), StaffRow.ended_at.is_(None))
    )
    held = [
        Grant(ROLES[row.role], row.staff_id, row.body, row.unit)
        for row in await session.execute(statement)
    ]
    found = {one.holder for one in held}
    for place in places:
        found &= {one.holder for one in held if one.reach(Action.STAFF_MANAGE).admits(place)}
    return found
