"""Where the columns of a map stand in one file."""

from collections.abc import Sequence
from dataclasses import dataclass

from deploy.imports.cells import Cell, line_of
from deploy.imports.mapping import ImportMap, header_key
from deploy.imports.problems import FileRefusedError
from deploy.imports.sheets import Sheet

SEARCHED_FOR_HEADER = 20


@dataclass(frozen=True)
class Layout:
    """Which column of this very file feeds which field."""

    header_at: int
    """Index in the list of rows."""
    places: dict[str, tuple[int, str]]
    """Field -> index and name of its column."""
    unused: tuple[str, ...]


def layout_of(sheet: Sheet, chosen: ImportMap) -> Layout:
    """Find the row of column names. Raises FileRefusedError naming what is missing."""
    required = {
        target: {header_key(column) for column in field.columns}
        for target, field in chosen.fields.items()
        if field.required and field.columns
    }
    candidates = sheet.rows[:SEARCHED_FOR_HEADER]
    if chosen.header_row is not None:
        candidates = [row for row in sheet.rows if row[0] == chosen.header_row]
    nearest: set[str] = set(required)
    for index, (_, row) in enumerate(candidates):
        names = {header_key(line_of(cell)) for cell in row}
        missing = {target for target, columns in required.items() if not columns & names}
        nearest = min(nearest, missing, key=len)
        if not missing and any(names):
            at = index if chosen.header_row is None else sheet.rows.index(candidates[0])
            return placed(at, row, chosen)
    wanted = "、".join(
        "或".join(chosen.fields[target].columns) for target in chosen.fields if target in nearest
    )
    raise FileRefusedError(
        "按对照表“{title}”，文件“{sheet}”缺少列：{wanted}{encoding}。",
        title=chosen.title,
        sheet=sheet.name,
        wanted=wanted,
        encoding=f"（按 {sheet.encoding.upper()} 读；若列名成了乱码，请另存为 UTF-8）"
        if sheet.encoding
        else "",
    )


def placed(at: int, header: Sequence[Cell], chosen: ImportMap) -> Layout:
    names = [line_of(cell) for cell in header]
    keys = [header_key(name) for name in names]
    places = {}
    for target, field in chosen.fields.items():
        found = next((keys.index(k) for c in field.columns if (k := header_key(c)) in keys), None)
        if found is not None:
            places[target] = (found, names[found])
    known = {index for index, _ in places.values()}
    left_out = {header_key(name) for name in chosen.ignore}
    unused = (name for index, name in enumerate(names) if index not in known)
    return Layout(
        at, places, tuple(name for name in unused if name and header_key(name) not in left_out)
    )
