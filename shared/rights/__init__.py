"""Who may do what, and where: roles, actions, scopes and the one table that joins them (权限)."""

from shared.rights.grants import (
    EVERYTHING,
    NOTHING,
    ROLES,
    Grant,
    NotAllowedError,
    Rights,
    grant_from,
)
from shared.rights.hands import Hands, are_two
from shared.rights.reach import EVERYWHERE, Reach, Thing
from shared.rights.roles import Action, Role, Scope
from shared.rights.table import PERMISSIONS

__all__ = [
    "EVERYTHING",
    "EVERYWHERE",
    "NOTHING",
    "PERMISSIONS",
    "ROLES",
    "Action",
    "Grant",
    "Hands",
    "NotAllowedError",
    "Reach",
    "Rights",
    "Role",
    "Scope",
    "Thing",
    "are_two",
    "grant_from",
]
