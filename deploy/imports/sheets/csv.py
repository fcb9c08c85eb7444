"""Text files with separators; Chinese ones come as UTF-8 or as GB18030 (GBK, GB2312)."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from deploy.imports.cells import Cell
from deploy.imports.problems import FileRefusedError
from deploy.imports.sheets import Sheet

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LONGEST_CELL = 1024**2
SEPARATORS = ",\t;，"


def open_csv(path: Path) -> Sheet:
    """Decode and split. Raises FileRefusedError when it is no text in an encoding we know."""
    content = path.read_bytes()
    encoding = encoding_of(content)
    text = content.decode(encoding)
    return Sheet(path.name, encoding, list(split(text)))


def encoding_of(content: bytes) -> str:
    """By its mark, else UTF-8 if it is that to the last byte, else GB18030 likewise."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return encoding
    if b"\x00" in content[:4096]:
        raise FileRefusedError("这不是文本，也不是 xlsx；请另存为 xlsx 或 UTF-8 的 csv。")
    failures = {}
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError as error:
            failures[encoding] = error.start
        else:
            return encoding
    furthest = max(failures, key=lambda name: failures[name])
    raise FileRefusedError(
        "文件的编码既不是 UTF-8 也不是 GB18030：按 {encoding} 读到第 {line} 行就读不下去；"
        "请另存为 UTF-8 的 csv。",
        encoding=furthest.upper(),
        line=content.count(b"\n", 0, failures[furthest]) + 1,
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
