"""What people may send: the fields of each step, the filters of a list, the version they saw."""

from services.mediation.use_cases.forms.lists import (
    CaseQuery,
    Listing,
    UnknownCodeError,
    UnknownStateError,
    cursor_of,
    listing_of,
)
from services.mediation.use_cases.forms.steps import (
    FIELDS,
    StepForm,
    VersionNeededError,
    version_in,
)

__all__ = [
    "FIELDS",
    "CaseQuery",
    "Listing",
    "StepForm",
    "UnknownCodeError",
    "UnknownStateError",
    "VersionNeededError",
    "cursor_of",
    "listing_of",
    "version_in",
]
