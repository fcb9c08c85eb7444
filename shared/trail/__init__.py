"""The trail (审计记录): what was done, by whom, in chains that cannot be bent unnoticed."""

from shared.trail.deeds import Deed
from shared.trail.noting import note, note_all
from shared.trail.said import CONSOLE, SYSTEM, Chain, Doer, Noted, Said

__all__ = ["CONSOLE", "SYSTEM", "Chain", "Deed", "Doer", "Noted", "Said", "note", "note_all"]
