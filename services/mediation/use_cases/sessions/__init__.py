"""Logging in and out, and telling sisters who a session belongs to."""

from services.mediation.domain.known_devices import GOOD_FOR as KNOWN_FOR
from services.mediation.domain.passwords import WeakPasswordError
from services.mediation.use_cases.sessions.factors import Here, confirm_factor, drop_factor
from services.mediation.use_cases.sessions.kept import (
    Caller,
    Session,
    begin,
    end_all,
    log_out,
    note_seen,
    purge_sessions,
    session_of,
    token_of,
)
from services.mediation.use_cases.sessions.login import (
    Login,
    PasswordMustChangeError,
    Proof,
    SecondFactorNeededError,
    TooLateError,
    WrongNameOrPasswordError,
    finish,
    log_in,
    prove,
)
from services.mediation.use_cases.sessions.mine import (
    Mine,
    change_password,
    end_mine,
    end_others,
    my_sessions,
    renewed,
)
from services.mediation.use_cases.sessions.proving import (
    NoSuchSessionError,
    ProofNeededError,
    Proving,
    SignOnAgainError,
    Typed,
    WrongPasswordError,
    prove_again,
    proving,
)
from services.mediation.use_cases.sessions.told import facts_of, staff_of

__all__ = [
    "KNOWN_FOR",
    "Caller",
    "Here",
    "Login",
    "Mine",
    "NoSuchSessionError",
    "PasswordMustChangeError",
    "Proof",
    "ProofNeededError",
    "Proving",
    "SecondFactorNeededError",
    "Session",
    "SignOnAgainError",
    "TooLateError",
    "Typed",
    "WeakPasswordError",
    "WrongNameOrPasswordError",
    "WrongPasswordError",
    "begin",
    "change_password",
    "confirm_factor",
    "drop_factor",
    "end_all",
    "end_mine",
    "end_others",
    "facts_of",
    "finish",
    "log_in",
    "log_out",
    "my_sessions",
    "note_seen",
    "prove",
    "prove_again",
    "proving",
    "purge_sessions",
    "renewed",
    "session_of",
    "staff_of",
    "token_of",
]
