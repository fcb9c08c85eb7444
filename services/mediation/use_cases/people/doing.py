"""Who changes people and units, and by whose right."""

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.use_cases.staff import displays
from shared.rights import EVERYTHING, Action, Rights, Thing
from shared.trail import Doer
from shared.web import Staff


class By(NamedTuple):
    """Who acts, and what they may do."""

    rights: Rights
    doer: Doer


def by_of(who: Staff) -> By:
    """Whoever a session or a token belongs to."""
    return By(who.rights, Doer.of(who))


CONSOLE = By(EVERYTHING, Doer("console"))
"""Whoever sits at the machine itself."""


async def allowed(session: AsyncSession, by: By, action: Action, thing: Thing) -> Doer:
    """The doer as the trail names them: with whom they stand in for, where it is that one's right.

    Raises NotAllowedError.
    """
    used = by.rights.used(action, thing, by.doer.id)
    if used is None or used.holder == by.doer.id:
        return by.doer
    names = await displays(session, {used.holder})
    return replace(by.doer, for_id=used.holder, for_name=names.get(used.holder, ""))
