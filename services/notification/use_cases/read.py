"""Letters as lists and as one letter with all that happened to it. Nothing is changed here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.domain.facts import Facts
from services.notification.domain.number import read_number
from services.notification.domain.states import Action, State, may
from services.notification.tables import AttemptRow, LetterFileRow, LetterRow
from services.notification.use_cases.allowing import where_lies
from services.notification.use_cases.desk import NoSuchLetterError
from services.notification.use_cases.make import FACTS
from shared.text import clean, normal_number
from shared.units import Sight
from shared.vault import Vault
from shared.work import table_of

ALL = Sight()
PAGE = 50
TODO = frozenset({State.HELD, State.FAILED, State.TO_PRINT})
"""What waits for a person: shown by reply date, the nearest first."""


class Place(NamedTuple):
    """The letter at which a page ended; the next one goes on behind it."""

    letter: UUID
    reply_due: date | None = None
    """Its reply date, where the list runs by it; of other lists None."""


class Wanted(NamedTuple):
    """Which letters a list shows."""

    sees: Sight
    """What the reader may read."""
    bodies: tuple[str, ...]
    """All organisations."""
    states: frozenset[State] = frozenset()
    """Empty: every state."""
    q: str = ""
    """A document number or a case number."""

    @property
    def urgent_first(self) -> bool:
        return bool(self.states) and self.states <= TODO


@dataclass(frozen=True)
class Shown:
    """A letter and, unless they were erased or are not there yet, its facts."""

    row: LetterRow
    facts: Facts | None

    @property
    def may(self) -> tuple[Action, ...]:
        """What a person may do with it now."""
        return may(State(self.row.state))


@dataclass(frozen=True)
class Listed:
    """One page of a list, and where the next one begins."""

    items: list[Shown]
    next: Place | None = None


@dataclass(frozen=True)
class Whole:
    """One letter with its attempts, and the SHA-256 of its kept PDF if there is one."""

    shown: Shown
    attempts: Sequence[AttemptRow] = field(default=())
    sha256: str | None = None


def opened(vault: Vault, row: LetterRow) -> Shown:
    """A letter with its facts opened."""
    sealed = row.facts
    return Shown(row, FACTS.validate_json(vault.open(sealed, row.id)) if sealed else None)


async def list_letters(
    session: AsyncSession, vault: Vault, wanted: Wanted, after: Place | None = None
) -> Listed:
    """A page of letters: newest first, or by reply date where a person must act."""
    rows = select(LetterRow).where(*conditions(wanted))
    rows = by_due(rows, after) if wanted.urgent_first else newest_first(rows, after)
    found = list((await session.scalars(rows.limit(PAGE + 1))).all())
    shown = [opened(vault, row) for row in found[:PAGE]]
    if len(found) <= PAGE:
        return Listed(shown)
    last = found[PAGE - 1]
    return Listed(shown, Place(last.id, last.reply_due if wanted.urgent_first else None))


def newest_first(rows: Select[LetterRow], after: Place | None) -> Select[LetterRow]:
    if after:
        rows = rows.where(LetterRow.id < after.letter)
    return rows.order_by(LetterRow.id.desc())


def by_due(rows: Select[LetterRow], after: Place | None) -> Select[LetterRow]:
    if after:
        day, same_day = after.reply_due, LetterRow.reply_due == after.reply_due
        rows = rows.where(
            or_(LetterRow.reply_due > day, and_(same_day, LetterRow.id > after.letter))
        )
    return rows.order_by(LetterRow.reply_due, LetterRow.id)


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What a letter must fulfil to be on the list."""
    asked = [seen(wanted.sees, wanted.bodies)]
    if wanted.states:
        asked.append(LetterRow.state.in_(wanted.states))
    if wanted.q:
        asked.append(same_number(wanted.q))
    return asked


def seen(sees: Sight, bodies: tuple[str, ...]) -> ColumnElement[bool]:
    """Letters of these organisations within reach."""
    columns = table_of(LetterRow).c
    return sees.rows(bodies, body=columns.body, unit=columns.unit, owner=columns.assignee)


def same_number(typed: str) -> ColumnElement[bool]:
    """Letters with this document number, or of the case with this number."""
    plain = clean(typed)
    if number := normal_number(plain):
        return LetterRow.case_number == number
    document = read_number(plain)
    return LetterRow.document_number == (str(document) if document else plain)


async def counts(
    session: AsyncSession,
    sees: Sight = ALL,
    bodies: tuple[str, ...] = (),
    most: int | None = None,
) -> dict[State, int]:
    """How many of the letters within reach are in each state; of none more than `most`."""
    columns = {
        state.value: select(func.count())
        .select_from(
            select(literal(1))
            .where(seen(sees, bodies), LetterRow.state == state)
            .limit(most)
            .subquery()
        )
        .scalar_subquery()
        for state in State
    }
    row = (await session.execute(select(*(one.label(name) for name, one in columns.items())))).one()
    return {state: getattr(row, state.value) for state in State}


async def whole_letter(session: AsyncSession, vault: Vault, sees: Sight, letter: UUID) -> Whole:
    """One letter with its attempts, oldest first. Raises NoSuchLetterError."""
    row = await letter_in(session, sees, letter)
    tried = select(AttemptRow).where(AttemptRow.letter_id == letter).order_by(AttemptRow.place)
    attempts = (await session.scalars(tried)).all()
    kept = select(LetterFileRow.sha256).where(LetterFileRow.letter_id == letter)
    return Whole(opened(vault, row), attempts, await session.scalar(kept))


async def letter_in(session: AsyncSession, sees: Sight, letter: UUID) -> LetterRow:
    """A letter within reach. Raises NoSuchLetterError, whether there is none or it is not."""
    row = await session.get(LetterRow, letter)
    if row is None or not sees.admits(where_lies(row)):
        raise NoSuchLetterError("没有这份函件。").beyond("letter", row.id if row else None)
    return row
