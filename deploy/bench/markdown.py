"""Tables and figures in Markdown."""

import math
from collections.abc import Iterable, Sequence

THOUSAND = 100


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; every column but the first to the right."""
    sides = ["---", *("---:" for _ in titles[1:])]
    return "\n".join(line(cells) for cells in (titles, sides, *rows)) + "\n"


def line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def figure(value: float) -> str:
    """A figure with as many digits as it deserves."""
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "never"
    if abs(value) >= THOUSAND:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"  # noqa: PLR2004 - digits


def percent(value: float) -> str:
    return "-" if math.isnan(value) else f"{value * 100:.1f} %"


def mib(size: float) -> str:
    return f"{size / 2**20:,.0f}"
