"""A complaint before it is kept: from whom, complete, and everything wrong with it at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.intake.domain.complaint import faults as faults_in
from services.intake.domain.errors import MissingFieldError, OnlyForPartnersError, UnknownCodeError
from services.intake.domain.record import Complaint
from services.intake.use_cases.submission import ComplaintForm
from shared.bodies import Bodies, Body
from shared.clock import local_day
from shared.kernel import RuleError, RuleErrors
from shared.record.errors import ImpossibleDateError
from shared.record.limits import check_not_too_early
from shared.terms import Channel

PUBLIC = "public"
SELF_SERVICE = frozenset({Channel.WEB, Channel.APP})
"""The channels by which people send complaints themselves; the others count who was served."""
EXTERNAL = "external"
SKEW = timedelta(minutes=5)
"""By how much a partner's clock may be ahead of ours."""


class Sender(NamedTuple):
    """Who sends a complaint, and what that allows."""

    caller: str = PUBLIC
    """Whose idempotency keys these are."""
    trusted: bool = False
    """Staff, services and partners: may say where it comes from, and may know less."""
    registrar: UUID | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A complaint that was found complete, with everything its row needs from outside."""

    complaint: Complaint
    body: Body
    sender: Sender
    key: str | None
    canonical: bytes

    def caller_and_key(self) -> tuple[str, str | None]:
        """Under whose name which key is looked up; what comes from elsewhere has its own."""
        external = self.complaint.external
        if self.key is None and external.source and external.id:
            return EXTERNAL, f"{external.source} {external.id}"
        return self.sender.caller, self.key


def submitted(
    form: ComplaintForm, sender: Sender, key: str | None, bodies: Bodies, now: datetime
) -> Submission:
    """A submission that may be kept. Raises RuleErrors with everything that must be mended."""
    complaint = form.record()
    wrong = list(faults(complaint, sender, bodies, now))
    body = bodies.of(complaint.body)
    if wrong or body is None:
        raise RuleErrors(wrong)
    return Submission(complaint, body, sender, key, form.canonical())


def faults(
    complaint: Complaint, sender: Sender, bodies: Bodies, now: datetime
) -> Iterator[RuleError]:
    """Everything that is wrong with a complaint from this sender, in the order of the form."""
    may_know_less = sender.trusted and complaint.external.source is not None
    yield from faults_in(complaint, local_day(now), may_know_less=may_know_less)
    if bodies.of(complaint.body) is None:
        yield UnknownCodeError(
            "没有代码为“{given}”的接收单位。", pointer="/body", given=complaint.body
        )
    yield from in_origin(complaint, sender, now)


def in_origin(complaint: Complaint, sender: Sender, now: datetime) -> Iterator[RuleError]:
    """What cannot be right about where it comes from, which only those say whom we know."""
    external = complaint.external
    if not sender.trusted and complaint.channel not in SELF_SERVICE:
        yield OnlyForPartnersError(
            "渠道“{given}”只由工作人员、导入和合作系统登记；自己提交请填 web 或者 app。",
            pointer="/channel",
            given=str(complaint.channel),
        )
    if not any(external):
        return
    if not sender.trusted:
        yield OnlyForPartnersError(
            "来源信息只供登录人员、导入和合作系统填写，请留空。", pointer="/external"
        )
        return
    if external.id and not external.source:
        yield MissingFieldError("填了原编号，请再填来源系统代码。", pointer="/external/source")
    if external.received_at and external.received_at > now + SKEW:
        yield ImpossibleDateError("接收时间不能晚于现在。", pointer="/external/received_at")
    elif external.received_at:
        try:
            check_not_too_early(external.received_at.date(), "/external/received_at")
        except RuleError as error:
            yield error
