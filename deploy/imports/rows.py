"""One row becomes one complaint in the JSON of the API, or a sentence about the cell at fault."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.imports import cells
from deploy.imports.cells import Cell, is_empty
from deploy.imports.dates import SHANGHAI, day_of, instant_of
from deploy.imports.layout import Layout
from deploy.imports.mapping import READINGS, FieldMap, ImportMap
from deploy.imports.money import amount_of
from deploy.imports.problems import CellRefusedError, Problem
from deploy.imports.sheets import Sheet

LONGEST_SHOWN = 60
SEPARATORS = re.compile(r"[;；、\n]+")
YES = frozenset({"是", "同意", "有", "y", "yes", "true", "1", "√", "对"})
NO = frozenset({"否", "不同意", "无", "n", "no", "false", "0", "×", "不", ""})


@dataclass(frozen=True)
class Row:
    """What became of one row: a complaint, or a problem that refuses it; notes may go with both."""

    number: int
    complaint: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()


def rows_of(sheet: Sheet, layout: Layout, chosen: ImportMap, now: datetime) -> Iterator[Row]:
    """Every row below the header that holds anything, in order; none is left out silently."""
    for number, row in sheet.rows[layout.header_at + 1 :]:
        if not all(is_empty(cell) for cell in row):
            yield mapped(number, row, layout, chosen, now)


def mapped(
    number: int, row: Sequence[Cell], layout: Layout, chosen: ImportMap, now: datetime
) -> Row:
    complaint: dict[str, Any] = {"external": {"source": chosen.source}}
    problems: list[Problem] = []
    for target, field in chosen.fields.items():
        index, column = layout.places.get(target, (-1, None))
        cell = row[index] if 0 <= index < len(row) else None
        try:
            value, note = read(target, field, cell)
            check(target, value, now)
        except CellRefusedError as error:
            problems.append(Problem(number, column, shown(cell), str(error)))
            continue
        if note:
            problems.append(Problem(number, column, shown(cell), note, refused=False))
        put(complaint, target, value)
    if any(one.refused for one in problems):
        return Row(number, None, tuple(problems))
    finish(complaint)
    return Row(number, complaint, tuple(problems))


def shown(cell: Cell) -> str:
    """The cell in a report: one line, shortened."""
    line = cells.line_of(cell)
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def read(target: str, field: FieldMap, cell: Cell) -> tuple[Any, str | None]:
    """The value of one field and a remark on how it was read."""
    if is_empty(cell):
        if field.required and field.value is None:
            raise CellRefusedError("这一栏没有填；请补上。")
        return field.value, None
    reading = READINGS[target]
    if reading == "money":
        amount = amount_of(cell)
        return amount.fen, amount.note
    if field.values:
        return in_our_words(field, cell, many=reading == "list"), None
    return PLAIN[reading](cell), None


def parts_of(cell: Cell) -> list[str]:
    return [part.strip() for part in SEPARATORS.split(cells.paragraphs_of(cell)) if part.strip()]


def in_our_words(field: FieldMap, cell: Cell, *, many: bool) -> str | list[str]:
    """Translate the file's words by the map; our own codes pass as they are."""
    words = parts_of(cell) if many else [cells.code_of(cell)]
    for word in words:
        if word not in field.values and word not in field.values.values():
            raise CellRefusedError(
                "不认识“{word}”；可以写：{known}。", word=word, known="、".join(field.values)
            )
    codes = [field.values.get(word, word) for word in words]
    return codes if many else codes[0]


def yes_or_no(cell: Cell) -> bool:
    word = cells.code_of(cell).lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellRefusedError("“{word}”不是“是”或“否”。", word=word)


PLAIN: dict[str, Callable[[Cell], Any]] = {
    "line": cells.line_of,
    "text": cells.paragraphs_of,
    "code": cells.code_of,
    "instant": instant_of,
    "day": lambda cell: day_of(cell).isoformat(),
    "list": parts_of,
    "yes": yes_or_no,
}


def check(target: str, value: Any, now: datetime) -> None:
    if target == "external.received_at" and isinstance(value, datetime) and value > now:
        raise CellRefusedError("这个时间还没有到；请核对年份。")


def put(complaint: dict[str, Any], target: str, value: Any) -> None:
    """Set `matter.text` and the like; nothing for an empty value."""
    if value is None or value in ("", []):
        return
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).isoformat()
    outer, _, inner = target.partition(".")
    if inner:
        complaint.setdefault(outer, {})[inner] = value
    else:
        complaint[outer] = value


def finish(complaint: dict[str, Any]) -> None:
    """Claims in the form of the API; a row without a number of its own is named by its content."""
    if claims := complaint.pop("claims", None):
        amount = {"amount_fen": claims["amount_fen"]} if "amount_fen" in claims else {}
        complaint["claims"] = [{"kind": kind} | amount for kind in claims.get("kind", ["other"])]
    external = complaint["external"]
    if "id" not in external:
        content = json.dumps(complaint, ensure_ascii=False, sort_keys=True)
        external["id"] = "sha256-" + hashlib.sha256(content.encode()).hexdigest()[:32]
