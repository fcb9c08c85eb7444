"""The states of a case, and which step leads where. The table is also the picture in the docs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.kernel import ConflictError, RuleError


class State(StrEnum):
    """Where a case stands (案件状态).

    `registered` 已登记; `accepted` 已受理; `forwarded` 已转送; `replied` 商家已答复;
    `agreed` 达成协议; `failed` 调解不成; `withdrawn` 撤回; `closed` 结案.
    """

    REGISTERED = "registered"
    """已登记"""
    ACCEPTED = "accepted"
    """已受理"""
    FORWARDED = "forwarded"
    """已转送"""
    REPLIED = "replied"
    """商家已答复"""
    AGREED = "agreed"
    """达成协议"""
    FAILED = "failed"
    """调解不成"""
    WITHDRAWN = "withdrawn"
    """撤回"""
    CLOSED = "closed"
    """结案"""


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


class ImpossibleStepError(ConflictError):
    """The step is not lawful in the state the case is in."""


class RespondentUnknownError(RuleError):
    """Nobody can be written to: the respondent has no name yet."""


class ForwardingNotAgreedError(RuleError):
    """The complainant said no to passing it on (个人信息保护法第二十三条)."""


class UnlawfulDayError(RuleError):
    """A day that is given for a step lies where it cannot."""


N_ = str
"""Marks Chinese words for translation; the edges translate."""
S = State
LEADS_TO: dict[tuple[State, Step], State] = {
    (S.REGISTERED, Step.ACCEPT): S.ACCEPTED,
    (S.REGISTERED, Step.REFUSE): S.CLOSED,
    (S.REGISTERED, Step.WITHDRAW): S.WITHDRAWN,
    (S.ACCEPTED, Step.FORWARD): S.FORWARDED,
    (S.ACCEPTED, Step.AGREE): S.AGREED,
    (S.ACCEPTED, Step.FAIL): S.FAILED,
    (S.ACCEPTED, Step.WITHDRAW): S.WITHDRAWN,
    (S.FORWARDED, Step.RECORD_REPLY): S.REPLIED,
    (S.FORWARDED, Step.AGREE): S.AGREED,
    (S.FORWARDED, Step.FAIL): S.FAILED,
    (S.FORWARDED, Step.WITHDRAW): S.WITHDRAWN,
    (S.REPLIED, Step.AGREE): S.AGREED,
    (S.REPLIED, Step.FAIL): S.FAILED,
    (S.REPLIED, Step.WITHDRAW): S.WITHDRAWN,
    (S.REPLIED, Step.FORWARD): S.FORWARDED,
    (S.AGREED, Step.CLOSE): S.CLOSED,
    (S.FAILED, Step.CLOSE): S.CLOSED,
    (S.WITHDRAWN, Step.CLOSE): S.CLOSED,
}
ANYWHERE = (Step.NAME_RESPONDENT, Step.ASSIGN, Step.TAKE, Step.AMEND, Step.NOTE)
"""Steps that are lawful in every state and leave it as it is."""
ENDED = frozenset({S.AGREED, S.FAILED, S.WITHDRAWN, S.CLOSED})
"""No legal day runs any more; each of them may be reopened."""
OUTCOMES = {S.AGREED: "agreed", S.FAILED: "failed", S.WITHDRAWN: "withdrawn"}
"""What a case is closed as; a refusal closes as `refused`."""
REFUSED = "refused"
RUNNING: dict[State, tuple[str, ...]] = {
    S.REGISTERED: ("accept",),
    S.ACCEPTED: ("forward", "mediate"),
    S.FORWARDED: ("reply", "mediate"),
    S.REPLIED: ("mediate",),
}
"""The clocks that run in a state."""


@dataclass(frozen=True)
class Standing:
    """What the guards need to know of a case."""

    state: State
    respondent_named: bool
    """Whether it has a name: a letter cannot be written to a credit code."""
    accepted: bool
    """Whether it was ever accepted: decides where reopening leads."""
    may_forward: bool | None = None
    """Whether the complainant agreed that it is passed on; None: not stated, so a person asks."""


def leads_to(standing: Standing, step: Step) -> State | None:
    """The state `step` leads to, or None where it is not lawful."""
    if step in ANYWHERE:
        return standing.state
    if step is Step.REOPEN and standing.state in ENDED:
        return S.ACCEPTED if standing.accepted else S.REGISTERED
    return LEADS_TO.get((standing.state, step))


def lawful(standing: Standing) -> list[Step]:
    """The steps that are lawful now, in the order people meet them."""
    return [step for step in Step if leads_to(standing, step) and not hindrance(standing, step)]


def hindrance(standing: Standing, step: Step, *, overridden: bool = False) -> RuleError | None:
    """What is still missing for a step that the state would allow.

    That the complainant did not agree may be `overridden` by a person who gives the reason.
    """
    if step is Step.FORWARD and not standing.respondent_named:
        return RespondentUnknownError(
            "还没有登记被投诉人的名称，不能转送。请先登记被投诉人的名称。",
            pointer="/respondent/name",
        )
    if step is Step.FORWARD and standing.may_forward is False and not overridden:
        return ForwardingNotAgreedError(
            "投诉人没有同意把投诉内容转给商家。要转送，请工作人员写明理由"
            "（例如投诉人后来在哪天、怎样同意的）。",
            pointer="/consent_override",
        )
    return None


def advance(standing: Standing, step: Step, *, overridden: bool = False) -> State:
    """The state that `step` leads to.

    Raises ImpossibleStepError, RespondentUnknownError, ForwardingNotAgreedError.
    """
    to = leads_to(standing, step)
    if to is None:
        raise ImpossibleStepError(
            "案件现在是「{state}」，不能{step}。",
            state=STATE_WORDS[standing.state],
            step=STEP_WORDS[step],
        )
    if missing := hindrance(standing, step, overridden=overridden):
        raise missing
    return to


def check_reply_due(designated: date, forwarded_on: date, limit: date | None) -> None:
    """A designated day of reply lies after the forwarding and not after the legal limit.

    It stands as named, also on a rest day (reading X). Raises UnlawfulDayError.
    """
    if designated <= forwarded_on:
        raise UnlawfulDayError(
            "答复期限要晚于转送当天（{day}）。", pointer="/reply_due", day=forwarded_on.isoformat()
        )
    if limit and designated > limit:
        raise UnlawfulDayError(
            "答复期限不能晚于调解期限 {day}。", pointer="/reply_due", day=limit.isoformat()
        )


def check_replied_on(replied_on: date, forwarded_on: date, today: date) -> None:
    """A reply comes on or after the day of forwarding and is never dated ahead.

    Raises UnlawfulDayError.
    """
    if replied_on < forwarded_on:
        raise UnlawfulDayError(
            "答复日期不能早于转送日 {day}。", pointer="/replied_on", day=forwarded_on.isoformat()
        )
    if replied_on > today:
        raise UnlawfulDayError(
            "答复日期不能晚于今天（{day}）。", pointer="/replied_on", day=today.isoformat()
        )


STATE_WORDS = {
    S.REGISTERED: N_("已登记"),
    S.ACCEPTED: N_("已受理"),
    S.FORWARDED: N_("已转送"),
    S.REPLIED: N_("商家已答复"),
    S.AGREED: N_("达成协议"),
    S.FAILED: N_("调解不成"),
    S.WITHDRAWN: N_("撤回"),
    S.CLOSED: N_("结案"),
}
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
