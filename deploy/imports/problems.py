"""What is wrong with a map or with a row of complaints."""

from dataclasses import dataclass

from shared.i18n import N_, Language
from shared.sheets.problems import ImportRefusedError, Remark


class MapRefusedError(ImportRefusedError):
    """The map itself is wrong."""


@dataclass(frozen=True)
class Problem:
    """One remark on one row. `refused`: the row was not taken; else it was, and this is a note."""

    row: int
    """The number the spreadsheet shows, from 1."""
    column: str | None
    value: str
    """What stands in the cell."""
    remark: Remark
    refused: bool = True

    def line(self, language: Language) -> str:
        """The whole of it on one line."""
        row = Remark(N_("第{row}行"), {"row": self.row}).in_words(language)
        where = [row, self.column, f"“{self.value}”" if self.value else None]
        return f"{' '.join(filter(None, where))}: {self.remark.in_words(language)}"
