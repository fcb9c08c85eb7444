"""What mediation states. `state` is always the state of the case after the step."""

from datetime import date
from uuid import UUID

from shared.events.base import ComplaintEvent


class CaseEvent(ComplaintEvent):
    """What every event of a case carries."""

    case_id: UUID
    body: str
    state: str
    due_on: date | None = None
    """The earliest legal day that runs now, if any."""
    due_for: str | None = None
    """Which clock that day belongs to: accept, forward, reply, mediate."""
    due_status: str | None = None
    """How sure that day is: FINAL; PROVISIONAL while the calendar of its year is not published."""


class CaseOpened(CaseEvent):
    """A case was opened for a complaint (登记)."""

    TYPE = "mediation.case_opened.v1"
    unit: str | None = None
    """The id of the unit it lies with; None: the body itself."""


class CaseAccepted(CaseEvent):
    """The complaint was accepted (受理); the clocks of forwarding and mediation run."""

    TYPE = "mediation.case_accepted.v1"
    accepted_on: date
    forward_due: date
    mediate_due: date


class CaseRefused(CaseEvent):
    """The complaint was not accepted (不予受理), for a reason of the rule pack. Closes."""

    TYPE = "mediation.case_refused.v1"
    reason: str


class CaseForwarded(CaseEvent):
    """The case was sent on to the respondent (转送); a forwarding letter is owed."""

    TYPE = "mediation.case_forwarded.v1"
    serial: int
    """1 for the first forwarding of this case, 2 for the next."""
    forwarded_on: date
    reply_due: date


class ReplyRecorded(CaseEvent):
    """The respondent answered (答复)."""

    TYPE = "mediation.reply_recorded.v1"
    replied_on: date
    in_time: bool


class CaseAgreed(CaseEvent):
    """The parties agreed (达成协议)."""

    TYPE = "mediation.case_agreed.v1"
    recovered_fen: int | None = None


class CaseFailed(CaseEvent):
    """The mediation failed (调解不成)."""

    TYPE = "mediation.case_failed.v1"
    reason: str


class CaseWithdrawn(CaseEvent):
    """The complainant withdrew (撤回)."""

    TYPE = "mediation.case_withdrawn.v1"


class CaseClosed(CaseEvent):
    """The case was closed (结案)."""

    TYPE = "mediation.case_closed.v1"
    outcome: str
    """agreed, failed, withdrawn or refused."""
    closed_on: date
    recovered_fen: int | None = None


class CaseReopened(CaseEvent):
    """A case was taken up again (重新办理)."""

    TYPE = "mediation.case_reopened.v1"


class CaseAssigned(CaseEvent):
    """Somebody took the case or was given it (分派)."""

    TYPE = "mediation.case_assigned.v1"
    assignee: UUID | None = None
    unit: UUID | None = None
    """The unit it lies with now; None: the body itself."""


class CaseAmended(CaseEvent):
    """The record was corrected by staff; `fields` are JSON pointers of the complaint."""

    TYPE = "mediation.case_amended.v1"
    fields: tuple[str, ...]


ALL_OF_MEDIATION: tuple[type[CaseEvent], ...] = (
    CaseOpened, CaseAccepted, CaseRefused, CaseForwarded, ReplyRecorded, CaseAgreed, CaseFailed,
    CaseWithdrawn, CaseClosed, CaseReopened, CaseAssigned, CaseAmended,
)  # fmt: skip

__all__ = [one.__name__ for one in ALL_OF_MEDIATION] + ["ALL_OF_MEDIATION", "CaseEvent"]
