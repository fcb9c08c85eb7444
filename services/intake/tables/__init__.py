"""The tables of intake: facts in the clear, everything personal sealed."""

from services.intake.tables.base import Base
from services.intake.tables.complaints import (
    COMPLAINANT,
    FILE_NAME,
    LOST_CODE,
    RESPONDENT,
    UPLOAD_NAME,
    WORDS,
    AmendmentRow,
    AttachmentRow,
    ComplaintRow,
    LostCodeRow,
    MailedCodeRow,
    PublicStepRow,
    UploadRow,
)
from services.intake.tables.keeping import (
    REPORTER,
    REPORTER_HERE,
    ErasedFileRow,
    ErasedRow,
    ReporterRow,
)

__all__ = [
    "COMPLAINANT",
    "FILE_NAME",
    "LOST_CODE",
    "REPORTER",
    "REPORTER_HERE",
    "RESPONDENT",
    "UPLOAD_NAME",
    "WORDS",
    "AmendmentRow",
    "AttachmentRow",
    "Base",
    "ComplaintRow",
    "ErasedFileRow",
    "ErasedRow",
    "LostCodeRow",
    "MailedCodeRow",
    "PublicStepRow",
    "ReporterRow",
    "UploadRow",
]
