"""From figures to charts, tables and sentences, in the language of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from services.analytics.answering import keys_of, nothing_of, number_of
from services.analytics.domain.figures import MEASURES as KNOWN
from services.analytics.domain.figures import RATIOS
from services.analytics.labels import DIMENSIONS, MEASURES, Names, label
from services.analytics.pages.drawn import BARS, CSV, Drawn
from services.analytics.pages.workload import workload
from services.analytics.store.questions import Answers
from services.analytics.use_cases import Overview
from services.analytics.use_cases.overview import BREAKDOWNS, FLOW
from shared.i18n import N_, spoken, translated
from shared.terms import CATEGORIES, Channel, Kind, category_label
from shared.terms.cases import OUTCOME_WORDS
from shared.web.charts import Series, bar_chart, line_chart
from shared.web.words import MONTHS, full_day, number

TITLES = {
    "day": N_("每天收到、受理和结案"),
    "month": N_("每月收到、受理和结案"),
    "year": N_("每年收到、受理和结案"),
    "channel": N_("投诉从哪里来"),
    "category": N_("投诉的类别"),
    "body": N_("各机构收到的投诉"),
    "state": N_("办到哪一步"),
}
FINENESS = {
    "day": (N_("按日"), N_("按日（最后30天）")),
    "month": (N_("按月"), N_("按月（最后12个月）")),
    "year": (N_("按年"), N_("按年")),
}
"""What the grains are called: for the whole period, and where they can show its end alone."""


@dataclass(frozen=True)
class Drawing:
    """The dashboard's charts."""

    shown: Overview
    called: Names

    def number(self, measure: str) -> object:
        """The number of a tile; None of nothing."""
        return number_of(self.shown.tiles[measure].get("", nothing_of(measure)))

    def name(self, measure: str) -> str:
        """What a measure is called."""
        return translated(MEASURES[measure].name)

    def parts(self, measure: str) -> tuple[str, int, str, int]:
        """What a rate is made of: names and numbers of numerator and denominator."""
        ratio, value = RATIOS[measure], self.shown.tiles[measure].get("", nothing_of(measure))
        names = [translated(MEASURES[one].name) for one in (ratio.numerator, ratio.denominator)]
        return names[0], value.number, names[1], value.of or 0

    def outcomes(self) -> dict[str, int]:
        """How the closed ones ended: parts that add up to their number."""
        found = self.shown.outcomes
        known = {code: found.get(code, 0) for code in OUTCOME_WORDS}
        return known | {"others": sum(found.values()) - sum(known.values())}

    def grains(self) -> list[tuple[str, str, date | None]]:
        """How fine the chart can be: grain, words, and the first day where it must begin later."""
        found = []
        for grain, (whole, part) in FINENESS.items():
            first = self.shown.window.narrowed(grain)
            found.append((grain, translated(part if first else whole), first))
        return found

    def recovered(self) -> str:
        """In whole yuan, rounded half up."""
        return number((self.shown.tile("recovered").number + 50) // 100)

    def definitions(self) -> list[tuple[str, str]]:
        """Every figure and what it counts."""
        words = [MEASURES[measure] for measure in KNOWN]
        return [(translated(one.name), translated(one.definition)) for one in words]

    def flow(self) -> Drawn:
        """Received, accepted and closed over time."""
        window = self.shown.window
        keys = window.keys
        series = [
            Series(translated(MEASURES[one].name), [self._flow(one, key) for key in keys])
            for one in FLOW
        ]
        title = translated(TITLES[window.grain])
        words = translated(N_("{first}到{last}，件，和上面的数字是同一段时间")).format(
            first=full_day(window.first), last=full_day(window.last)
        )
        ticks = [point(window.grain, key) for key in keys]
        chart = line_chart("flow", title, words, ticks, series)
        head = [translated(DIMENSIONS[window.grain]), *(one.name for one in series)]
        rows = [[point(window.grain, key), *(self._flow(one, key) for one in FLOW)] for key in keys]
        days = {"from": window.first.isoformat(), "to": window.last.isoformat()}
        return Drawn("flow", title, words, chart, head, rows, self._csv(window.grain, days))

    def _flow(self, measure: str, key: str) -> int:
        return self.shown.flow[measure].get(key, nothing_of(measure)).number

    def workload(self) -> Drawn | None:
        """What is open in each unit now, and late of that."""
        return workload(self.shown, self.called)

    def breakdowns(self) -> list[Drawn]:
        """By channel, category, body and state."""
        return [self._breakdown(by, self.shown.breakdowns[by]) for by in BREAKDOWNS]

    def _breakdown(self, by: str, found: Answers) -> Drawn:
        rows: list[list[object]] = []
        for key in keys_of(by, found):
            values = [found[one].get(key, nothing_of(one)).number for one in FLOW]
            rows.append([label(by, key, self.called), *values])
        bars = [(str(row[0]), float(str(row[1]))) for row in rows[:BARS]]
        title, words = translated(TITLES[by]), self._shares(rows)
        head = [translated(DIMENSIONS[by]), *(translated(MEASURES[one].name) for one in FLOW)]
        return Drawn(by, title, words, bar_chart(by, title, words, bars), head, rows, self._csv(by))

    def _shares(self, rows: Sequence[Sequence[object]]) -> str:
        total = sum(int(str(row[1])) for row in rows)
        return translated(N_("收到的件数，合计{total}")).format(total=f"{total:,}")

    def _csv(self, by: str, days: dict[str, str] | None = None) -> str:
        filters = self.shown.filters
        given = {"from": filters.first, "to": filters.last}
        period = {name: day.isoformat() for name, day in given.items() if day}
        pairs = [("measure", one) for one in FLOW] + [("by", by)]
        pairs += [*(period | (days or {})).items(), *filters.codes.items()]
        return CSV + urlencode(pairs)

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What the filters offer."""
        language = spoken()
        return {
            "channel": Channel.choices(language),
            "category": [(code, category_label(code, language)) for code in CATEGORIES],
            "unit": sorted(
                ((unit, label("unit", unit, self.called)) for unit in self.shown.units),
                key=lambda one: one[1],
            ),
            "kind": Kind.choices(language),
            "body": [
                (body.code, body.short)
                for body in self.called.bodies.known
                if self.shown.filters.reach.touches(body.code)
            ],
        }


def point(grain: str, key: str) -> str:
    """A day, month or year as people write it; the title of the chart has the year of its days."""
    if not key or grain == "year":
        return key
    year, month, day = map(int, (*key.split("-"), "1")[:3])
    if spoken() == "en":
        return f"{MONTHS[month - 1]} {year}" if grain == "month" else f"{day} {MONTHS[month - 1]}"
    return f"{year}年{month}月" if grain == "month" else f"{month}月{day}日"
