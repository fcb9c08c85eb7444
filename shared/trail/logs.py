"""A log as verification and checkpoints see it: a table of chained rows, and where chains end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy import tuple_ as row_of

from shared.trail.chain import Kept
from shared.trail.erasing import ITSELF, Erasing
from shared.trail.rows import head_mac, kept
from shared.trail.said import Chain
from shared.trail.tables import AuditHeadRow, AuditRow
from shared.vault import Vault
from shared.work import table_of

Row = Mapping[str, Any]
END_SEQ, END_HASH, END_MAC = "end_seq", "end_hash", "end_mac"


@dataclass(frozen=True, eq=False)
class Log:
    """One table of chained rows. Its rows have the columns `seq`, `id` and `hash`."""

    table: Table
    chain: tuple[str, ...]
    """The columns that name a row's chain."""
    heads: Table
    """The table that knows where each chain ends."""
    head: tuple[str, ...]
    """Its columns that name the chain, in the same order."""
    end: tuple[str, str]
    """Its columns with number and hash of the chain's last row."""
    kept: Callable[[Vault, Row], Kept]
    """A row as the rules verify it. Raises WrongKeyError, ValueError."""
    erasing: Erasing
    """What may lawfully have emptied a row's values."""
    lasting: ColumnElement[bool] | None = None
    """Which chains stay for ever, where some may be removed; None: all. Speaks of `heads`."""

    @property
    def name(self) -> str:
        return self.table.name

    def chain_of(self, row: Row) -> str:
        """The name of a row's chain, as reports print it."""
        return ":".join(str(row[name]) for name in self.chain)

    def rows_after(self, place: Sequence[Any] | None, most: int) -> Select[Any]:
        """The next rows in the order of their chains, each with the end of its chain."""
        columns = [self.heads.c[name] for name in self.end]
        ends = [one.label(name) for one, name in zip(columns, (END_SEQ, END_HASH), strict=True)]
        if "mac" in self.heads.c:
            ends.append(self.heads.c.mac.label(END_MAC))
        joined = self.table.outerjoin(self.heads, self._same())
        statement = select(*self.table.c, *ends).select_from(joined)
        order = [*self._names(), self.table.c.seq]
        if place is not None:
            statement = statement.where(row_of(*order) > row_of(*typed(order, place)))
        return statement.order_by(*order).limit(most)

    def place_of(self, row: Row) -> tuple[Any, ...]:
        """Where a row stands in the order of chains."""
        return (*(row[name] for name in self.chain), row["seq"])

    def without_rows(self, most: int) -> Select[Any]:
        """Chains whose end is known and of which not one row is left, named as `chain`."""
        seq = self.heads.c[self.end[0]]
        names = [
            self.heads.c[mine].label(name) for mine, name in zip(self.head, self.chain, strict=True)
        ]
        gone = and_(seq > 0, ~exists().where(self._same()))
        return select(*names).where(gone).order_by(*names).limit(most)

    def stretch(
        self, bounds: tuple[Any, Any], after: Sequence[Any] | None, most: int
    ) -> Select[Any]:
        """What a checkpoint covers: lasting rows from an id up to without another, in order."""
        first, until = bounds
        ids = self.table.c.id
        source: Any = self.table
        where = [ids >= first, ids < until]
        if self.lasting is not None:
            source = self.table.join(self.heads, self._same())
            where.append(self.lasting)
        order = [ids, *self._names(), self.table.c.seq]
        if after is not None:
            where.append(row_of(*order) > row_of(*typed(order, after)))
        columns = [*order, self.table.c.hash]
        return select(*columns).select_from(source).where(*where).order_by(*order).limit(most)

    def out_of_reach(self, bounds: tuple[Any, Any], written_before: Any, most: int) -> Select[Any]:
        """Lasting rows that no checkpoint covers, though they are old or their id is too late.

        From the first bound on; old is what was written before an instant, late an id from the
        second bound on. Their chain and number, with the first of each chain alone.
        """
        first, late = bounds
        names = self._names()
        found = select(*names, func.min(self.table.c.seq).label("seq"))
        if self.lasting is not None:
            found = found.join(self.heads, self._same()).where(self.lasting)
        ids = self.table.c.id
        where = or_(self.table.c.at < written_before, ids >= late)
        return found.where(ids >= first, where).group_by(*names).order_by(*names).limit(most)

    def count(self) -> Select[Any]:
        """How many rows there are."""
        return select(func.count()).select_from(self.table)

    def newest(self, since: Any) -> Select[Any]:
        """The last row of each lasting chain that grew since an id."""
        names = self._names()
        last = select(*names, func.max(self.table.c.seq).label("seq"))
        if self.lasting is not None:
            last = last.join(self.heads, self._same()).where(self.lasting)
        found = last.where(self.table.c.id >= since).group_by(*names).subquery()
        same = [self.table.c[name] == found.c[name] for name in (*self.chain, "seq")]
        return select(*names, self.table.c.seq, self.table.c.hash).join(found, and_(*same))

    def row_at(self, place: Sequence[str]) -> Select[Any]:
        """The hash of the row at a place that was written down as text."""
        columns = [*self._names(), self.table.c.seq]
        read = [one.type.python_type(said) for one, said in zip(columns, place, strict=True)]
        return select(self.table.c.hash).where(
            *(one == value for one, value in zip(columns, read, strict=True))
        )

    def _names(self) -> list[Column[Any]]:
        return [self.table.c[name] for name in self.chain]

    def _same(self) -> ColumnElement[bool]:
        pairs = zip(self._names(), (self.heads.c[name] for name in self.head), strict=True)
        return and_(*(mine == theirs for mine, theirs in pairs))


def typed(columns: Sequence[Column[Any]], values: Sequence[Any]) -> list[ColumnElement[Any]]:
    """Values as the columns take them."""
    return [literal(value, one.type) for one, value in zip(columns, values, strict=True)]


def is_ours(vault: Vault, chain: Chain, row: Row) -> bool:
    """Whether somebody who had the key wrote this end of a chain."""
    made = head_mac(vault, chain, row[END_SEQ], row[END_HASH])
    return bool(row[END_MAC] == made)


AUDIT = Log(
    table=table_of(AuditRow),
    chain=("kind", "key"),
    heads=table_of(AuditHeadRow),
    head=("kind", "key"),
    end=("seq", "hash"),
    kept=kept,
    erasing=ITSELF,
)
"""The log that every service has."""
