"""Where the columns of a map stand in one file."""

from collections.abc import Sequence
from dataclasses import dataclass

from deploy.imports.mapping import ImportMap
from shared.sheets.cells import Cell, line_of
from shared.sheets.headers import header_key
from shared.sheets.problems import FileRefusedError, Several
from shared.sheets.sheet import Sheet

SEARCHED_FOR_HEADER = 20


@dataclass(frozen=True)
class Layout:
    """Which column of this very file feeds which field."""

    header_at: int
    """Index in the list of rows."""
    places: dict[str, tuple[int, str | None]]
    """Field -> index and name of its column."""
    unused: tuple[str, ...]

    def column_behind(self, pointer: str) -> tuple[int, str | None]:
        """Index and name of the column behind a JSON pointer; -1 and the field if there is none."""
        parts = (part for part in pointer.split("/") if part and not part.isdigit())
        field = ".".join(parts)
        return self.places.get(field, (-1, field or None))


def cell_at(row: Sequence[Cell], index: int) -> Cell:
    """The cell in a column; nothing where the row is shorter or the file has no such column."""
    return row[index] if 0 <= index < len(row) else None


def layout_of(sheet: Sheet, chosen: ImportMap) -> Layout:
    """Find the row of column names. Raises FileRefusedError naming what is missing."""
    required = {
        target: {header_key(column) for column in field.columns}
        for target, field in chosen.fields.items()
        if field.required and field.columns
    }
    missing = list(required)
    for at in header_candidates(sheet, chosen):
        row = sheet.rows[at][1]
        names = {header_key(line_of(cell)) for cell in row}
        lacking = [target for target, columns in required.items() if not columns & names]
        if not lacking and any(names):
            return placed(at, row, chosen)
        missing = min(missing, lacking, key=len)
    raise lacking_columns(sheet, chosen, missing)


def header_candidates(sheet: Sheet, chosen: ImportMap) -> Sequence[int]:
    """Where in the list of rows the column names may stand."""
    if chosen.header_row is None:
        return range(min(SEARCHED_FOR_HEADER, len(sheet.rows)))
    found = [at for at, (number, _) in enumerate(sheet.rows) if number == chosen.header_row]
    if not found:
        raise FileRefusedError(
            "对照表“{title}”说列名在第 {row} 行，“{sheet}”没有这一行；请改 header_row。",
            title=chosen.title,
            row=chosen.header_row,
            sheet=sheet.name,
        )
    return found


def lacking_columns(sheet: Sheet, chosen: ImportMap, missing: Sequence[str]) -> FileRefusedError:
    """The refusal of the file, with every name each column may have."""
    wanted = Several("/".join(chosen.fields[target].columns) for target in missing)
    if sheet.encoding is None:
        return FileRefusedError(
            "按对照表“{title}”，“{sheet}”缺少列：{wanted}；请补上，或换一个对照表。",
            title=chosen.title,
            sheet=sheet.name,
            wanted=wanted,
        )
    return FileRefusedError(
        "按对照表“{title}”，“{sheet}”缺少列：{wanted}；请补上，或换一个对照表"
        "（按 {encoding} 读；若列名成了乱码，请另存为 UTF-8）。",
        title=chosen.title,
        sheet=sheet.name,
        wanted=wanted,
        encoding=sheet.encoding.upper(),
    )


def placed(at: int, header: Sequence[Cell], chosen: ImportMap) -> Layout:
    names = [line_of(cell) for cell in header]
    keys = [header_key(name) for name in names]
    places: dict[str, tuple[int, str | None]] = {}
    for target, field in chosen.fields.items():
        found = next((keys.index(k) for c in field.columns if (k := header_key(c)) in keys), None)
        if found is not None:
            places[target] = (found, names[found])
    known = {index for index, _ in places.values()}
    ignored = {header_key(name) for name in chosen.ignore}
    unused = (
        name
        for index, name in enumerate(names)
        if name and index not in known and keys[index] not in ignored
    )
    return Layout(at, places, tuple(unused))
