"""A chart with the table behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

CSV = "/analytics/figures.csv?"
BARS = 12
"""How many bars a chart has at most; the table has them all."""


@dataclass(frozen=True)
class Drawn:
    """A chart and the table behind it."""

    key: str
    title: str
    words: str
    chart: Markup
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    csv: str
