"""Text files with separators; Chinese ones come as UTF-8 or as GB18030 (GBK, GB2312)."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from shared.sheets.cells import Cell
from shared.sheets.problems import FileRefusedError
from shared.sheets.sheet import Sheet

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LOOKED_AT = 4096
LONGEST_CELL = 1024**2
SEPARATORS = ",\t;，"
NO_TABLES = ("<", "%PDF")


def open_csv(path: Path) -> Sheet:
    """Decode and split. Raises FileRefusedError when it is no text in an encoding we know."""
    text, encoding = decoded(path.read_bytes())
    if text[:LOOKED_AT].lstrip().startswith(NO_TABLES):
        raise FileRefusedError(
            "文件“{name}”是网页或 PDF，不是表格；请在 Excel 或 WPS 里打开后另存为 xlsx。",
            name=path.name,
        )
    return Sheet(path.name, encoding, list(split(text)))


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-16 by its mark, else what it is in to the last byte."""
    content = content.removeprefix(codecs.BOM_UTF8)
    marked = content.startswith(UTF_16)
    if not marked and b"\x00" in content[:LOOKED_AT]:
        raise FileRefusedError("这不是文本，也不是 xlsx；请另存为 xlsx 或 UTF-8 的 csv。")
    read: list[tuple[int, str]] = []
    for encoding in ("utf-16",) if marked else ("utf-8", "gb18030"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError as error:
            read.append((error.start, encoding))
    end, encoding = max(read)
    raise FileRefusedError(
        "文件不全是 {encoding} 的文字：读到第 {line} 行就读不下去；请另存为 UTF-8 的 csv。",
        encoding=encoding.upper(),
        line=content[:end].decode(encoding, "ignore").count("\n") + 1,
    )


def split(text: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows with the number of the line each begins on: what an editor shows."""
    header = text.partition("\n")[0]
    separator = max(SEPARATORS, key=header.count)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    began = 1
    try:
        for row in reader:
            yield began, row
            began = reader.line_num + 1
    except csv.Error as error:
        raise FileRefusedError(
            "从第 {line} 行起引号不成对或有一格过长，后面的行无法读；请改正后再导。", line=began
        ) from error
