"""Steps that people take: each by itself, or those of one moment together."""

from services.mediation.use_cases.taking.single import take
from services.mediation.use_cases.taking.together import take_together
from services.mediation.use_cases.taking.wanted import Wanted

__all__ = ["Wanted", "take", "take_together"]
