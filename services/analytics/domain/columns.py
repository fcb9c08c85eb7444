"""Which columns complaints, letters and units have, and which event states which of them."""

from datetime import date, datetime
from uuid import UUID

from services.analytics.domain.registers import Register, Table

INTAKE = Register("intake_version")
RECEIVED = Register(
    "received_version",
    {
        "body": str, "demo": bool, "kind": str, "channel": str, "received_at": datetime,
        "received_on": date, "source": str,
    },
)  # fmt: skip
RECORD = Register(
    "record_version",
    {"region": str, "category": str, "nature": str, "amount_fen": int, "respondent_known": bool},
)
EVIDENCE = Register("evidence_version", {"files": int})
MEDIATION = Register(
    "mediation_version", {"case_body": str, "state": str, "due_on": date, "due_for": str}
)
OPENED = Register("opened_version", {"opened_on": date})
PLACED = Register("placed_version", {"unit": str, "assignee": str})
"""The unit (承办部门) it lies with, and who works on it."""
ACCEPTED = Register(
    "accepted_version", {"accepted_on": date, "forward_due": date, "mediate_due": date}, first=True
)
REFUSED = Register("refused_version", {"refused_on": date, "refused_reason": str})
FIRST_FORWARDED = Register("first_forwarded_version", {"first_forwarded_on": date}, first=True)
FORWARDED = Register("forwarded_version", {"serial": int, "forwarded_on": date, "reply_due": date})
REPLIED = Register("replied_version", {"replied_on": date, "in_time": bool}, first=True)
SETTLED = Register("settled_version", {"result": str, "settled_on": date, "failed_reason": str})
CLOSED = Register("closed_version", {"closed_on": date, "outcome": str, "recovered_fen": int})
REOPENED = Register("reopened_version", {"reopened_on": date})
NOTIFICATION = Register("notification_version")
REMOVED = Register("removed_version")
"""Stated of a fictitious complaint that was taken out again: it is in no figure any more."""

COMPLAINTS = Table(
    "complaints",
    "complaint_id",
    {},
    (
        INTAKE, RECEIVED, RECORD, EVIDENCE, MEDIATION, OPENED, PLACED, ACCEPTED, REFUSED,
        FIRST_FORWARDED, FORWARDED, REPLIED, SETTLED, CLOSED, REOPENED, NOTIFICATION, REMOVED,
    ),
)  # fmt: skip

PREPARED = Register("prepared_version", {"prepared_on": date}, first=True)
SENT = Register("sent_version", {"sent_on": date, "way": str}, first=True)
GIVEN_UP = Register("failed_version", {"failed_on": date, "reason": str})

LETTERS = Table(
    "letters", "letter_id", {"complaint_id": UUID, "kind": str}, (PREPARED, SENT, GIVEN_UP)
)

TOLD = Register(
    "unit_version",
    {"unit_body": str, "parent": UUID, "path": str, "code": str, "unit_name": str, "ended": bool},
)
UNITS = Table("units", "unit_id", {}, (TOLD,))
"""The tree of units (部门), as mediation tells it."""

OF_SOURCE = {"intake": INTAKE, "mediation": MEDIATION, "notification": NOTIFICATION}
"""What every event of a service states, whatever else it says."""

OF_COMPLAINT: dict[str, tuple[Register, ...]] = {
    "intake.complaint_received.v1": (RECEIVED, RECORD),
    "intake.complaint_amended.v1": (RECORD,),
    "intake.evidence_added.v1": (EVIDENCE,),
    "intake.complaint_removed.v1": (REMOVED,),
    "mediation.case_opened.v1": (OPENED, PLACED),
    "mediation.case_assigned.v1": (PLACED,),
    "mediation.case_accepted.v1": (ACCEPTED,),
    "mediation.case_refused.v1": (REFUSED, CLOSED),
    "mediation.case_forwarded.v1": (FIRST_FORWARDED, FORWARDED),
    "mediation.reply_recorded.v1": (REPLIED,),
    "mediation.case_agreed.v1": (SETTLED,),
    "mediation.case_failed.v1": (SETTLED,),
    "mediation.case_withdrawn.v1": (SETTLED,),
    "mediation.case_closed.v1": (CLOSED,),
    "mediation.case_reopened.v1": (REOPENED,),
}
OF_LETTER: dict[str, Register] = {
    "notification.letter_prepared.v1": PREPARED,
    "notification.letter_sent.v1": SENT,
    "notification.letter_failed.v1": GIVEN_UP,
}

OF_UNIT: dict[str, Register] = {"mediation.unit_changed.v1": TOLD}

RENAMED: dict[str, dict[str, str]] = {
    "mediation.case_opened.v1": {"opened_on": "occurred_on"},
    "mediation.case_refused.v1": {
        "refused_on": "occurred_on",
        "refused_reason": "reason",
        "closed_on": "occurred_on",
    },
    "mediation.case_forwarded.v1": {"first_forwarded_on": "forwarded_on"},
    "mediation.case_agreed.v1": {"settled_on": "occurred_on"},
    "mediation.case_failed.v1": {"settled_on": "occurred_on", "failed_reason": "reason"},
    "mediation.case_withdrawn.v1": {"settled_on": "occurred_on"},
    "mediation.case_reopened.v1": {"reopened_on": "occurred_on"},
    "mediation.unit_changed.v1": {"unit_body": "body"},
    "notification.letter_sent.v1": {"sent_on": "occurred_on"},
    "notification.letter_failed.v1": {"failed_on": "occurred_on"},
}
"""Column -> the event's own word for it, where they differ. A refusal closes on its day."""
RESULTS = {
    "mediation.case_agreed.v1": "agreed",
    "mediation.case_failed.v1": "failed",
    "mediation.case_withdrawn.v1": "withdrawn",
}

OUTCOMES = {"mediation.case_refused.v1": "refused"}
"""What a case was closed as by an event that does not say it: `case_closed` does."""
