"""The steps people take with a case, and what they are called."""

from enum import StrEnum


class Step(StrEnum):
    """What a person may do with a case (办理步骤).

    `accept` 受理; `refuse` 不予受理; `name-respondent` 登记被投诉人; `forward` 转送;
    `record-reply` 记录答复; `agree` 达成协议; `fail` 调解不成; `withdraw` 撤回; `close` 结案;
    `reopen` 重新办理; `assign` 分派; `take` 接办; `amend` 更正记录; `note` 备注.
    """

    ACCEPT = "accept"
    REFUSE = "refuse"
    NAME_RESPONDENT = "name-respondent"
    FORWARD = "forward"
    RECORD_REPLY = "record-reply"
    AGREE = "agree"
    FAIL = "fail"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    REOPEN = "reopen"
    ASSIGN = "assign"
    TAKE = "take"
    AMEND = "amend"
    NOTE = "note"


N_ = str
"""Marks Chinese words for translation; the edges translate."""
STEP_WORDS = {
    Step.ACCEPT: N_("受理投诉"),
    Step.REFUSE: N_("决定不予受理"),
    Step.NAME_RESPONDENT: N_("登记被投诉人"),
    Step.FORWARD: N_("转送"),
    Step.RECORD_REPLY: N_("记录答复"),
    Step.AGREE: N_("记录达成协议"),
    Step.FAIL: N_("记录调解不成"),
    Step.WITHDRAW: N_("记录撤回"),
    Step.CLOSE: N_("办理结案"),
    Step.REOPEN: N_("重新办理案件"),
    Step.ASSIGN: N_("分派"),
    Step.TAKE: N_("接办"),
    Step.AMEND: N_("更正记录"),
    Step.NOTE: N_("备注"),
}
