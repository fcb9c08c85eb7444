"""Units of a body (部门): the tree, and how it is changed. Ended units stay, nothing is deleted."""

from services.mediation.use_cases.people.units.changing import (
    NoLoopError,
    UnitInUseError,
    change_unit,
    end_unit,
    make_unit,
)
from services.mediation.use_cases.people.units.listing import Listed, listed_units
from services.mediation.use_cases.people.units.reading import (
    the_tree,
    tree_for,
    tree_of_work,
    unit_of,
    units_now,
)
from services.mediation.use_cases.people.units.wished import (
    BadUnitError,
    NoSuchUnitError,
    UnitTakenError,
    Wished,
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
    "listed_units",
    "make_unit",
    "the_tree",
    "tree_for",
    "tree_of_work",
    "unit_at_work",
    "unit_in",
    "unit_of",
    "units_now",
]
