"""Everything that is wrong with one row, so that it is mended in one go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from shared.kernel import RuleError, RuleErrors

Found = TypeVar("Found")


@dataclass
class Faults:
    """What was found wrong so far, in the order of the columns."""

    found: list[RuleError] = field(default_factory=list)

    def tried(self, read: Callable[[], Found]) -> Found | None:
        """What was read; None where it cannot be, which is kept as a fault, or as several."""
        try:
            return read()
        except RuleErrors as several:
            self.found += several.errors
        except RuleError as error:
            self.found.append(error)
        return None
