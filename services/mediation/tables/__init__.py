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
from services.mediation.tables.invitations import InvitationRow
from services.mediation.tables.keeping import (
    SEALED_ASSESSMENT,
    SEALED_DECISION,
    SEALED_HOLD,
    SEALED_PART,
    SEALED_SUBJECT,
    AssessmentRow,
    CopyPartRow,
    ErasureRow,
    HoldRow,
    PrivacyRequestRow,
    RetentionDueRow,
    RetentionPeriodRow,
)
from services.mediation.tables.log import SEALED_LOG, CaseLogRow
from services.mediation.tables.people import GrantRow, RoleRequestRow, StandInRow, UnitRow
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
    "SEALED_ASSESSMENT",
    "SEALED_CHANGES",
    "SEALED_DECISION",
    "SEALED_FACTOR",
    "SEALED_HOLD",
    "SEALED_LOG",
    "SEALED_PART",
    "SEALED_RECOVERY",
    "SEALED_SUBJECT",
    "SEALED_TEXT",
    "SEALED_WORDS",
    "AmendmentRow",
    "ApiTokenRow",
    "AssessmentRow",
    "Base",
    "CalendarDayRow",
    "CalendarVersionRow",
    "CaseLogRow",
    "CaseLookupRow",
    "CaseRow",
    "CaseWordsRow",
    "CopyPartRow",
    "ErasureRow",
    "ForwardingRow",
    "GrantRow",
    "HeardRow",
    "HoldRow",
    "InvitationRow",
    "LoginFailureRow",
    "PrivacyRequestRow",
    "RecoveryCodeRow",
    "RecoveryRow",
    "RetentionDueRow",
    "RetentionPeriodRow",
    "RoleRequestRow",
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
