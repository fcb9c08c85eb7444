"""The second factor of a log-in (双因素): codes of a telephone, and ten on paper."""

from services.mediation.use_cases.second_factor.codes import WrongCodeError
from services.mediation.use_cases.second_factor.enrolling import (
    AlreadyEnrolledError,
    Enrolment,
    NotEnrolledError,
    State,
    WrongOwnCodeError,
    begin_enrolling,
    confirm,
    renew_paper,
    state_of,
    take_away,
    turn_off,
)

__all__ = [
    "AlreadyEnrolledError",
    "Enrolment",
    "NotEnrolledError",
    "State",
    "WrongCodeError",
    "WrongOwnCodeError",
    "begin_enrolling",
    "confirm",
    "renew_paper",
    "state_of",
    "take_away",
    "turn_off",
]
