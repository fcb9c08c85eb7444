"""Sealed columns, found from the tables' own description, and sealed anew by primary key."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Uuid,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
)

from shared.columns import Encrypted
from shared.runtime.rotation.changes import Change, Changes
from shared.runtime.rotation.held import UNKNOWN, Companion, Counts, Lot, heads
from shared.vault import Sealed, Vault, WrongKeyError
from shared.work import Database

LOT = 200
"""Most rows sealed anew in one transaction: short enough for the writers who wait for it."""
FIRST_LOT = 20
LARGE = 2**21
"""Bytes of sealed values that a lot is meant to have at most: rows may hold whole letters."""


class UnboundColumnError(Exception):
    """Nobody can tell which id the values of a sealed column are bound to."""


@dataclass(frozen=True)
class SealedTable:
    """A table with sealed columns, each with the column that holds the id it is bound to."""

    table: Table
    columns: Mapping[Column[Any], Column[Any]]
    companions: Mapping[str, Companion]
    """By the place of a column: what is derived from its values."""

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def key(self) -> list[Column[Any]]:
        return list(self.table.primary_key)

    async def counts(self, database: Database) -> Counts:
        """How many values each key seals; one walk through the table."""
        known = heads(database.vault)
        asked: list[ColumnElement[int]] = []
        for column in self.columns:
            asked += [func.sum(case((begins(column, head), 1), else_=0)) for _, head in known]
            asked.append(func.count(column))
        async with database.reading() as session:
            numbers = iter((await session.execute(select(*asked))).one())
        found: Counts = defaultdict(int)
        for _ in self.columns:
            here = {head: next(numbers) or 0 for _, head in known}
            for key, head in known:
                found[key] += here[head]
            found[UNKNOWN] += next(numbers) - sum(here.values())
        return {key: number for key, number in found.items() if number}

    async def old(self, database: Database) -> int:
        """How many rows hold a value that is not sealed as it would be now."""
        there = select(func.count()).select_from(self.table).where(self._is_old(database.vault))
        async with database.reading() as session:
            return await session.scalar(there) or 0

    async def renew(self, database: Database) -> AsyncGenerator[Lot]:
        """Seal them anew, lot by lot, in the order of the primary key."""
        after: tuple[Any, ...] | None = None
        most = FIRST_LOT
        while rows := await self._rows(database, after, most):
            changes = await asyncio.to_thread(self._changes, database.vault, rows)
            await changes.keep(database, dict(self.companions))
            yield Lot(len(rows), changes.unreadable)
            after = self._key_of(rows[-1])
            most = min(LOT, max(1, LARGE * len(rows) // (changes.size + 1)))

    def _is_old(self, vault: Vault) -> ColumnElement[bool]:
        return or_(*(and_(one.is_not(None), ~begins(one, vault.head)) for one in self.columns))

    async def _rows(
        self, database: Database, after: tuple[Any, ...] | None, most: int
    ) -> Sequence[Row[Any]]:
        wanted = [self._is_old(database.vault)]
        if after is not None:
            named = zip(after, self.key, strict=True)
            reached = [literal(one, column.type) for one, column in named]
            wanted.append(tuple_(*self.key) > tuple_(*reached))
        shown = dict.fromkeys([*self.key, *self.columns.values(), *self.columns])
        statement = select(*shown).where(*wanted).order_by(*self.key).limit(most)
        async with database.reading() as session:
            return (await session.execute(statement)).all()

    def _key_of(self, row: Row[Any]) -> tuple[Any, ...]:
        return tuple(row._mapping[one] for one in self.key)  # noqa: SLF001 - its public name

    def _changes(self, vault: Vault, rows: Sequence[Row[Any]]) -> Changes:
        made: list[Change] = []
        unreadable = 0
        for row in rows:
            try:
                made += self._changes_of(vault, row)
            except WrongKeyError:
                unreadable += 1
        return Changes(self.table, made, unreadable)

    def _changes_of(self, vault: Vault, row: Row[Any]) -> list[Change]:
        """What is to be changed in a row. Raises WrongKeyError where no key opens a value."""
        values, made = row._mapping, []  # noqa: SLF001 - its public name
        for column, bound in self.columns.items():
            old: Sealed | None = values[column]
            if old is not None and not old.blob.startswith(vault.head):
                plain, row_id = vault.open(old, values[bound]), values[bound]
                new = vault.seal(plain, old.place, row_id)
                made.append(Change(column, self._key_of(row), row_id, old, new, plain))
        return made


def sealed_tables(
    metadata: Sequence[MetaData], companions: Mapping[str, Companion] | None = None
) -> list[SealedTable]:
    """Every table with a sealed column. Raises UnboundColumnError."""
    tables = {one.name: one for each in metadata for one in each.sorted_tables}
    found = []
    for table in tables.values():
        columns = {one: bound_by(one) for one in table.columns if isinstance(one.type, Encrypted)}
        if columns:
            found.append(SealedTable(table, columns, companions or {}))
    return found


def bound_by(column: Column[Any]) -> Column[Any]:
    """The column with the id that a value is bound to. Raises UnboundColumnError."""
    key = list(column.table.primary_key)
    named = column.type.row if isinstance(column.type, Encrypted) else None
    bound = column.table.columns[named] if named else key[0]
    if (len(key) > 1 and not named) or not isinstance(bound.type, Uuid):
        raise UnboundColumnError(
            f"{column}: say with Encrypted(..., row=...) which id its values are bound to."
        )
    return bound


def begins(column: Column[Any], head: bytes) -> ColumnElement[bool]:
    """Whether a blob begins so."""
    beginning = func.substr(type_coerce(column, LargeBinary), 1, len(head), type_=LargeBinary)
    return beginning == literal(head, LargeBinary)
