"""The dashboard's figures, all at once."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.analytics.domain.periods import Window, window
from services.analytics.store import FactsStore
from services.analytics.store.questions import Answers, Filters, Value
from services.analytics.use_cases.figures import Asked, figures

TILES = (
    "received", "accepted", "refused", "closed", "open", "overdue", "agreed", "failed",
    "withdrawn", "letters_prepared", "letters_sent", "letters_failed", "recovered",
    "closing_rate", "agreement_rate", "reply_rate",
)  # fmt: skip
FLOW = ("received", "accepted", "closed")
BREAKDOWNS = ("channel", "category", "body", "state")
WORKLOAD = ("open", "overdue")
NOTHING = Value(0, 0)
LATELY = timedelta(days=29)


@dataclass(frozen=True)
class Overview:
    """What the dashboard shows."""

    filters: Filters
    """As they were applied: with the body of the demonstration where nothing else is there."""
    demo: bool
    window: Window
    tiles: Answers
    flow: Answers
    """By the steps of the window; over all of them they add up to the tiles."""
    outcomes: dict[str, int]
    """How the closed ones ended; they add up to the tile of the closed ones."""
    breakdowns: dict[str, Answers]
    workload: Answers
    """What is open now by unit (承办单位), and late of that; the period does not matter."""
    units: list[str]
    """The units that complaints have."""

    def tile(self, measure: str) -> Value:
        """The value of a measure in all."""
        return self.tiles[measure].get("", NOTHING)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.tile("received").number and not self.tile("accepted").number


async def overview(store: FactsStore, filters: Filters, grain: str | None, today: date) -> Overview:
    """Everything the dashboard shows for these filters, taken on a legal day.

    Where nobody asked for a body and there are only fictitious complaints, those are shown to
    whoever may see all bodies.
    """
    filters = await with_body(store, filters, today)
    asked = [
        Asked(TILES, None, filters),
        Asked(FLOW, "day", filters),
        Asked(["closed"], "outcome", filters),
        Asked(["received"], "unit", Filters(codes=body_of(filters), reach=filters.reach)),
        Asked(WORKLOAD, "unit", replace(filters, first=None, last=None)),
        *(Asked(FLOW, by, filters) for by in BREAKDOWNS),
    ]
    found = await asyncio.gather(*(figures(store, one, today) for one in asked))
    tiles, days, outcomes, units, workload, *breakdowns = found
    shown = window_of(filters, grain, days, today)
    return Overview(
        filters=filters,
        demo="demo" in (filters.home, filters.codes.get("body")),
        window=shown,
        tiles=tiles,
        flow={measure: by_step(shown, values) for measure, values in days.items()},
        outcomes={key: value.number for key, value in outcomes["closed"].items()},
        breakdowns=dict(zip(BREAKDOWNS, breakdowns, strict=True)),
        workload=workload,
        units=sorted(unit for unit in units["received"] if unit),
    )


async def with_body(store: FactsStore, filters: Filters, today: date) -> Filters:
    """The filters with the demonstration's body where there is nothing but that."""
    if filters.codes.get("body") or filters.home:
        return filters
    demo = {"body": "demo"}
    mine = Filters(reach=filters.reach)
    if await any_received(store, mine, today):
        return filters
    if not await any_received(store, replace(mine, codes=demo), today):
        return filters
    return replace(filters, codes={**filters.codes, **demo})


async def any_received(store: FactsStore, filters: Filters, today: date) -> bool:
    """Whether any such complaint came in."""
    asked = Asked(["received"], None, filters)
    return bool((await figures(store, asked, today))["received"])


def body_of(filters: Filters) -> dict[str, str]:
    """The filter of the body alone."""
    return {name: code for name, code in filters.codes.items() if name == "body"}


def window_of(filters: Filters, grain: str | None, days: Answers, today: date) -> Window:
    """The period of the tiles: as asked for, and else from the first to the last figure.

    It goes on until today, unless nothing happened lately.
    """
    counted = sorted({date.fromisoformat(day) for values in days.values() for day in values})
    oldest, newest = (counted[0], counted[-1]) if counted else (today, today)
    if newest >= today - LATELY:
        newest = max(newest, today)
    last = filters.last or max(newest, filters.first or newest)
    return window(grain, filters.first, last, oldest)


def by_step(shown: Window, days: dict[str, Value]) -> dict[str, Value]:
    """Counts by day as counts by step."""
    found: dict[str, Value] = {}
    for day, value in days.items():
        key = shown.key(day)
        found[key] = Value(found.get(key, Value(0)).number + value.number)
    return found
