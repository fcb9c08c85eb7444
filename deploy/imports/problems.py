"""What is wrong with a file or a row, in a sentence that says what to mend."""

from dataclasses import dataclass

from shared.kernel import RuleError


class FileRefusedError(RuleError):
    """The file as a whole cannot be read; nothing was taken from it."""


class CellRefusedError(RuleError):
    """One cell cannot be what its column says."""


class MapRefusedError(RuleError):
    """The map itself is wrong."""


@dataclass(frozen=True)
class Problem:
    """One remark on one row. `refused`: the row was not taken; else it was, and this is a note."""

    row: int
    """The number the spreadsheet shows, from 1."""
    column: str | None
    value: str
    sentence: str
    refused: bool = True
