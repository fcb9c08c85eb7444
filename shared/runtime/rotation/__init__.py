"""Everything that hangs on a key: found, counted, and sealed anew with the active one."""

from shared.runtime.rotation.columns import SealedTable, UnboundColumnError, sealed_tables
from shared.runtime.rotation.held import Companion, Counts, Held, Lot
from shared.runtime.rotation.holdings import Holdings, KeysInUse
from shared.runtime.rotation.proof import prove

__all__ = [
    "Companion",
    "Counts",
    "Held",
    "Holdings",
    "KeysInUse",
    "Lot",
    "SealedTable",
    "UnboundColumnError",
    "prove",
    "sealed_tables",
]
