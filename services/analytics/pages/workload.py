"""What lies in the hands of each unit (承办单位) now, and what of that is late, drawn."""

from typing import NamedTuple
from urllib.parse import urlencode

from services.analytics.answering import keys_of, nothing_of
from services.analytics.labels import DIMENSIONS, MEASURES, Names, label
from services.analytics.pages.drawn import BARS, CSV, Drawn
from services.analytics.use_cases import Overview
from services.analytics.use_cases.overview import WORKLOAD
from shared.i18n import N_, translated
from shared.web.charts import Parted, parted_chart


class Load(NamedTuple):
    """A unit, how many cases are open there, and how many of them are overdue."""

    unit: str
    open: int
    late: int


def workload(shown: Overview, called: Names) -> Drawn | None:
    """The chart with its table; None where no complaint has a unit."""
    loads = loads_of(shown, called)
    if not any(shown.units):
        return None
    title = translated(N_("各部门手上的案件"))
    words = translated(N_("现在在办的，不分什么时候收到"))
    names = translated(MEASURES["open"].name), translated(N_("其中超期"))
    bars = [Parted(*one, in_words(one)) for one in loads[:BARS]]
    chart = parted_chart("unit", title, words, names, bars)
    head = [translated(DIMENSIONS["unit"]), *(translated(MEASURES[one].name) for one in WORKLOAD)]
    asked = [*(("measure", one) for one in WORKLOAD), ("by", "unit"), *shown.filters.codes.items()]
    return Drawn("unit", title, words, chart, head, loads, CSV + urlencode(asked))


def loads_of(shown: Overview, called: Names) -> list[Load]:
    """Every unit with cases in its hands, the most first."""
    found = shown.workload
    return [
        Load(
            label("unit", key, called),
            *(found[one].get(key, nothing_of(one)).number for one in WORKLOAD),
        )
        for key in keys_of("unit", found)
    ]


def in_words(load: Load) -> str:
    """The numbers at the end of a bar: how many, and how many of them are late."""
    if not load.late:
        return f"{load.open:,}"
    words = translated(N_("{whole}，超期{late}"))
    return words.format(whole=f"{load.open:,}", late=f"{load.late:,}")
