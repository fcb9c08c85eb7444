"""Legal periods: the last day of each, and the data from which that day can be told again."""

from services.mediation.domain.legal_clock.last_day import (
    Deadline,
    ExtensionTooEarlyError,
    ExtensionTooLateError,
    Status,
    deadline,
)
from services.mediation.domain.legal_clock.period import (
    BackwardsPauseError,
    Course,
    Extension,
    NoExtensionError,
    Pause,
    Period,
    Roll,
    Unit,
)

__all__ = [
    "BackwardsPauseError",
    "Course",
    "Deadline",
    "Extension",
    "ExtensionTooEarlyError",
    "ExtensionTooLateError",
    "NoExtensionError",
    "Pause",
    "Period",
    "Roll",
    "Status",
    "Unit",
    "deadline",
]
