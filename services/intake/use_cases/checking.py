"""A complaint before it is kept: from whom, complete, and everything wrong with it at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.intake.domain.complaint import faults as faults_in
from services.intake.domain.errors import MissingFieldError, UnknownCodeError
from services.intake.domain.origin import in_origin
from services.intake.domain.record import Complaint
from services.intake.use_cases.notices import notices
from services.intake.use_cases.submission import ComplaintForm
from shared.acting import Caller
from shared.bodies import Bodies, Body
from shared.clock import local_day
from shared.kernel import RuleError, RuleErrors
from shared.rights import Action
from shared.trail import Doer

PUBLIC = "public"
FORM = "form"
EXTERNAL = "external"


class Sender(NamedTuple):
    """Who sends a complaint, and what that allows."""

    caller: str = PUBLIC
    """Whose idempotency keys these are."""
    trusted: bool = False
    """Staff, services and partners: may say where it comes from, and may know less."""
    registrar: UUID | None = None
    staff: Caller | None = None
    """Who of the staff it is, with their rights; strangers hand theirs in wherever they like."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A complaint that was found complete, with everything its row needs from outside."""

    complaint: Complaint
    body: Body
    sender: Sender
    key: str | None
    canonical: bytes
    doer: Doer | None = None
    """Who of the staff registers it, and by whose right; None: nobody does."""

    def caller_and_key(self) -> tuple[str, str | None]:
        """Under whose name which key is looked up; what comes from elsewhere has its own."""
        external = self.complaint.external
        if self.key is None and external.source and external.id:
            return EXTERNAL, f"{external.source} {external.id}"
        return self.sender.caller, self.key


def submitted(
    form: ComplaintForm, sender: Sender, key: str | None, bodies: Bodies, now: datetime
) -> Submission:
    """A submission that may be kept.

    Raises RuleErrors with everything that must be mended, NotAllowedError where the sender may
    register nothing in the body.
    """
    complaint = form.record()
    wrong = list(faults(complaint, sender, bodies, now))
    body = bodies.of(complaint.body)
    if wrong or body is None:
        raise RuleErrors(wrong)
    staff = sender.staff
    doer = staff.doing_in(Action.CASE_REGISTER, body.code) if staff else None
    return Submission(complaint, body, sender, key, form.canonical(), doer)


def is_notice_of(version: str, body: Body | None) -> bool:
    """Whether a body has, or had, a privacy notice of this version."""
    known = notices().of(version)
    return known is not None and (body is None or known.is_of(body.code))


def in_privacy(complaint: Complaint, sender: Sender, body: Body | None) -> Iterator[RuleError]:
    """What cannot be right about the notice and about consent to sensitive data (PIPL art. 29)."""
    if complaint.notice and not is_notice_of(complaint.notice, body):
        yield UnknownCodeError(
            "没有这个版本的隐私告知，请写您看过的那一版。", pointer="/privacy_notice"
        )
    if (
        sender.caller == FORM
        and complaint.complainant.id_number
        and not complaint.consents.sensitive
    ):
        yield MissingFieldError(
            "填了证件号码，请勾选同意处理敏感个人信息；不同意就不要填证件号码。",
            pointer="/consents/sensitive",
        )


def faults(
    complaint: Complaint, sender: Sender, bodies: Bodies, now: datetime
) -> Iterator[RuleError]:
    """Everything that is wrong with a complaint from this sender, in the order of the form."""
    may_know_less = sender.trusted and complaint.external.source is not None
    yield from faults_in(complaint, local_day(now), may_know_less=may_know_less)
    if bodies.of(complaint.body) is None:
        yield UnknownCodeError("没有这个代码的接收单位，请核对代码。", pointer="/body")
    yield from in_privacy(complaint, sender, bodies.of(complaint.body))
    yield from in_origin(complaint, now, trusted=sender.trusted)
