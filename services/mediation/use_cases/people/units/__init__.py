"""Units of a body (部门): how they are changed and listed. Ended units stay, none is deleted."""

from services.mediation.use_cases.people.units.changing import (
    UnitInUseError,
    change_unit,
    end_unit,
    make_unit,
)
from services.mediation.use_cases.people.units.listing import Listed, listed_units
from services.mediation.use_cases.people.units.moving import NoLoopError
from services.mediation.use_cases.people.units.wished import (
    BadUnitError,
    NoSuchUnitError,
    UnitTakenError,
    Wished,
    faults_of,
    unit_at_work,
    unit_in,
)

__all__ = [
    "BadUnitError",
    "Listed",
    "NoLoopError",
    "NoSuchUnitError",
    "UnitInUseError",
    "UnitTakenError",
    "Wished",
    "change_unit",
    "end_unit",
    "faults_of",
    "listed_units",
    "make_unit",
    "unit_at_work",
    "unit_in",
]
