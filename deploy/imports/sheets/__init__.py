"""A spreadsheet file as numbered rows; what it is, its content says, not its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.imports.cells import Cell
from deploy.imports.problems import FileRefusedError

MOST_BYTES = 200 * 1024 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Sheet:
    """Rows with the numbers the spreadsheet shows them under, from 1."""

    name: str
    encoding: str | None
    """Of a text file; None for a spreadsheet."""
    rows: list[tuple[int, Sequence[Cell]]]
    """All of them, so that a file that breaks off is refused before anything is taken from it."""


def open_sheet(path: Path, sheet: str | None = None) -> Sheet:
    """Open xlsx or csv. Raises FileRefusedError with a sentence that says what to do."""
    from deploy.imports.sheets.csv import open_csv  # noqa: PLC0415 - they import Sheet from here
    from deploy.imports.sheets.xlsx import open_xlsx  # noqa: PLC0415

    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            beginning = file.read(8)
    except OSError as error:
        raise FileRefusedError(
            "打不开文件“{name}”：{why}。", name=path.name, why=error.strerror or error
        ) from error
    if size == 0:
        raise FileRefusedError("文件“{name}”是空的。", name=path.name)
    if size > MOST_BYTES:
        raise FileRefusedError(
            "文件有 {size} MB，最多 {most} MB；请分成几个文件。",
            size=size // 1024**2,
            most=MOST_BYTES // 1024**2,
        )
    if beginning.startswith(OLD_OFFICE):
        raise FileRefusedError("这是旧版 xls 或加了密码的文件；请打开后另存为不带密码的 xlsx。")
    if beginning.startswith(ZIP):
        return open_xlsx(path, sheet)
    return open_csv(path)
