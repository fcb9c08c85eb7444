"""Staff and units brought in from a spreadsheet: read, planned row by row, shown, then done.

What a row asks for and is so already is left alone: the same file twice changes nothing.
"""

from services.mediation.use_cases.people.importing.lines import (
    STAFF_COLUMNS,
    UNIT_COLUMNS,
    Columns,
    Line,
    lines_from,
    lines_of,
)
from services.mediation.use_cases.people.importing.plans import Outcome, Plan, Planned
from services.mediation.use_cases.people.importing.staff import import_staff, plan_staff
from services.mediation.use_cases.people.importing.unit_lines import plan_units
from services.mediation.use_cases.people.importing.units import import_units

__all__ = [
    "STAFF_COLUMNS",
    "UNIT_COLUMNS",
    "Columns",
    "Line",
    "Outcome",
    "Plan",
    "Planned",
    "import_staff",
    "import_units",
    "lines_from",
    "lines_of",
    "plan_staff",
    "plan_units",
]
