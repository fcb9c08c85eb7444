"""A lost query code (查询码): who may have a new one by mail, and what the mail says."""

from datetime import datetime, timedelta
from typing import NamedTuple

from shared.text import folded, phone_key

GOOD_FOR = timedelta(minutes=30)
BETWEEN = timedelta(minutes=10)
"""Between two mails about one complaint: nobody's mailbox is flooded by somebody else."""
MOST_A_DAY = 3
GIVE_UP = timedelta(hours=1)
"""A request whose mail could not leave for so long is forgotten; it can be made again."""
AGAIN = timedelta(minutes=1)
"""The first pause after a try that nobody answered for."""
LEASE = timedelta(minutes=3)
"""How long whoever took a request has for answering it; then another process may."""

SUBJECT = "一次性代码 / One-time code"
TEXT = """\
您好：

有人（应该就是您）在网上说丢了投诉的查询码。一次性代码：{code}
30分钟以内，请打开 {address} ，填投诉编号和这个代码，就能得到新的查询码；原来的查询码同时作废。
如果不是您本人，请不用理会，什么也不会改变。

Somebody (you, we suppose) has lost the query code of a complaint. One-time code: {code}
Within 30 minutes, open {address} and give the number of the complaint and this code for a new query
code; the old one then stops working. If it was not you, do nothing: nothing changes.
"""


def again_at(asked_at: datetime, now: datetime) -> datetime:
    """When a mail that nobody answered for is tried again: twice as long as it has waited by now.

    So five tries within `GIVE_UP`, the last of them more than `GOOD_FOR` before its end: each may
    be a mail that arrives, though its answer was lost.
    """
    return now + max(AGAIN, 2 * (now - asked_at))


class Known(NamedTuple):
    """How the one who complained can be reached, as far as is known."""

    phone: str | None
    email: str | None


def fits(typed: str, known: Known) -> bool:
    """Whether what somebody typed is the telephone or the e-mail address that we know."""
    phone, email = phone_key(typed), folded(typed).casefold()
    same_phone = bool(phone) and bool(known.phone) and phone == phone_key(known.phone or "")
    return same_phone or (bool(email) and email == folded(known.email or "").casefold())
