"""Units of an organisation (部门): a tree of any depth, kept by mediation, followed by sisters."""

from shared.units.following import note_units, tree_for
from shared.units.sight import Place, Sight, sight_of
from shared.units.tree import NO_UNITS, Tree, Unit, path_of
from shared.units.within import within

__all__ = [
    "NO_UNITS",
    "Place",
    "Sight",
    "Tree",
    "Unit",
    "note_units",
    "path_of",
    "sight_of",
    "tree_for",
    "within",
]
