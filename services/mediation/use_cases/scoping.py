"""Which rows of the desk somebody sees: conditions, each one walk along an index."""

from sqlalchemy import ColumnElement, and_, or_, true

from services.mediation.tables import CaseRow
from services.mediation.use_cases.allowing import Seen
from shared.units import within

MOST_WALKS = 20
"""Units that are walked one by one; more are filtered on the walk along their body."""


def in_one_go(seen: Seen, bodies: tuple[str, ...]) -> ColumnElement[bool]:
    """All cases of these bodies within reach, as one condition."""
    columns = CaseRow.__table__.c
    return and_(
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


def walks(seen: Seen, bodies: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """The same as conditions of which no two share a case; each has an index in desk order."""
    found: list[ColumnElement[bool]] = []
    for body in bodies:
        found += [CaseRow.body == body] if seen.reach.whole(body) else walks_in(seen, body)
    return found


def walks_in(seen: Seen, body: str) -> list[ColumnElement[bool]]:
    """The walks in a body of which only a part is within reach."""
    here = CaseRow.body == body
    units = seen.tree.reached(seen.reach, body)
    named = sorted(one for one in units if one is not None)
    found: list[ColumnElement[bool]] = [here & CaseRow.unit.is_(None)] if None in units else []
    if len(named) > MOST_WALKS:
        found.append(here & CaseRow.unit.in_(named))
    else:
        found += [here & (CaseRow.unit == one) for one in named]
    if mine := {owner for at, owner in seen.reach.owners if at in {"", body}}:
        elsewhere: ColumnElement[bool] = true()
        if units:
            others = CaseRow.unit.not_in(named) if named else CaseRow.unit.is_not(None)
            elsewhere = others if None in units else or_(CaseRow.unit.is_(None), others)
        found.append(and_(here, CaseRow.assignee.in_(mine), elsewhere))
    return found
