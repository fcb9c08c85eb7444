"""Background work of keeping: what is due is listed, what was approved or asked for is done."""

from collections.abc import Sequence
from typing import Protocol

from services.mediation.ports import Eraser, Letters, Privacy
from services.mediation.use_cases.privacy.copies import MakeCopies
from services.mediation.use_cases.privacy.erasures import CarryOutErasures
from services.mediation.use_cases.privacy.forgetting import ForgetRequests
from services.mediation.use_cases.privacy.listing import ListDue
from shared.bodies import Bodies
from shared.runtime.service import DatabaseStep


class Records(Eraser, Privacy, Protocol):
    """Intake, as far as keeping needs it."""


def keeping_steps(intake: Records, notification: Letters, bodies: Bodies) -> Sequence[DatabaseStep]:
    """All of it."""
    copies = MakeCopies(intake, notification, bodies)
    return [ListDue(), CarryOutErasures(intake), copies, ForgetRequests()]
