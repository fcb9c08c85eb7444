"""Tables in memory, read as an import reads a file."""

from datetime import UTC, datetime
from typing import Any

from deploy.imports.layout import Layout, layout_of
from deploy.imports.mapping import load_map
from deploy.imports.rows import Row, rows_of
from shared.sheets import Sheet

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def layout(rows: list[list[Any]], name: str = "mayor-mailbox") -> Layout:
    """Where the columns of a map stand in a table."""
    return layout_of(in_memory(rows), load_map(name))


def read(
    rows: list[list[Any]], name: str = "mayor-mailbox", encoding: str | None = None
) -> list[Row]:
    """The rows of a table under its names; `encoding`: as if they came from a text file."""
    sheet, chosen = in_memory(rows, encoding), load_map(name)
    return list(rows_of(sheet, layout_of(sheet, chosen), chosen, NOW))


def in_memory(rows: list[list[Any]], encoding: str | None = None) -> Sheet:
    return Sheet("a", encoding, list(enumerate(rows, start=1)))
