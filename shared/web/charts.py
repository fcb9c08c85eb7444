"""Charts as inline SVG, made from numbers alone: no script, no fixed colour, nothing fetched.

Widths are percentages and heights are pixels, so a chart is as wide as its column while its words
stay as large as the page's own. Fills (``f1`` to ``f4``) and strokes (``l1`` to ``l4``) are classes
of the stylesheet; series also differ in marker and dash. Each chart has a title and a
description; its numbers belong in a table beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, log10
from unicodedata import east_asian_width

from markupsafe import Markup

ROW, TALL_ROW = 34, 50  # pixels from one bar to the next: label beside it, label above it
BAR = 22  # height of a bar, in pixels
BESIDE = 12  # widest label that has room beside its bar, in half-width characters
ROOMS = (("tick", 220), ("tick mid", 400), ("tick wide", 700))
"""Pixels of a plot from which on a label of this class is shown, as the stylesheet has it."""
HALF_WIDTH = 7.2  # pixels of a half-width character
BESIDE_AXIS = 3  # most characters that have room left of the plot of a narrow window
MOST_MARKERS = 31  # of one line; above that only where a label stands
LEFT, RIGHT = 10, 92  # percent: numbers stand left of the plot, half the last label right of it
PLOT = 190  # height of a line chart's plot, in pixels


@dataclass(frozen=True, slots=True)
class Series:
    """One named run of values, in the order of the chart's labels."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where labels and bars stand: label beside its bar if all are short, else above it."""

    above: bool

    @property
    def height(self) -> int:
        return TALL_ROW if self.above else ROW

    @property
    def left(self) -> float:
        return 0.2 if self.above else 27.0

    @property
    def room(self) -> float:
        """Percent of the width for the longest bar; the rest is for its number."""
        return 86.0 if self.above else 60.0

    def label(self, top: float, words: str) -> str:
        """The label of the row that begins at `top`."""
        if self.above:
            return _text((0, top + 16), words, "name")
        return _text((25, top + 20), words, "name", "end")

    def bar(self, top: float) -> float:
        """Where the bar of this row begins."""
        return top + (22 if self.above else 4)


def _rows(labels: Iterable[str]) -> _Rows:
    return _Rows(above=any(_width(label) > BESIDE for label in labels))


def _width(words: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in words)


def bar_chart(key: str, title: str, about: str, bars: Sequence[tuple[str, float]]) -> Markup:
    """Draw one horizontal bar per label with its value at the end; long labels stay readable."""
    longest = max((value for _, value in bars), default=0) or 1
    rows, parts = _rows(label for label, _ in bars), list[str]()
    for row, (label, value) in enumerate(bars):
        top, width = rows.height * row, rows.room * value / longest
        y = rows.bar(top)
        parts.append(rows.label(top, label))
        parts.append(_block(1, (rows.left, y, f"{width:.2f}%", BAR)))
        parts.append(_text((rows.left + width, y + 16), f"{value:,g}", "value", shift=8))
    x, bottom = f"{rows.left:g}%", rows.height * len(bars)
    parts.append(f'<line class="axis" x1="{x}" x2="{x}" y1="0" y2="{bottom - 4}"/>')
    return _svg(key, (title, about), bottom, parts)


def line_chart(
    key: str, title: str, about: str, labels: Sequence[str], series: Sequence[Series]
) -> Markup:
    """Draw up to four series over time; each has its own marker and dash besides its colour."""
    values = [value for one in series for value in one.values]
    top = _ceiling(max(values, default=0))
    if all(isinstance(value, int) for value in values):
        top = max(top, 4)  # things that are counted have no quarters
    first, parts = _below_legend(series), list(_legend(series))
    places = [
        LEFT + (RIGHT - LEFT) * index / max(len(labels) - 1, 1) for index in range(len(labels))
    ]
    parts += _scale(first, top)
    for index, kind in _ticks(labels):
        parts.append(_text((places[index], first + PLOT + 24), labels[index], kind, "middle"))
    for number, one in enumerate(series, start=1):
        points = [
            (x, first + PLOT * (1 - value / top))
            for x, value in zip(places, one.values, strict=True)
        ]
        for (x1, y1), (x2, y2) in pairwise(points):
            parts.append(
                f'<line class="l{number}" x1="{x1:.2f}%" x2="{x2:.2f}%" '
                f'y1="{y1:.1f}" y2="{y2:.1f}"/>'
            )
        apart = 1 if len(points) <= MOST_MARKERS else _apart(labels)[-1]
        parts += [_marker(number, x, y) for x, y in points[::-apart]]
    return _svg(key, (title, about), first + PLOT + 34, parts)


def _scale(first: float, top: float) -> Iterable[str]:
    """Four lines over the axis; numbers too long to stand beside them stand on them."""
    numbers = [f"{top * quarter / 4:,g}" for quarter in range(5)]
    beside = all(len(one) <= BESIDE_AXIS for one in numbers)
    for quarter, words in enumerate(numbers):
        y, kind = first + PLOT * (1 - quarter / 4), "grid" if quarter else "axis"
        start = f"{LEFT}%" if beside else "0%"
        yield f'<line class="{kind}" x1="{start}" x2="{RIGHT}%" y1="{y:g}" y2="{y:g}"/>'
        yield (
            _text((8.5, y + 5), words, "tick", "end")
            if beside
            else _text((0, y - 5), words, "tick")
        )


def _ticks(labels: Sequence[str]) -> Iterable[tuple[int, str]]:
    """Where labels stand along the axis, from the last one back, and from which room on.

    A chart with blank labels has chosen its own.
    """
    if not all(labels):
        yield from ((index, "tick") for index, label in enumerate(labels) if label)
        return
    for index in range(len(labels)):
        place = len(labels) - 1 - index
        for (kind, _), apart in zip(ROOMS, _apart(labels), strict=True):
            if place % apart == 0:
                yield index, kind
                break


def _apart(labels: Sequence[str]) -> list[int]:
    """Every how many labels one is shown in each room; what little room shows, more shows too."""
    need = 1.1 * HALF_WIDTH * max(map(_width, labels), default=0) + 6
    steps = [ceil(need * (len(labels) - 1) / room) for _, room in ROOMS]
    apart = [max(1, steps[-1])]
    for step in reversed(steps[:-1]):
        apart.insert(0, apart[0] * max(1, ceil(step / apart[0])))
    return apart


def _svg(key: str, words: tuple[str, str], height: float, parts: Iterable[str]) -> Markup:
    title, about = map(escape, words)
    named = f'role="img" aria-labelledby="{key}-title" aria-describedby="{key}-about"'
    start = f'<svg class="chart" {named} width="100%" height="{height:g}">'
    heads = f'<title id="{key}-title">{title}</title>', f'<desc id="{key}-about">{about}</desc>'
    # Every word that came from outside was escaped where it was written into its part.
    return Markup("\n".join((start, *heads, *parts, "</svg>")))  # noqa: S704 - as just said


def _text(
    at: tuple[float, float], words: str, kind: str, anchor: str = "start", shift: int = 0
) -> str:
    x, y = at
    place = f'x="{x:.2f}%" y="{y:g}" dx="{shift}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(words)}</text>'


def _legend(series: Sequence[Series]) -> Iterable[str]:
    for place, one in enumerate(series):
        x, y = (1, 50)[place % 2], 24 * (place // 2) + 4
        yield _marker(place + 1, x + 1, y + 8)
        yield _text((x, y + 12), one.name, "name", shift=22)


def _below_legend(series: Sequence[Series]) -> int:
    return 24 * ((len(series) + 1) // 2) + 16


def _block(number: int, box: tuple[float, float, str, float]) -> str:
    x, y, width, height = box
    place = f'x="{x:.2f}%" y="{y:g}" width="{width}" height="{height:g}"'
    return f'<rect class="f{number}" {place}/>'


def _marker(number: int, x: float, y: float) -> str:
    if number % 2:
        return f'<circle class="f{number}" cx="{x:.2f}%" cy="{y:.1f}" r="4.5"/>'
    box = f'x="{x:.2f}%" y="{y:.1f}" width="8" height="8"'
    return f'<rect class="f{number}" {box} transform="translate(-4 -4)"/>'


def _ceiling(value: float) -> float:
    """Round up to a number whose quarters are easy to read."""
    size = 10 ** floor(log10(value)) if value > 0 else 1
    return next(step * size for step in (1, 2, 4, 6, 8, 10) if step * size >= value)
