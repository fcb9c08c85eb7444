"""The dashboard's figures, all at once."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.analytics.domain.periods import Window, default_grain, window
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
"""Units within a body come with their assignment; until then a body is the unit."""
NOTHING = Value(0, 0)


@dataclass(frozen=True)
class Overview:
    """What the dashboard shows."""

    filters: Filters
    """As they were applied: with the body of the demonstration where nothing else is there."""
    demo: bool
    window: Window
    tiles: Answers
    flow: Answers
    breakdowns: dict[str, Answers]
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
    grain = grain or default_grain(filters.first, filters.last)
    shown = window(grain, filters.first, filters.last or await newest_day(store, filters, today))
    in_window = replace(filters, first=shown.first, last=shown.last)
    asked = [
        Asked(TILES, None, filters),
        Asked(FLOW, grain, in_window),
        Asked(["received"], "unit", Filters(codes=body_of(filters), within=filters.within)),
        *(Asked(FLOW, by, filters) for by in BREAKDOWNS),
    ]
    found = await asyncio.gather(*(figures(store, one, today) for one in asked))
    tiles, flow, units, *breakdowns = found
    return Overview(
        filters=filters,
        demo="demo" in (filters.within, filters.codes.get("body")),
        window=shown,
        tiles=tiles,
        flow=flow,
        breakdowns=dict(zip(BREAKDOWNS, breakdowns, strict=True)),
        units=sorted(unit for unit in units["received"] if unit),
    )


async def with_body(store: FactsStore, filters: Filters, today: date) -> Filters:
    """The filters with the demonstration's body where there is nothing but that."""
    if filters.codes.get("body") or filters.within:
        return filters
    demo = {"body": "demo"}
    if await any_received(store, {}, today) or not await any_received(store, demo, today):
        return filters
    return replace(filters, codes={**filters.codes, **demo})


async def any_received(store: FactsStore, codes: dict[str, str], today: date) -> bool:
    """Whether any complaint with these codes came in."""
    asked = Asked(["received"], None, Filters(codes=codes))
    return bool((await figures(store, asked, today))["received"])


def body_of(filters: Filters) -> dict[str, str]:
    """The filter of the body alone."""
    return {name: code for name, code in filters.codes.items() if name == "body"}


async def newest_day(store: FactsStore, filters: Filters, today: date) -> date:
    """Today, or where nothing came in lately, the last day on which something did."""
    lately = replace(filters, first=today - timedelta(days=29), last=today)
    if (await figures(store, Asked(["received"], None, lately), today))["received"]:
        return today
    days = (await figures(store, Asked(["received"], "day", filters), today))["received"]
    return max(map(date.fromisoformat, days), default=today)
