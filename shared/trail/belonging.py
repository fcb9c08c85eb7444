"""Whose the things are that rows are about: what who audits one body may see, as conditions.

A body (机构) sees everything that was done to its own things, whoever did it, and what its people
did to nobody's things; what they did to another body's things, that body sees. What others did to
nobody's things is seen by who audits every body there is: where there is one body, that one's.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarResult, Select, and_, false, or_
from sqlalchemy.ext.asyncio import AsyncSession

from shared.trail.deeds import Deed
from shared.trail.keys import among, key_id
from shared.trail.tables import AuditRow

Ids = Select[Any]
"""A statement with one column of ids."""
OWNED = frozenset(
    ("staff", "session", "unit", "role", "token", "case", "complaint", "letter", "retention")
)
"""Kinds of chains that are each about one thing of one body. Other chains are nobody's."""
REFUSED = "refused"
"""The kind of chains that tell in what is sealed what somebody tried to get at."""
NAMES_BODIES = (
    Deed.STAFF_ENDED.value,
    Deed.STAFF_STANDIN_BEGUN.value,
    Deed.STAFF_STANDIN_ENDED.value,
    Deed.CASES_EXPORTED.value,
)
"""What is noted with an account and may touch another body, as does all that is done with roles."""
ROLES = "role."
TRIED = {"account": "staff", "person": "staff", "request": "retention", "session": "login"}
"""What a refusal calls things, where chains call them something else."""


@dataclass(frozen=True)
class Belonging:
    """How a service tells whose the things of one kind are."""

    of_bodies: Callable[[Collection[str]], Ids]
    """The ids of theirs: one column, the key of its table."""
    of_complaint: Callable[[UUID], Ids] | None = None
    """The ids of those that belong to a complaint; None: no complaint has any."""
    by_code: bool = False
    """Whether a chain of this kind may also be about a body itself, by its code."""
    number: Any = None
    """The column with their public numbers, by which addresses name them; None: they have none."""


Things = Mapping[str, Belonging]
"""What a service knows, by kind of chain. Of a kind that it does not know it shows a body nothing.
"""


def about_theirs(kind: str, belonging: Belonging, bodies: Collection[str]) -> ColumnElement[bool]:
    """Rows of one kind that are about a thing of these bodies."""
    ids = belonging.of_bodies(bodies)
    [column] = ids.selected_columns
    theirs: ColumnElement[bool] = ids.where(column == key_id()).exists()
    if belonging.by_code:
        theirs = or_(theirs, AuditRow.key.in_(list(bodies)))
    return and_(AuditRow.kind == kind, theirs)


def of_bodies(
    things: Things, bodies: Collection[str], staff: Collection[UUID] | None
) -> ColumnElement[bool]:
    """Rows about things of these bodies, and what their staff did to nobody's; None: anybody."""
    theirs = [about_theirs(kind, belonging, bodies) for kind, belonging in things.items()]
    nobodys: ColumnElement[bool] = AuditRow.kind.not_in(OWNED)
    if staff is not None:
        by = or_(among(AuditRow.doer, staff), among(AuditRow.for_id, staff))
        nobodys = and_(nobodys, by)
    return or_(false(), *theirs, nobodys)


def perhaps() -> ColumnElement[bool]:
    """Other rows that tell only in what is sealed whether they touch a body: see `touched`."""
    action = AuditRow.action
    naming = or_(action.startswith(ROLES), action.in_(NAMES_BODIES))
    return or_(and_(AuditRow.kind == "staff", naming), AuditRow.kind == REFUSED)


Said = Mapping[str, Any]


def bodies_named(said: Said | None) -> frozenset[str]:
    """The bodies that something was done in, as its row says it."""
    values = said or {}
    several = values.get("bodies")
    named = [*(several if isinstance(several, list) else ()), values.get("body")]
    return frozenset(body for body in named if isinstance(body, str) and body)


Aim = tuple[str, UUID] | str
"""What a refusal was aimed at: a thing by kind of chain and id, or a public number."""


def tried(said: Said | None) -> Aim | None:
    """What a refusal was aimed at; None where that is not known."""
    values = (said or {}).get("tried")
    if not isinstance(values, Mapping):
        return None
    kind = str(values.get("kind"))
    text = str(values.get("id") or values.get("named") or "")
    try:
        return TRIED.get(kind, kind), UUID(text)
    except ValueError:
        return text or None


async def touched(
    session: AsyncSession, things: Things, bodies: Collection[str], rows: Sequence[Said | None]
) -> list[bool]:
    """Of rows by what they say: whether each names one of these bodies, or a thing of theirs."""
    aims = [tried(one) for one in rows]
    theirs: set[Aim] = set()
    for kind, belonging in things.items():
        theirs |= await aimed_at(session, kind, belonging.of_bodies(bodies), aims)
        if belonging.number is not None:
            numbers = {one for one in aims if isinstance(one, str)}
            theirs |= await numbered(session, belonging.of_bodies(bodies), belonging, numbers)
    return [
        aim in theirs or not bodies_named(said).isdisjoint(bodies)
        for said, aim in zip(rows, aims, strict=True)
    ]


async def aimed_at(
    session: AsyncSession, kind: str, theirs: Ids, aims: Sequence[Aim | None]
) -> set[Aim]:
    """Those of the aims that are things of a kind, and theirs."""
    ids = [one[1] for one in aims if isinstance(one, tuple) and one[0] == kind]
    if not ids:
        return set()
    [column] = theirs.selected_columns
    answer: ScalarResult[UUID] = await session.scalars(theirs.where(column.in_(ids)))
    return {(kind, one) for one in answer}


async def numbered(
    session: AsyncSession, theirs: Ids, belonging: Belonging, numbers: Collection[str]
) -> set[Aim]:
    """Those of the numbers that are numbers of theirs."""
    if not numbers:
        return set()
    found = theirs.with_only_columns(belonging.number).where(belonging.number.in_(numbers))
    return set(await session.scalars(found))
