"""The tables of mediation. Personal words are sealed; they are found again by blind index."""

from services.mediation.tables.base import Base
from services.mediation.tables.calendar import CalendarDayRow, CalendarVersionRow
from services.mediation.tables.case import CaseRow, ForwardingRow, HeardRow
from services.mediation.tables.door import (
    SEALED_FACTOR,
    SEALED_RECOVERY,
    ApiTokenRow,
    LoginFailureRow,
    RecoveryCodeRow,
    RecoveryRow,
    SecondFactorRow,
    SessionRow,
    SubjectRow,
)
from services.mediation.tables.log import SEALED_LOG, CaseLogRow
from services.mediation.tables.people import GrantRow, StandInRow, UnitRow
from services.mediation.tables.search import (
    SEALED_TEXT,
    SearchGenerationRow,
    SearchTextRow,
    SearchWantedRow,
)
from services.mediation.tables.staff import StaffRow
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
    "SEALED_FACTOR",
    "SEALED_LOG",
    "SEALED_RECOVERY",
    "SEALED_TEXT",
    "SEALED_WORDS",
    "AmendmentRow",
    "ApiTokenRow",
    "Base",
    "CalendarDayRow",
    "CalendarVersionRow",
    "CaseLogRow",
    "CaseLookupRow",
    "CaseRow",
    "CaseWordsRow",
    "ForwardingRow",
    "GrantRow",
    "HeardRow",
    "LoginFailureRow",
    "RecoveryCodeRow",
    "RecoveryRow",
    "SearchGenerationRow",
    "SearchTextRow",
    "SearchWantedRow",
    "SecondFactorRow",
    "SessionRow",
    "StaffRow",
    "StandInRow",
    "SubjectRow",
    "UnitRow",
    "WordsWantedRow",
]
