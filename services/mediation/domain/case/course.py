"""Which step leads where, and what is missing for it. The table is also the picture in the docs."""

from dataclasses import dataclass

from services.mediation.domain.case.steps import STEP_WORDS, Step
from shared.kernel import ConflictError, RuleError
from shared.terms.cases import STATE_WORDS, State


class ImpossibleStepError(ConflictError):
    """The step is not lawful in the state the case is in."""


class RespondentUnknownError(RuleError):
    """Nobody can be written to: the respondent has no name yet."""


class ForwardingNotAgreedError(RuleError):
    """The complainant said no to passing it on (个人信息保护法第二十三条)."""


class NotAComplaintError(RuleError):
    """Only complaints are passed on (消费者权益保护法第三十七条第一款第五项)."""


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
    is_complaint: bool = True
    """A report (举报) goes to the authority, never to whom it is about; the rest is answered."""


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
    if step is not Step.FORWARD:
        return None
    if not standing.is_complaint:
        return NotAComplaintError(
            "只有投诉可以转送给被投诉人。举报请移送主管机关，咨询、建议、表扬和求助请直接答复。"
        )
    if not standing.respondent_named:
        return RespondentUnknownError(
            "还没有登记被投诉人的名称，不能转送。请先登记被投诉人的名称。",
            pointer="/respondent/name",
        )
    if standing.may_forward is False and not overridden:
        return ForwardingNotAgreedError(
            "投诉人没有同意把投诉内容转给商家。要转送，请工作人员写明理由"
            "（例如投诉人后来在哪天、怎样同意的）。",
            pointer="/consent_override",
        )
    return None


def advance(standing: Standing, step: Step, *, overridden: bool = False) -> State:
    """The state that `step` leads to.

    Raises ImpossibleStepError, NotAComplaintError, RespondentUnknownError,
    ForwardingNotAgreedError.
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
