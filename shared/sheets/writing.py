"""Tables that grow row by row, as Excel files and as CSV; what somebody typed stays text."""

import asyncio
import csv
import tempfile
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol

from shared.sheets.formulas import harmless

SAFE = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""No formula, no link; rows leave the memory as they are written."""
Value = str | int | float | date | None


class Column(NamedTuple):
    """A column of a table."""

    name: str
    width: int | None = None
    """In characters; None: as the spreadsheet likes."""


class Table(Protocol):
    """A growing file."""

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        """Write rows below the last one."""

    def close(self) -> None:
        """Finish the file."""


class Csv:
    """Rows between commas, as Excel reads UTF-8 (with a mark at the start)."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file)
        self.add([[one.name for one in columns]])

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        """Write rows below the last one; no cell is a formula."""
        self._csv.writerows(
            [harmless(one) if isinstance(one, str) else one for one in row] for row in rows
        )

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class Excel:
    """An Excel file with its first row, and `fixed` columns, always in sight."""

    def __init__(
        self, path: Path, columns: Sequence[Column], title: str | None = None, fixed: int = 0
    ) -> None:
        import xlsxwriter  # noqa: PLC0415 - memory: only when asked for

        self._file = path.open("wb")
        self._book = xlsxwriter.Workbook(self._file, SAFE)
        self._sheet = self._book.add_worksheet(title)
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._next = 1
        bold = self._book.add_format({"bold": True})
        for at, (name, width) in enumerate(columns):
            self._sheet.set_column(at, at, width)
            self._sheet.write_string(0, at, name, bold)
        self._sheet.freeze_panes(1, fixed)

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        """Write rows below the last one; numbers and days stay what they are."""
        for row in rows:
            for at, value in enumerate(row):
                self._write(at, value)
            self._next += 1

    def _write(self, at: int, value: Value) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            self._sheet.write_string(self._next, at, value)
        elif isinstance(value, int | float):
            self._sheet.write_number(self._next, at, value)
        else:
            self._sheet.write_datetime(self._next, at, value, self._day)

    def close(self) -> None:
        """Finish the file."""
        with self._file:
            self._book.close()


@asynccontextmanager
async def growing(begun: Callable[[], Table]) -> AsyncGenerator[Table]:
    """A table until the block ends; it is begun and finished in a thread."""
    table = await asyncio.to_thread(begun)
    try:
        yield table
    finally:
        await asyncio.to_thread(table.close)


@asynccontextmanager
async def temporary(form: str) -> AsyncGenerator[Path]:
    """A new file that only we can read, for the caller to delete; gone already if the block fails.

    `form`: the ending of its name, csv or xlsx.
    """
    path = Path(await asyncio.to_thread(empty_file, form))
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)  # noqa: ASYNC240 - one call, and nothing may stay behind
        raise


def empty_file(form: str) -> str:
    with tempfile.NamedTemporaryFile(suffix=f".{form}", delete=False) as file:
        return file.name
