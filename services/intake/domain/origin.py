"""Where a complaint comes from: who may say so, and what cannot be right about it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.intake.domain.errors import MissingFieldError, OnlyForPartnersError
from services.intake.domain.record import Complaint
from shared.kernel import RuleError
from shared.record.errors import ImpossibleDateError
from shared.record.limits import check_not_too_early
from shared.terms import Channel

SELF_SERVICE = frozenset({Channel.WEB, Channel.APP})
"""The channels by which people send complaints themselves; the others count who was served."""
SKEW = timedelta(minutes=5)
"""By how much a partner's clock may be ahead of ours."""


def in_origin(complaint: Complaint, now: datetime, *, trusted: bool) -> Iterator[RuleError]:
    """What cannot be right about where it comes from, which only those say whom we know."""
    external = complaint.external
    if not trusted and complaint.channel not in SELF_SERVICE:
        yield OnlyForPartnersError(
            "渠道“{given}”只由工作人员、导入和合作系统登记；自己提交请填 web 或者 app。",
            pointer="/channel",
            given=str(complaint.channel),
        )
    if not any(external):
        return
    if not trusted:
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
