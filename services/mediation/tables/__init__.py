"""The tables of mediation. Personal words are sealed; they are found again by blind index."""

from services.mediation.tables.base import Base
from services.mediation.tables.calendar import CalendarDayRow, CalendarVersionRow
from services.mediation.tables.case import CaseRow, ForwardingRow, HeardRow
from services.mediation.tables.log import SEALED_LOG, CaseLogRow
from services.mediation.tables.staff import LoginFailureRow, SessionRow, StaffRow
from services.mediation.tables.words import (
    SEALED_CHANGES,
    SEALED_WORDS,
    AmendmentRow,
    CaseLookupRow,
    CaseWordsRow,
    WordsWantedRow,
)

__all__ = [
    "SEALED_CHANGES",
    "SEALED_LOG",
    "SEALED_WORDS",
    "AmendmentRow",
    "Base",
    "CalendarDayRow",
    "CalendarVersionRow",
    "CaseLogRow",
    "CaseLookupRow",
    "CaseRow",
    "CaseWordsRow",
    "ForwardingRow",
    "HeardRow",
    "LoginFailureRow",
    "SessionRow",
    "StaffRow",
    "WordsWantedRow",
]
