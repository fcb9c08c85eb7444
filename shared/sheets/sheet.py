"""What is left of a spreadsheet file when it is read: numbered rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.sheets.cells import Cell


@dataclass(frozen=True)
class Sheet:
    """Rows with the numbers the spreadsheet shows them under, from 1."""

    name: str
    encoding: str | None
    """Of a text file; None for a spreadsheet."""
    rows: list[tuple[int, Sequence[Cell]]]
    """All of them, so that a file that breaks off is refused before anything is taken from it."""
