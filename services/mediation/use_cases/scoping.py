"""Which rows of the desk somebody sees: conditions, each one walk along an index."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, true

from services.mediation.tables import CaseRow
from services.mediation.use_cases.allowing import Seen
from shared.units import within

MOST_WALKS = 20
"""Units that are walked one by one; more are filtered on the walk along their body."""
Units = frozenset[UUID] | None
"""The units whose cases alone are wanted; None: wherever cases lie."""


def in_one_go(seen: Seen, bodies: tuple[str, ...], only: Units = None) -> ColumnElement[bool]:
    """All cases of these bodies within reach, as one condition."""
    columns = CaseRow.__table__.c
    reached = and_(
        columns.body.in_(bodies),
        within(
            seen.reach,
            seen.tree,
            bodies,
            body=columns.body,
            unit=columns.unit,
            owner=columns.assignee,
        ),
    )
    return reached if only is None else reached & columns.unit.in_(only)


def walks(seen: Seen, bodies: tuple[str, ...], only: Units = None) -> list[ColumnElement[bool]]:
    """The same as conditions of which no two share a case; each has an index in desk order."""
    found: list[ColumnElement[bool]] = []
    for body in bodies:
        if only is not None:
            found += walks_among(seen, body, only & seen.tree.under(body, ""))
        else:
            found += [CaseRow.body == body] if seen.reach.whole(body) else walks_in(seen, body)
    return found


def walks_among(seen: Seen, body: str, only: frozenset[UUID]) -> list[ColumnElement[bool]]:
    """The walks along some units of a body: those within reach, and own cases in the others."""
    here = CaseRow.body == body
    reached = only if seen.reach.whole(body) else only & seen.tree.reached(seen.reach, body)
    found = along(here, reached)
    mine = {owner for at, owner in seen.reach.owners if at in {"", body}}
    if mine and only - reached:
        found.append(and_(here, CaseRow.assignee.in_(mine), CaseRow.unit.in_(only - reached)))
    return found


def along(here: ColumnElement[bool], units: Iterable[UUID]) -> list[ColumnElement[bool]]:
    """One walk for each unit, or one for all where they are many."""
    named = sorted(units)
    if len(named) > MOST_WALKS:
        return [here & CaseRow.unit.in_(named)]
    return [here & (CaseRow.unit == one) for one in named]


def walks_in(seen: Seen, body: str) -> list[ColumnElement[bool]]:
    """The walks in a body of which only a part is within reach."""
    here = CaseRow.body == body
    units = seen.tree.reached(seen.reach, body)
    named = sorted(one for one in units if one is not None)
    found: list[ColumnElement[bool]] = [here & CaseRow.unit.is_(None)] if None in units else []
    found += along(here, named)
    if mine := {owner for at, owner in seen.reach.owners if at in {"", body}}:
        elsewhere: ColumnElement[bool] = true()
        if units:
            others = CaseRow.unit.not_in(named) if named else CaseRow.unit.is_not(None)
            elsewhere = others if None in units else or_(CaseRow.unit.is_(None), others)
        found.append(and_(here, CaseRow.assignee.in_(mine), elsewhere))
    return found
