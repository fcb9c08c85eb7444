"""Usual letters; tests override what matters."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.notification.domain.facts import Claim, Enclosure, Facts, Respondent, Sender
from services.notification.domain.forwarding import compose
from services.notification.domain.letter import Identity, Letter

FACTS = Facts(
    case_number="260618-7QK3M9XWD",
    serial=1,
    forwarded_on=date(2026, 6, 23),
    reply_due=date(2026, 6, 29),
    sender=Sender("安澜市消费者权益保护委员会", "0999-12315", "安澜市滨江路100号"),
    respondent=Respondent("安澜迅修手机维修店", "安澜市中山路8号", "shop@example.invalid", ""),
    text="换屏三天后屏幕开裂。\n与店方协商三次，未果。",
    subject="手机换屏后开裂",
    complainant="张小满",
    names=("张小满",),
    may_be_named=True,
    happened_on=date(2026, 6, 1),
    goods="手机屏幕更换",
    order_no="A-1024",
    amount_fen=129900,
    claims=(Claim("退还价款或者费用", 129900), Claim("赔礼道歉")),
    evidence=("保修卡", "证人李某"),
    files=(Enclosure(UUID(int=1), "购物小票照片.jpg"), Enclosure(UUID(int=2), "聊天记录.png")),
    contact="林调解员",
)
IDENTITY = Identity(
    document_number="消转〔2026〕12号",
    issued_on=date(2026, 6, 23),
    check_code="7QK3-M9XW-D2AB",
    check_url="http://test/notification/verify?number=12&code=7QK3M9XWD2AB",
)


def facts(**other: Any) -> Facts:
    """Complete facts, but for what is given."""
    return replace(FACTS, **other)


def a_letter(**other: Any) -> Letter:
    """The letter of these facts."""
    return compose(facts(**other), IDENTITY)
