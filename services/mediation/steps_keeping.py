"""Background work of keeping: what is due is listed, what was approved is carried out."""

from collections.abc import Sequence

from services.mediation.ports import Eraser
from services.mediation.use_cases.privacy.erasures import CarryOutErasures
from services.mediation.use_cases.privacy.retention import ListDue
from shared.runtime.service import DatabaseStep


def keeping_steps(intake: Eraser) -> Sequence[DatabaseStep]:
    """All of it."""
    return [ListDue(), CarryOutErasures(intake)]
