"""Rows that grow from statements in any order.

A row is made of registers. A register is a few columns that are stated together, and the version of
the event that stated them; of two statements the later one stays (or the first one, where history
must not move). So a repeated, late or early event changes nothing, and rows can be merged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Row = dict[str, Any]
"""Column -> value; a column nobody has stated yet is absent."""


@dataclass(frozen=True, eq=False)
class Register:
    """Columns that are stated together. `first`: the earliest statement stays, not the latest."""

    version: str
    columns: Mapping[str, type] = field(default_factory=dict)
    first: bool = False

    def take(self, row: Row, version: int, facts: Mapping[str, Any]) -> None:
        """Put what was stated into the row, unless the row knows better."""
        known = row.get(self.version)
        if known is None or (version < known if self.first else version > known):
            row[self.version] = version
            row.update({column: facts.get(column) for column in self.columns})


@dataclass(frozen=True, eq=False)
class Table:
    """A kind of row: its key, what is the same in every statement, and its registers."""

    name: str
    key: str
    fixed: Mapping[str, type]
    registers: tuple[Register, ...]

    @property
    def columns(self) -> dict[str, type]:
        """Every column with the type of its values, in a fixed order."""
        columns: dict[str, type] = {self.key: UUID} | dict(self.fixed)
        for register in self.registers:
            columns |= {register.version: int} | dict(register.columns)
        return columns

    def merge(self, one: Row, other: Row) -> Row:
        """Return what both rows of one key know together."""
        merged = one | {column: other[column] for column in (self.key, *self.fixed)}
        for register in self.registers:
            if other.get(register.version) is not None:
                register.take(merged, other[register.version], other)
        return merged
