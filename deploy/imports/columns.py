"""Which columns of a file feed which fields, and how their cells are read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deploy.imports.layout import Layout
from deploy.imports.mapping import READINGS, FieldMap, ImportMap
from deploy.imports.money import amount_of
from deploy.imports.problems import MapRefusedError
from shared.sheets import cells
from shared.sheets.cells import Cell
from shared.sheets.dates import day_of, instant_of
from shared.sheets.problems import CellRefusedError, Remark, Several

Value = tuple[Any, Remark | None]
"""What a cell says, and a remark on how it was read."""
SEPARATORS = re.compile(r"[;；、\n]+")
YES = frozenset({"是", "同意", "有", "y", "yes", "true", "1", "√", "对"})
NO = frozenset({"否", "不同意", "无", "n", "no", "false", "0", "×", "不", ""})


@dataclass(frozen=True, slots=True)
class Column:
    """One field in one file: where its cells stand and how they are read."""

    target: str
    required: bool
    default: Any
    """What stands for an empty cell."""
    read: Callable[[Cell], Value]
    """The value of a cell that holds something, and a remark on how it was read."""
    index: int
    """-1: the file has no such column, the map gives a value."""
    title: str | None


def columns_of(layout: Layout, chosen: ImportMap) -> list[Column]:
    """The fields that can hold anything in this file, in the map's order."""
    return [
        Column(
            target,
            field.required,
            default_of(target, field, chosen.name),
            reader_of(target, field),
            *layout.places.get(target, (-1, None)),
        )
        for target, field in chosen.fields.items()
        if target in layout.places or field.value is not None or field.required
    ]


def default_of(target: str, field: FieldMap, name: str) -> Any:
    """The value that a map gives, read as a cell would be. Raises MapRefusedError."""
    if field.value is None:
        return None
    try:
        return reader_of(target, FieldMap())(field.value)[0]
    except CellRefusedError as error:
        raise MapRefusedError(
            "对照表“{name}”里 {field} 的 value“{value}”读不懂；请改正。",
            name=name,
            field=target,
            value=field.value,
        ) from error


def reader_of(target: str, field: FieldMap) -> Callable[[Cell], Value]:
    """How the cells of a field are read."""
    reading = READINGS[target]
    if reading == "money":
        return money
    if field.values:
        many = reading == "list"
        return lambda cell: (in_our_words(field, cell, many=many), None)
    plain = PLAIN[reading]
    return lambda cell: (plain(cell), None)


def money(cell: Cell) -> Value:
    amount = amount_of(cell)
    return amount.fen, amount.note


def parts_of(cell: Cell) -> list[str]:
    return [part.strip() for part in SEPARATORS.split(cells.paragraphs_of(cell)) if part.strip()]


def in_our_words(field: FieldMap, cell: Cell, *, many: bool) -> str | list[str]:
    """Translate the file's words by the map; our own codes pass as they are."""
    words = parts_of(cell) if many else [cells.code_of(cell)]
    for word in words:
        if word not in field.values and word not in field.values.values():
            raise CellRefusedError(
                "不认识“{word}”；可以写：{known}。", word=word, known=Several(field.values)
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
