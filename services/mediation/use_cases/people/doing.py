"""Who changes people and units, and by whose right."""

from dataclasses import replace
from typing import NamedTuple

from services.mediation.tables import StaffRow
from shared import trail
from shared.acting import Staff
from shared.rights import EVERYTHING, Action, Rights, Thing
from shared.trail import Doer


class By(NamedTuple):
    """Who acts, and what they may do."""

    rights: Rights
    doer: Doer


def by_of(who: Staff) -> By:
    """Whoever a session or a token belongs to."""
    return By(who.rights, Doer.of(who))


CONSOLE = By(EVERYTHING, trail.CONSOLE)
"""Whoever sits at the machine itself."""


def allowed(by: By, action: Action, thing: Thing) -> Doer:
    """The doer as the trail names them: with whom they stand in for, where it is that one's right.

    Raises NotAllowedError.
    """
    return by.doer.using(by.rights.used(action, by.doer.id, thing))


def for_person(doer: Doer, person: StaffRow) -> Doer:
    """Who does for a colleague what that one cannot: both names stand in the trail (代办)."""
    return replace(doer, for_id=person.id, for_name=person.display)
