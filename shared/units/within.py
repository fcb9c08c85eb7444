"""What is within reach, as a condition on rows."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from shared.rights import Reach
from shared.units.tree import Tree


def within(  # noqa: PLR0913 - a reach over a tree, and the columns that say where a row lies
    reach: Reach,
    tree: Tree,
    bodies: tuple[str, ...],
    *,
    body: ColumnElement[str],
    unit: ColumnElement[object],
    owner: ColumnElement[object] | None = None,
) -> ColumnElement[bool]:
    """Rows of these bodies that are within reach; `owner` where rows are in somebody's hands."""
    whole = [one for one in bodies if reach.whole(one)]
    found: list[ColumnElement[bool]] = [body.in_(whole)] if whole else []
    for one in bodies:
        if one in whole:
            continue
        units = tree.reached(reach, one)
        some = [unit.in_(units - {None})] if units - {None} else []
        if None in units:
            some.append(unit.is_(None))
        if owner is not None:
            mine = {held for at, held in reach.owners if at in {"", one}}
            some += [owner.in_(mine)] if mine else []
        if some:
            found.append(and_(body == one, or_(*some)))
    if reach.everywhere:
        return true()
    return or_(*found) if found else false()
