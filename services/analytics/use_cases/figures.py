"""Answer for figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from services.analytics.domain.figures import DIMENSIONS, MEASURES
from services.analytics.store import FactsStore
from services.analytics.store.questions import Answers, Filters, answers, questions
from shared.kernel import RuleError


class NoSuchMeasureError(RuleError):
    """There is no such figure."""


class NoSuchDimensionError(RuleError):
    """Figures cannot be told apart by that."""


class PeriodEndsBeforeItBeginsError(RuleError):
    """The last day lies before the first."""


@dataclass(frozen=True)
class Asked:
    """Which figures somebody wants: the measures, by what, and of which complaints and days."""

    measures: Sequence[str]
    by: str | None = None
    filters: Filters = field(default_factory=Filters)

    def check(self) -> None:
        """Raise what is wrong with the question."""
        for measure in self.measures:
            if measure not in MEASURES:
                raise NoSuchMeasureError(
                    "没有这个指标，可用的有：{known}。",
                    pointer="/measure",
                    known="、".join(MEASURES),
                )
        if self.by is not None and self.by not in DIMENSIONS:
            raise NoSuchDimensionError(
                "不能按这一项分组，可用的有：{known}。",
                pointer="/by",
                known="、".join(DIMENSIONS),
            )
        first, last = self.filters.first, self.filters.last
        if first is not None and last is not None and last < first:
            raise PeriodEndsBeforeItBeginsError(
                "结束日期早于开始日期，请改其中一个。", pointer="/to"
            )


async def figures(store: FactsStore, asked: Asked, today: date) -> Answers:
    """The values of the measures, in all or by a dimension, taken on a legal day.

    Raises NoSuchMeasureError, NoSuchDimensionError or PeriodEndsBeforeItBeginsError.
    """
    asked.check()
    found: Answers = {}
    for question in questions(asked.measures, asked.by, asked.filters, today):
        found |= answers(question, await store.ask(question.text, question.values))
    return found
