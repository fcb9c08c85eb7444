"""Units of an organisation (部门): a tree of any depth, kept by mediation, followed by sisters."""

from shared.units.tree import NO_UNITS, Tree, Unit, path_of
from shared.units.within import within

__all__ = ["NO_UNITS", "Tree", "Unit", "path_of", "within"]
