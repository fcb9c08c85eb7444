"""What people may send: the fields of each step, the filters of a list, the version they saw.

For routes and pages alike: use cases are given what it means.
"""

from services.mediation.forms.audit import AuditAsked, cursor_of_trail
from services.mediation.forms.lists import (
    CaseQuery,
    Listing,
    UnknownCodeError,
    UnknownStateError,
    cursor_of,
    listing_of,
)
from services.mediation.forms.steps import (
    FIELDS,
    StepForm,
    VersionNeededError,
    version_in,
)

__all__ = [
    "FIELDS",
    "AuditAsked",
    "CaseQuery",
    "Listing",
    "StepForm",
    "UnknownCodeError",
    "UnknownStateError",
    "VersionNeededError",
    "cursor_of",
    "cursor_of_trail",
    "listing_of",
    "version_in",
]
