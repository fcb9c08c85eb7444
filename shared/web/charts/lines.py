"""Lines over time: up to four series, each with its own marker and dash besides its colour."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, floor, log10

from markupsafe import Markup

from shared.web.charts.drawing import (
    HALF_WIDTH,
    Series,
    below_legend,
    legend,
    marker,
    svg,
    text,
    width,
)

ROOMS = (("tick", 220), ("tick mid", 400), ("tick wide", 700))
"""Pixels of a plot from which on a label of this class is shown, as the stylesheet has it."""
BESIDE_AXIS = 3  # most characters that have room left of the plot of a narrow window
MOST_MARKERS = 31  # of one line; above that only where a label stands
LEFT, RIGHT = 10, 92  # percent: numbers stand left of the plot, half the last label right of it
PLOT = 190  # height of a line chart's plot, in pixels


def line_chart(
    key: str, title: str, about: str, labels: Sequence[str], series: Sequence[Series]
) -> Markup:
    """Draw up to four series over time; each has its own marker and dash besides its colour."""
    values = [value for one in series for value in one.values]
    top = _ceiling(max(values, default=0))
    if all(isinstance(value, int) for value in values):
        top = max(top, 4)  # things that are counted have no quarters
    first, parts = below_legend(series), list(legend(series))
    places = [
        LEFT + (RIGHT - LEFT) * index / max(len(labels) - 1, 1) for index in range(len(labels))
    ]
    parts += _scale(first, top)
    for index, kind in _ticks(labels):
        parts.append(text((places[index], first + PLOT + 24), labels[index], kind, "middle"))
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
        parts += [marker(number, x, y) for x, y in points[::-apart]]
    return svg(key, (title, about), first + PLOT + 34, parts)


def _scale(first: float, top: float) -> Iterable[str]:
    """Four lines over the axis; numbers too long to stand beside them stand on them."""
    numbers = [f"{top * quarter / 4:,g}" for quarter in range(5)]
    beside = all(len(one) <= BESIDE_AXIS for one in numbers)
    for quarter, words in enumerate(numbers):
        y, kind = first + PLOT * (1 - quarter / 4), "grid" if quarter else "axis"
        start = f"{LEFT}%" if beside else "0%"
        yield f'<line class="{kind}" x1="{start}" x2="{RIGHT}%" y1="{y:g}" y2="{y:g}"/>'
        yield (
            text((8.5, y + 5), words, "tick", "end") if beside else text((0, y - 5), words, "tick")
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
    need = 1.1 * HALF_WIDTH * max(map(width, labels), default=0) + 6
    steps = [ceil(need * (len(labels) - 1) / room) for _, room in ROOMS]
    apart = [max(1, steps[-1])]
    for step in reversed(steps[:-1]):
        apart.insert(0, apart[0] * max(1, ceil(step / apart[0])))
    return apart


def _ceiling(value: float) -> float:
    """Round up to a number whose quarters are easy to read."""
    size = 10 ** floor(log10(value)) if value > 0 else 1
    return next(step * size for step in (1, 2, 4, 6, 8, 10) if step * size >= value)
