"""The working-day calendar of this installation: read, and replaced year by year."""

from services.mediation.use_cases.calendar.file import Rows, read_days
from services.mediation.use_cases.calendar.importing import (
    CalendarChangedError,
    Plan,
    import_calendar,
    plan_import,
    provisional_cases,
)
from services.mediation.use_cases.calendar.reading import (
    BELIEVED,
    calendar_for,
    calendar_of_work,
)

__all__ = [
    "BELIEVED",
    "CalendarChangedError",
    "Plan",
    "Rows",
    "calendar_for",
    "calendar_of_work",
    "import_calendar",
    "plan_import",
    "provisional_cases",
    "read_days",
]
