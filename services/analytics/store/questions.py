"""From measures, a dimension and filters to one question per table, and its answer.

Every name in a question comes from `domain/figures.py`; what a person chose is a value.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from services.analytics.domain.figures import CODES, COUNTS, RATIOS, Count
from services.analytics.store.walls import home_of, walls
from shared.rights import EVERYWHERE, Reach

DEMO = "coalesce(c.demo, c.case_body = 'demo', false)"
"""Whether a complaint is a fictitious one."""

REMOVED = "c.removed_version IS NOT NULL"
"""Whether a complaint was fictitious and is taken out."""

FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
BELOW = (
    "SELECT CAST(b.unit_id AS VARCHAR) FROM units AS b JOIN units AS t"
    " ON b.unit_body = t.unit_body AND starts_with(b.path, t.path)"
    " WHERE CAST(t.unit_id AS VARCHAR) = $code_unit"
)
"""A unit that is asked for, and all below it."""
RECEIVED = "c.received_on"
FROM = {
    "complaints": "FROM complaints AS c",
    "letters": "FROM letters AS l LEFT JOIN complaints AS c USING (complaint_id)",
}


@dataclass(frozen=True)
class Filters:
    """Which complaints, and which days (both included; None: without end)."""

    first: date | None = None
    last: date | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    """Dimension -> code; the empty code stands for complaints without one."""
    reach: Reach = EVERYWHERE
    """What the person who asks may see the figures of."""

    @property
    def home(self) -> str:
        """The body they may see something of, where it is one; empty: several, or all."""
        return home_of(self.reach)


class Value(NamedTuple):
    """A number; for a ratio the numerator, and what it is a part of."""

    number: int
    of: int | None = None


Answers = dict[str, dict[str, Value]]
"""Measure -> key of the dimension -> value."""


class Question(NamedTuple):
    """What is asked in one go: text, values, and the columns of the answer behind its key."""

    text: str
    values: Mapping[str, object]
    measures: Sequence[str]


def questions(
    measures: Iterable[str], by: str | None, filters: Filters, today: date
) -> Iterator[Question]:
    """The questions that answer all measures by one dimension (None: in all)."""
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for measure in measures:
        table = COUNTS[measure].table if measure in COUNTS else "complaints"
        day = day_of(measure) if by in FORMATS else ""
        together[table, day].append(measure)
    for (table, day), some in together.items():
        text = question(table, key(by, day), some, filters)
        days = {"first": filters.first, "last": filters.last, "today": today}
        chosen = {f"code_{name}": code for name, code in filters.codes.items()}
        given = {**days, **chosen, **walls(filters.reach).values}
        used = {name: value for name, value in given.items() if f"${name}" in text}
        yield Question(text, used, some)


def question(table: str, key: str, measures: Sequence[str], filters: Filters) -> str:
    """One question over one table."""
    columns = [column for measure in measures for column in columns_of(measure)]
    where = " AND ".join(["true", *conditions(filters)])
    return f"{FROM[table]} SELECT {key}, {', '.join(columns)} WHERE {where} GROUP BY ALL"


def key(by: str | None, day: str) -> str:
    """The expression that tells the rows of the answer apart."""
    if by is None:
        return "''"
    if by in FORMATS:
        return f"strftime({day}, '{FORMATS[by]}')"
    return f"coalesce({CODES[by]}, '')"


def conditions(filters: Filters) -> Iterator[str]:
    """Which complaints are asked for; fictitious ones only when their body is asked for."""
    yield f"NOT ({REMOVED})"
    if not filters.codes.get("body") and filters.home != "demo":
        yield f"NOT {DEMO}"
    if not filters.reach.whole(""):
        yield walls(filters.reach).text
    for name in filters.codes:
        same = f"coalesce({CODES[name]}, '') = $code_{name}"
        yield f"({same} OR c.unit IN ({BELOW}))" if name == "unit" else same


def day_of(measure: str) -> str:
    """The column of the day a measure counts on."""
    return COUNTS[measure].day if measure in COUNTS else RECEIVED


def columns_of(measure: str) -> list[str]:
    """One column for a count, numerator and denominator for a ratio."""
    if measure in COUNTS:
        count = COUNTS[measure]
        return [aggregate(count, count.condition, count.day)]
    ratio = RATIOS[measure]
    whole = COUNTS[ratio.denominator]
    part = f"({COUNTS[ratio.numerator].condition}) AND ({whole.condition})"
    return [aggregate(whole, one, RECEIVED) for one in (part, whole.condition)]


def aggregate(count: Count, condition: str, day: str) -> str:
    """How many fulfil a condition in the period."""
    what = f"sum({count.adds})" if count.adds else "count(*)"
    period = f"{day} >= coalesce($first, {day}) AND {day} <= coalesce($last, {day})"
    return f"coalesce({what} FILTER (WHERE ({condition}) AND {period}), 0)::BIGINT"


def answers(asked: Question, rows: Iterable[Sequence[Any]]) -> Answers:
    """The rows of an answer as values, without those of which there is nothing to say."""
    found: Answers = {measure: {} for measure in asked.measures}
    for row in rows:
        numbers = iter(row[1:])
        for measure in asked.measures:
            value = Value(next(numbers), next(numbers) if measure in RATIOS else None)
            if row[0] is not None and (value.number or value.of):
                found[measure][row[0]] = value
    return found
