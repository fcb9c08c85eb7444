"""What an import is going to do, row by row, in sentences a person can check."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from shared.kernel import RuleError
from shared.sheets.problems import Remark

Doing = TypeVar("Doing")
Went = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


def unwatched(done: int, of: int) -> None:
    """Nobody waits for how far it is."""


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Planned(Generic[Doing]):
    """One row, what becomes of it, and why or what changes."""

    row: int
    key: str
    """The account or the code."""
    outcome: Outcome
    remarks: tuple[Remark, ...] = ()
    doing: Doing | None = None
    untoward: tuple[RuleError, ...] = ()
    """Of what it was refused for, that which the trail must tell of."""


@dataclass
class Plan(Generic[Doing]):
    """All rows, in the order of the file."""

    rows: list[Planned[Doing]] = field(default_factory=list)

    def of(self, *outcomes: Outcome) -> Sequence[Planned[Doing]]:
        """The rows with these outcomes."""
        return [one for one in self.rows if one.outcome in outcomes]

    @property
    def doings(self) -> list[Doing]:
        """What is to be done."""
        wanted = self.of(Outcome.NEW, Outcome.CHANGED)
        return [one.doing for one in wanted if one.doing is not None]

    @property
    def untoward(self) -> list[RuleError]:
        """What was refused of whoever imports, for the trail."""
        return [error for one in self.rows for error in one.untoward]

    def counts(self) -> dict[str, int]:
        """How many rows of each outcome, and of all."""
        counts = {one.value: len(self.of(one)) for one in Outcome}
        return {"read": len(self.rows)} | counts


def refused(row: int, key: str, *errors: RuleError) -> Planned[Any]:
    """A row that is left out, and how to mend it."""
    remarks = tuple(Remark(one.sentence, one.facts) for one in errors)
    untoward = tuple(one for one in errors if one.deed)
    return Planned(row, key, Outcome.REFUSED, remarks, untoward=untoward)
