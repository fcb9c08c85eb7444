"""What one cell of a spreadsheet says, whatever type the spreadsheet gave it."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None

UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\x00]")
BLANKS = re.compile(r"[^\S\n]+")
MANY_LINES = re.compile(r"\n{3,}")
PLACEHOLDER = re.compile(
    r"[\s_＿\-—/／\\无暂xX×*＊?？.。]*|n/?a|null|none|不详|未知|#n/a|#value!|#ref!",
    re.IGNORECASE,
)


def text_of(cell: Cell) -> str:
    """The cell as a person sees it: 188006.0 is `188006`, blanks and unseen characters go."""
    if isinstance(cell, str):
        return (UNSEEN.sub("", cell) if UNSEEN.search(cell) else cell).strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)


def line_of(cell: Cell) -> str:
    """One line: tabs, line breaks and full-width blanks become single blanks."""
    return " ".join(text_of(cell).split())


def paragraphs_of(cell: Cell) -> str:
    """Several lines, each without blanks around it; what was masked (`***`) stays as it is."""
    text = text_of(cell)
    if "\n" not in text and "\r" not in text:
        return BLANKS.sub(" ", text).strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = (BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


def code_of(cell: Cell) -> str:
    """Numbers and codes: full-width characters become half-width, blanks go."""
    return "".join(unicodedata.normalize("NFKC", text_of(cell)).split())


def is_empty(cell: Cell) -> bool:
    return not text_of(cell)


def is_placeholder(cell: Cell) -> bool:
    """`XX`, `__`, `无`, `n/a`: somebody left it open; never guessed (domain 3.3)."""
    return PLACEHOLDER.fullmatch(text_of(cell)) is not None
