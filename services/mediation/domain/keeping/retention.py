"""Classes of files and their periods (保存期限): from a dated data file, within legal minima."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from shared.kernel import RuleError

LONGEST = 1200
"""Months: a hundred years; longer is for ever."""


class TooShortError(RuleError):
    """Shorter than the law allows."""


class WrongPeriodError(RuleError):
    """No period of time."""


class BrokenRetentionError(Exception):
    """The data file of classes cannot be applied."""


class How(StrEnum):
    """What happens when a period is over."""

    APPROVAL = "approval"
    """It is listed, and a person approves that it goes."""
    STEP = "step"
    """It goes by itself: nobody has to decide about it."""
    NEVER = "never"
    """It stays; the period is what the law asks for at least."""


@dataclass(frozen=True)
class FileClass:
    """One class of files: when its period begins, how long it is, and why."""

    code: str
    name: Mapping[str, str]
    """In zh and en."""
    begins: Mapping[str, str]
    months: int | None
    """None: for ever (永久)."""
    minimum: int
    """Months that the law asks for at least; 0: it names none."""
    how: How
    source: Mapping[str, str]
    with_case: bool = False
    """Whether files of it stay and go with their case (随案件), by the case's own period."""
    of_cases: bool = False
    kinds: Sequence[str] = ()
    """Which cases are of it, by kind; none named: any."""
    outcomes: Sequence[str] = ()
    packs: Sequence[str] = ()

    def holds(self, facts: "CaseFacts") -> bool:
        """Whether a case is of this class."""
        return (
            self.of_cases
            and (not self.kinds or facts.kind in self.kinds)
            and (not self.outcomes or facts.outcome in self.outcomes)
            and (not self.packs or facts.pack in self.packs)
        )


@dataclass(frozen=True)
class CaseFacts:
    """What decides about the class of a case, and when its period is over."""

    kind: str
    outcome: str | None
    pack: str
    closed_on: date | None


@dataclass(frozen=True)
class Schedule:
    """All classes, with the periods that a body set itself."""

    valid_from: date
    classes: Sequence[FileClass]
    own: Mapping[str, int | None] = field(default_factory=dict)

    def class_of(self, facts: CaseFacts) -> FileClass:
        """The first class that a case is of; the data file ends with one for all."""
        return next(one for one in self.classes if one.holds(facts))

    def named(self, code: str) -> FileClass:
        """A class by its code. Raises WrongPeriodError."""
        for one in self.classes:
            if one.code == code:
                return one
        raise WrongPeriodError("没有这一类档案，请从列出的里面选一类。", pointer="/code")

    def months(self, one: FileClass) -> int | None:
        """How long files of a class are kept; None: for ever."""
        return self.own.get(one.code, one.months)

    def due_on(self, facts: CaseFacts) -> date | None:
        """From which day on a case may go; None: it is open, or kept for ever."""
        months = self.months(self.class_of(facts))
        if months is None or facts.closed_on is None:
            return None
        return after(facts.closed_on, months)

    def closed_by(self, facts: CaseFacts, today: date) -> date | None:
        """The last day on which a case of this class was closed that may go today.

        `closed_on` of the facts is not looked at. None: the class is kept for ever.
        """
        months = self.months(self.class_of(facts))
        return None if months is None else before(today, months)


def after(day: date, months: int) -> date:
    """The day so many months later, the last of its month where there is no such day.

    民法典 art. 202: a period of months ends on the day of the same number.
    """
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def before(day: date, months: int) -> date:
    """The last day from which so many months are over on `day`: what `after` leads back to.

    On the last day of a month the months of every later day of the first month are over, too.
    """
    begun = after(day, -months)
    if day.day < monthrange(day.year, day.month)[1]:
        return begun
    return begun.replace(day=monthrange(begun.year, begun.month)[1])


def checked(one: FileClass, months: int | None) -> int | None:
    """A period that a body may set. Raises TooShortError, WrongPeriodError."""
    if months is None:
        return None
    if not 0 < months <= LONGEST:
        raise WrongPeriodError(
            "保存期限要写成1到{most}个月，或者选永久。", pointer="/months", most=LONGEST
        )
    if months < one.minimum:
        raise TooShortError(
            "这一类档案依法至少保存{least}个月（{source}），不能改短。",
            pointer="/months",
            least=one.minimum,
            source=one.source["zh"],
        )
    return months


def schedule_of(data: Mapping[str, Any]) -> Schedule:
    """The data file, checked. Raises BrokenRetentionError."""
    try:
        classes = tuple(class_in(one) for one in data["classes"])
        valid_from = data["valid_from"]
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenRetentionError(f"retention: {error!r}") from error
    of_cases = [one for one in classes if one.of_cases]
    ends = bool(of_cases) and not (of_cases[-1].kinds or of_cases[-1].outcomes)
    if not ends or len({one.code for one in classes}) < len(classes):
        raise BrokenRetentionError("retention: no class for all other cases, or a code twice")
    for one in classes:
        checked(one, one.months)
    return Schedule(valid_from, classes)


def class_in(one: Mapping[str, Any]) -> FileClass:
    cases = one.get("cases")
    return FileClass(
        code=one["code"],
        name=one["name"],
        begins=one["begins"],
        months=one["months"],
        minimum=one["minimum"],
        how=How(one["how"]),
        source=one["source"],
        with_case=one.get("with_case", False),
        of_cases=cases is not None,
        kinds=(cases or {}).get("kinds", ()),
        outcomes=(cases or {}).get("outcomes", ()),
        packs=(cases or {}).get("packs", ()),
    )
