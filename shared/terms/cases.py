"""Where a case stands and how it ended: the codes that events carry, and their words."""

from enum import StrEnum


class State(StrEnum):
    """Where a case stands (案件状态).

    `registered` 已登记; `accepted` 已受理; `forwarded` 已转送; `replied` 商家已答复;
    `agreed` 达成协议; `failed` 调解不成; `withdrawn` 撤回; `closed` 结案.
    """

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    FORWARDED = "forwarded"
    REPLIED = "replied"
    AGREED = "agreed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


N_ = str
"""Marks Chinese words for translation; the edges translate."""
STATE_WORDS = {
    State.REGISTERED: N_("已登记"),
    State.ACCEPTED: N_("已受理"),
    State.FORWARDED: N_("已转送"),
    State.REPLIED: N_("商家已答复"),
    State.AGREED: N_("达成协议"),
    State.FAILED: N_("调解不成"),
    State.WITHDRAWN: N_("撤回"),
    State.CLOSED: N_("结案"),
}
OUTCOME_WORDS = {
    "agreed": N_("达成协议"),
    "failed": N_("调解不成"),
    "withdrawn": N_("撤回"),
    "refused": N_("不予受理"),
}
"""What a case is closed as (结案结果)."""
