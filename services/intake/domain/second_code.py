"""The second code (二次验证码): opens letters where a body asks for more than number and code.

It goes to the e-mail address, or the mobile phone, that the complaint gave. Derived from the row
that owes it, so that nobody stores it; what is kept to compare with is an HMAC.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from services.intake.domain.lost_code import Known
from shared.masks import masked_email, masked_phone
from shared.text import crockford, normal_phone

LENGTH = 8
PURPOSE = "letters-code"
"""The name of the key that a code is derived with, and what such codes are kept under."""
GOOD_FOR = timedelta(minutes=10)
BETWEEN = timedelta(minutes=1)
"""Between two codes for one complaint."""
MOST_A_DAY = 5
"""Codes for one complaint in 24 hours."""
MOST_TO_ONE = 10
"""Codes to one address in 24 hours, whatever complaints they are for; lost codes count apart."""
MOST_TRIES = 5
"""So many times a code may be typed, wrongly or not; then it is worthless."""
AGAIN = timedelta(minutes=1)
"""When a sender that did not answer is asked once more: it may have taken the message and lost
the answer, so that each try may be a message that arrives."""
LATEST = timedelta(seconds=150)
"""How long after it was asked for a code may still leave: tries are `AGAIN` apart, so three."""

SUBJECT = "查看函件的验证码 / Code for your letters"
TEXT = """\
您好：

有人（应该就是您）要在网上查看您投诉的函件。验证码：{code}
10分钟以内，在刚才的网页上填这个验证码。只能用一次。工作人员不会问您要它。
如果不是您本人，请不用理会，函件不会打开；别人可能知道了您的查询码，请联系接收投诉的单位换一个。

Somebody (you, we suppose) wants to see the letters about your complaint. Code: {code}
Give it on that page within 10 minutes. It works once. Our staff never ask for it.
If it was not you, do nothing: the letters stay closed. Somebody may know your query code then, so
please ask the organisation that has your complaint for a new one.
"""
SHORT = "验证码{code}，10分钟内查看投诉函件用，只能用一次，勿告诉他人。"

_MOBILE = re.compile(r"1[3-9]\d{9}")


class By(StrEnum):
    """How a code goes out (发送方式): `email` 电子邮件; `sms` 短信."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True)
class Ways:
    """What can be sent at the moment: whether there is a mail server, and a sender of texts."""

    email: bool = False
    sms: bool = False


@dataclass(frozen=True)
class Destination:
    """Where a code goes."""

    by: By
    address: str = field(repr=False)

    @property
    def masked(self) -> str:
        """The address as it may be shown: z***@example.com, 138****0000."""
        hide = masked_email if self.by is By.EMAIL else masked_phone
        return hide(self.address)

    @property
    def material(self) -> bytes:
        """What stands for it: the same however it was typed."""
        same = self.address.casefold() if self.by is By.EMAIL else normal_phone(self.address)
        return f"{self.by} {same}".encode()


def destination(known: Known, ways: Ways) -> Destination | None:
    """Where a code goes: by e-mail where that works, else to a mobile phone; None: nowhere."""
    if known.email and ways.email:
        return Destination(By.EMAIL, known.email)
    if known.phone and ways.sms and _MOBILE.fullmatch(normal_phone(known.phone)):
        return Destination(By.SMS, known.phone)
    return None


def material(complaint_id: UUID, row: UUID) -> bytes:
    """What a code is derived from."""
    return complaint_id.bytes + row.bytes


def second_code(mac: bytes) -> str:
    """The first forty bits of the HMAC over `material`, in base 32."""
    return crockford(int.from_bytes(mac[:5], "big"), LENGTH)
