"""A case (案件): its states, which step leads where, and the days of its steps."""

from services.mediation.domain.case.course import (
    ANYWHERE,
    ENDED,
    LEADS_TO,
    OUTCOMES,
    REFUSED,
    RUNNING,
    ForwardingNotAgreedError,
    ImpossibleStepError,
    NotAComplaintError,
    RespondentUnknownError,
    Standing,
    advance,
    hindrance,
    lawful,
    leads_to,
)
from services.mediation.domain.case.days import (
    UnlawfulDayError,
    check_replied_on,
    check_reply_due,
)
from services.mediation.domain.case.steps import STEP_WORDS, Step
from shared.terms.cases import STATE_WORDS, State

__all__ = [
    "ANYWHERE",
    "ENDED",
    "LEADS_TO",
    "OUTCOMES",
    "REFUSED",
    "RUNNING",
    "STATE_WORDS",
    "STEP_WORDS",
    "ForwardingNotAgreedError",
    "ImpossibleStepError",
    "NotAComplaintError",
    "RespondentUnknownError",
    "Standing",
    "State",
    "Step",
    "UnlawfulDayError",
    "advance",
    "check_replied_on",
    "check_reply_due",
    "hindrance",
    "lawful",
    "leads_to",
]
