"""Charts as inline SVG, made from numbers alone: no script, no fixed colour, nothing fetched.

Widths are percentages and heights are pixels, so a chart is as wide as its column while its words
stay as large as the page's own. Fills (``f1`` to ``f4``) and strokes (``l1`` to ``l4``) are classes
of the stylesheet; series also differ in marker and dash. Each chart has a title and a
description; its numbers belong in a table beside it.
"""

from shared.web.charts.bars import Parted, bar_chart, parted_chart
from shared.web.charts.drawing import Series
from shared.web.charts.lines import line_chart

__all__ = ["Parted", "Series", "bar_chart", "line_chart", "parted_chart"]
