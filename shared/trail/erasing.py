"""What may lawfully have emptied a row: an erasure that the trail itself tells of (删除有据).

Whoever can write to the database can empty what is sealed; that leaves every hash as it was. So an
empty row counts as erased only where a chain, which nobody can forge without the key, tells that
its words were erased, and not before the row was written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from shared.trail.deeds import Deed
from shared.trail.said import Chain
from shared.trail.tables import AuditRow
from shared.work import Database

Row = Mapping[str, Any]
ERASABLE = frozenset({"case", "complaint", "letter", "search"})
"""Kinds of chains that belong to a complaint, or name who is in one: their words may have to go."""
ERASED = frozenset({Deed.ERASURE_DONE.value})
EMPTIED = frozenset({Deed.REQUEST_EMPTIED.value})
"""What empties the words of a person's request, whose chain is of the kind `retention`."""
NEVER: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Erasing:
    """How a log tells which of its rows may be empty."""

    told_in: Callable[[Row], Chain]
    """The chain that tells of the erasure of a row."""
    by: Callable[[Row], frozenset[str]]
    """What must have been done (codes of `Deed`); none: the row is never emptied."""


def erased_by(row: Row) -> frozenset[str]:
    """What empties a row of the trail: nothing, unless it belongs to a complaint or a request."""
    if row["kind"] == "retention":
        return EMPTIED
    return ERASED if row["kind"] in ERASABLE else NEVER


ITSELF = Erasing(told_in=lambda row: Chain(row["kind"], row["key"]), by=erased_by)
"""A chain of the trail tells of its own erasure, in a later row that is not empty."""


async def first_unexplained(
    database: Database, erasing: Erasing, empty: Sequence[Row]
) -> int | None:
    """The number of the first of these rows of one chain that nothing noted may have emptied."""
    if not empty:
        return None
    chain = erasing.told_in(empty[0])
    ours = (AuditRow.kind == chain.kind, AuditRow.key == chain.key, AuditRow.sealed.is_not(None))
    wanted = {action for row in empty for action in erasing.by(row)}
    statement = select(AuditRow.action, AuditRow.at).where(*ours, AuditRow.action.in_(wanted))
    async with database.reading() as session:
        told = [(row.action, row.at) for row in await session.execute(statement)]
    for row in empty:
        deeds = erasing.by(row)
        if not any(action in deeds and at >= row["at"] for action, at in told):
            return int(row["seq"])
    return None
