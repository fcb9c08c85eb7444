"""A spreadsheet file as numbered rows; what it is, its content says, not its name."""

from pathlib import Path
from tempfile import TemporaryDirectory

from shared.sheets.cells import is_empty
from shared.sheets.csv import open_csv
from shared.sheets.problems import FileRefusedError
from shared.sheets.sheet import Sheet
from shared.sheets.xlsx import open_xlsx

__all__ = ["Sheet", "open_sheet", "sheet_of"]

MOST_BYTES = 200 * 1024 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"


def open_sheet(path: Path, name: str | None = None) -> Sheet:
    """Open xlsx or csv. Raises FileRefusedError with a sentence that says what to do.

    `name`: of the sheet in a workbook; otherwise its first one that has rows.
    """
    beginning = beginning_of(path)
    if beginning.startswith(OLD_OFFICE):
        raise FileRefusedError("这是旧版 xls 或加了密码的文件；请打开后另存为不带密码的 xlsx。")
    sheet = open_xlsx(path, name) if beginning.startswith(ZIP) else open_csv(path)
    if all(is_empty(cell) for _, row in sheet.rows for cell in row):
        raise FileRefusedError(
            "文件“{name}”里没有一行内容；请核对是不是这个文件。", name=sheet.name
        )
    return sheet


def sheet_of(content: bytes, name: str) -> Sheet:
    """Read what was uploaded under this name. It lies in a file only while it is read.

    Raises FileRefusedError.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "upload")
        path.write_bytes(content)
        return open_sheet(path)


def beginning_of(path: Path) -> bytes:
    """The first bytes. Raises FileRefusedError where there are none, or too many after them."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            beginning = file.read(8)
    except FileNotFoundError as error:
        raise FileRefusedError("没有文件“{name}”；请核对路径。", name=path) from error
    except IsADirectoryError as error:
        raise FileRefusedError("“{name}”是文件夹；请写明里面的哪个文件。", name=path) from error
    except PermissionError as error:
        raise FileRefusedError("不许读文件“{name}”；请核对它的权限。", name=path) from error
    except OSError as error:
        why = error.strerror or error
        raise FileRefusedError("打不开文件“{name}”：{why}。", name=path, why=why) from error
    if not size:
        raise FileRefusedError("文件“{name}”是空的；请核对是不是这个文件。", name=path.name)
    if size > MOST_BYTES:
        raise FileRefusedError(
            "文件有 {size} MB，最多 {most} MB；请分成几个文件。",
            size=size // 1024**2,
            most=MOST_BYTES // 1024**2,
        )
    return beginning
