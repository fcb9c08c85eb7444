"""Excel files, with a look at what unpacking would cost before anything is unpacked."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from shared.sheets.cells import Cell
from shared.sheets.problems import FileRefusedError, Several
from shared.sheets.sheet import Sheet

MOST_UNPACKED = 2 * 1024**3
MOST_RATIO = 200
SMALL = 10 * 1024**2
"""Below this size unpacked, no ratio is suspicious."""
MOST_PARTS = 10_000


def open_xlsx(path: Path, name: str | None) -> Sheet:
    """The named sheet of a workbook, or its first one that has rows."""
    guard(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = choose(workbook, name)
    except (CalamineError, OSError, ValueError) as error:
        raise broken(path) from error
    return Sheet(f"{path.name} / {sheet.name}", None, numbered(sheet))


def broken(path: Path) -> FileRefusedError:
    return FileRefusedError(
        "文件“{name}”已损坏，或不是 xlsx；请在 Excel 或 WPS 里打开后另存为 xlsx 再试。",
        name=path.name,
    )


def guard(path: Path) -> None:
    """Refuse what would fill the memory when unpacked (a zip bomb), before unpacking."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise broken(path) from error
    packed = sum(part.compress_size for part in parts) or 1
    unpacked = sum(part.file_size for part in parts)
    suspicious = unpacked > SMALL and unpacked > packed * MOST_RATIO
    if suspicious or unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise FileRefusedError(
            "文件解开后有 {size} MB，与它的大小不相称，不读；请另存为新的 xlsx 再试。",
            size=unpacked // 1024**2,
        )
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise broken(path)


def choose(workbook: CalamineWorkbook, name: str | None) -> CalamineSheet:
    if name is not None:
        if name not in workbook.sheet_names:
            raise FileRefusedError(
                "文件里没有工作表“{name}”；有：{sheets}。",
                name=name,
                sheets=Several(workbook.sheet_names),
            )
        return workbook.get_sheet_by_name(name)
    for one in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(one)
        if sheet.height:
            return sheet
    return workbook.get_sheet_by_index(0)


def numbered(sheet: CalamineSheet) -> list[tuple[int, Sequence[Cell]]]:
    """All rows from the sheet's first one, empty or not, so that numbers are those shown."""
    return list(enumerate(sheet.iter_rows(), start=1))
