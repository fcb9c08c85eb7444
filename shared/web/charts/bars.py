"""Bars that lie: one per label, alone or with a part of each shown in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from shared.web.charts.drawing import (
    HALF_WIDTH,
    Series,
    below_legend,
    block,
    legend,
    svg,
    text,
    width,
)

ROW, TALL_ROW = 34, 50  # pixels from one bar to the next: label beside it, label above it
BAR = 22  # height of a bar, in pixels
BESIDE = 12  # widest label that has room beside its bar, in half-width characters
NARROWEST = 300  # pixels of a chart in a narrow window


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
            return text((0, top + 16), words, "name", shift=6)
        return text((25, top + 20), words, "name", "end")

    def bar(self, top: float) -> float:
        """Where the bar of this row begins."""
        return top + (22 if self.above else 4)


def _rows(labels: Iterable[str]) -> _Rows:
    return _Rows(above=any(width(label) > BESIDE for label in labels))


def bar_chart(key: str, title: str, about: str, bars: Sequence[tuple[str, float]]) -> Markup:
    """Draw one horizontal bar per label with its value at the end; long labels stay readable."""
    longest = max((value for _, value in bars), default=0) or 1
    rows, parts = _rows(label for label, _ in bars), list[str]()
    for row, (label, value) in enumerate(bars):
        top, long = rows.height * row, rows.room * value / longest
        y = rows.bar(top)
        parts.append(rows.label(top, label))
        parts.append(block(1, (rows.left, y, f"{long:.2f}%", BAR)))
        parts.append(text((rows.left + long, y + 16), f"{value:,g}", "value", shift=8))
    bottom = rows.height * len(bars)
    return svg(key, (title, about), bottom, [*parts, axis(rows, 0, bottom)])


@dataclass(frozen=True, slots=True)
class Parted:
    """A bar of which a part is shown."""

    label: str
    whole: float
    part: float
    words: str
    """What stands at its end: both numbers, for who cannot tell the colours apart."""


def parted_chart(
    key: str, title: str, about: str, names: tuple[str, str], bars: Sequence[Parted]
) -> Markup:
    """Draw one bar per label, a part of it over its beginning; `names` are of whole and part."""
    longest = max((one.whole for one in bars), default=0) or 1
    rows, named = _rows(one.label for one in bars), [Series(one, []) for one in names]
    ends = 100 * (HALF_WIDTH * max((width(one.words) for one in bars), default=0) + 10) / NARROWEST
    room, first = min(rows.room, 99 - rows.left - ends), below_legend(named)
    parts = list(legend(named))
    for row, one in enumerate(bars):
        top = first + rows.height * row
        y, long = rows.bar(top), room * one.whole / longest
        parts.append(rows.label(top, one.label))
        parts.append(block(1, (rows.left, y, f"{long:.2f}%", BAR)))
        if one.part:
            parts.append(block(2, (rows.left, y, f"{room * one.part / longest:.2f}%", BAR)))
        parts.append(text((rows.left + long, y + 16), one.words, "value", shift=8))
    bottom = first + rows.height * len(bars)
    return svg(key, (title, about), bottom, [*parts, axis(rows, first, bottom)])


def axis(rows: _Rows, top: float, bottom: float) -> str:
    """Where the bars begin."""
    x = f"{rows.left:g}%"
    return f'<line class="axis" x1="{x}" x2="{x}" y1="{top:g}" y2="{bottom - 4:g}"/>'
