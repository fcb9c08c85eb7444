"""A complaint as it is sent to us: the JSON of the API, tidied while it is read."""

from services.intake.use_cases.submission.complaint import (
    ComplaintForm,
    ExternalForm,
)
from services.intake.use_cases.submission.matter import ClaimForm, ConsentsForm, MatterForm
from services.intake.use_cases.submission.parties import (
    AgentForm,
    ComplainantForm,
    JointForm,
    RespondentForm,
)
from services.intake.use_cases.submission.registered import RegisteredForm, StaffSaid

__all__ = [
    "AgentForm",
    "ClaimForm",
    "ComplainantForm",
    "ComplaintForm",
    "ConsentsForm",
    "ExternalForm",
    "JointForm",
    "MatterForm",
    "RegisteredForm",
    "RespondentForm",
    "StaffSaid",
]
