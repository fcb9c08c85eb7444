"""Figures as JSON and as a table for spreadsheets."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

from pydantic import BaseModel, Field
from starlette.responses import Response

from services.analytics.domain.figures import COUNTS, GRAINS, RATIOS, percentage
from services.analytics.following import Following
from services.analytics.labels import DIMENSIONS, MEASURES, UNITS, Names, label
from services.analytics.store.questions import Answers, Value
from services.analytics.use_cases import Asked
from shared.i18n import translated
from shared.sheets.formulas import harmless

CSV = "text/csv"


class Item(BaseModel):
    """One value. A rate says what it is made of; of nothing there is no rate."""

    key: str
    label: str
    value: float | int | None
    numerator: int | None = None
    denominator: int | None = None


class Figure(BaseModel):
    """One figure with its definition."""

    measure: str
    name: str
    definition: str
    unit: str = Field(
        description="Unit (单位): `cases` 件; `letters` 份; `fen` 分; `percent` 百分比."
    )
    by: str | None
    first: date | None = Field(serialization_alias="from")
    last: date | None = Field(serialization_alias="to")
    filters: dict[str, str]
    total: Item
    items: list[Item]
    next: None = None
    as_of: datetime | None
    """Everything said until then is counted."""
    waiting: int
    """Events that are not counted yet."""
    rebuilding: bool
    """Whether the facts are being told anew; meanwhile figures may be old or incomplete."""


@dataclass(frozen=True)
class Freshness:
    """How new the facts are."""

    as_of: datetime | None
    waiting: int
    rebuilding: bool


async def freshness(following: Following) -> Freshness:
    """How new the facts are at the moment."""
    return Freshness(await following.as_of(), following.lag, following.rebuilding)


def unit_of(measure: str) -> str:
    """What a measure is counted in."""
    return (COUNTS[measure] if measure in COUNTS else RATIOS[measure]).unit.value


def number_of(value: Value) -> int | Decimal | None:
    """The number itself, or the percentage of a ratio."""
    return value.number if value.of is None else percentage(value.number, value.of)


def nothing_of(measure: str) -> Value:
    """The value where there is nothing to count."""
    return Value(0, 0 if measure in RATIOS else None)


def item(key: str, words: str, value: Value) -> Item:
    """One value as JSON."""
    number = number_of(value)
    exact = float(number) if isinstance(number, Decimal) else number
    if value.of is None:
        return Item(key=key, label=words, value=exact)
    return Item(key=key, label=words, value=exact, numerator=value.number, denominator=value.of)


def figure(asked: Asked, total: Answers, parts: Answers, fresh: Freshness, called: Names) -> Figure:
    """One measure as JSON."""
    [measure] = asked.measures
    name, definition = map(translated, MEASURES[measure])
    items = [
        item(key, label(asked.by or "", key, called), parts[measure][key])
        for key in keys_of(asked.by, parts)
    ]
    return Figure(
        measure=measure,
        name=name,
        definition=definition,
        unit=unit_of(measure),
        by=asked.by,
        first=asked.filters.first,
        last=asked.filters.last,
        filters=dict(asked.filters.codes),
        total=item("", "", total[measure].get("", nothing_of(measure))),
        items=items if asked.by else [],
        as_of=fresh.as_of,
        waiting=fresh.waiting,
        rebuilding=fresh.rebuilding,
    )


def keys_of(by: str | None, found: Answers) -> list[str]:
    """Time goes on; elsewhere the largest of the first measure comes first."""
    keys = {key for values in found.values() for key in values}
    if by in GRAINS:
        return sorted(keys)
    first = next(iter(found.values()), {})
    return sorted(keys, key=lambda key: (-first.get(key, Value(0)).number, key))


def csv_response(asked: Asked, found: Answers, called: Names) -> Response:
    """A table to keep."""
    name = "-".join(["figures", *asked.measures[:1], *([asked.by] if asked.by else [])])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Vary": "Accept"}
    written = table(asked, found, called)
    return Response(written, media_type=f"{CSV}; charset=utf-8", headers=headers)


def table(asked: Asked, found: Answers, called: Names) -> bytes:
    """CSV in UTF-8 with a byte order mark, which spreadsheets need to read Chinese."""
    written = StringIO()
    lines = csv.writer(written)
    lines.writerow(map(harmless, head(asked)))
    for key in keys_of(asked.by, found):
        words = label(asked.by or "", key, called)
        cells = [cell for measure in asked.measures for cell in cells_of(measure, found, key)]
        lines.writerow([harmless(key), harmless(words), *cells])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def head(asked: Asked) -> list[str]:
    """Key, its name, then a column per count and three per rate."""
    columns = [asked.by or "", translated(DIMENSIONS[asked.by]) if asked.by else ""]
    for measure in asked.measures:
        unit = UNITS.get(unit_of(measure))
        name = translated(MEASURES[measure].name)
        columns.append(f"{name}（{translated(unit)}）" if unit else name)
        if measure in RATIOS:
            ratio = RATIOS[measure]
            columns += [
                translated(MEASURES[one].name) for one in (ratio.numerator, ratio.denominator)
            ]
    return columns


def cells_of(measure: str, found: Answers, key: str) -> Sequence[object]:
    """The cells of one measure in one line."""
    value = found[measure].get(key, nothing_of(measure))
    number = number_of(value)
    shown = "" if number is None else number
    return [shown] if value.of is None else [shown, value.number, value.of]
