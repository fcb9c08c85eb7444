"""Private decision -> public event: the only place. Codes and days, never names or words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Step
from shared.events import (
    CaseAccepted,
    CaseAgreed,
    CaseAmended,
    CaseAssigned,
    CaseClosed,
    CaseEvent,
    CaseFailed,
    CaseForwarded,
    CaseOpened,
    CaseRefused,
    CaseReopened,
    CaseWithdrawn,
    ReplyRecorded,
)
from shared.kernel import ComplaintId

SAYS: dict[Step, type[CaseEvent]] = {
    Step.ACCEPT: CaseAccepted,
    Step.REFUSE: CaseRefused,
    Step.NAME_RESPONDENT: CaseAmended,
    Step.FORWARD: CaseForwarded,
    Step.RECORD_REPLY: ReplyRecorded,
    Step.AGREE: CaseAgreed,
    Step.FAIL: CaseFailed,
    Step.WITHDRAW: CaseWithdrawn,
    Step.CLOSE: CaseClosed,
    Step.REOPEN: CaseReopened,
    Step.ASSIGN: CaseAssigned,
    Step.TAKE: CaseAssigned,
    Step.AMEND: CaseAmended,
    Step.NOTE: CaseAmended,
}


def opened(case: Mapping[str, Any], now: datetime) -> CaseOpened:
    """A case was opened; `case` holds the columns of its row."""
    return CaseOpened(
        occurred_at=now,
        complaint_id=case["complaint_id"],
        version=1,
        case_id=case["id"],
        body=case["body"],
        state=case["state"],
        due_on=case["due_on"],
        due_for=case["due_for"],
        due_status=case["due_status"],
        unit=str(case["unit"]) if case["unit"] else None,
    )


def stepped(
    case: Mapping[str, Any], step: Step, facts: Mapping[str, Any], now: datetime
) -> CaseEvent:
    """What a step says; `case` holds columns as they are after it, `facts` its public facts."""
    common: dict[str, Any] = {
        "occurred_at": now,
        "complaint_id": ComplaintId(UUID(str(case["complaint_id"]))),
        "version": case["version"],
        "case_id": case["id"],
        "body": case["body"],
        "state": case["state"],
        "due_on": case["due_on"],
        "due_for": case["due_for"],
        "due_status": case["due_status"],
    }
    return SAYS[step].model_validate(common | dict(facts))
