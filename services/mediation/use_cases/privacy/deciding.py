"""Deciding about an erasure (个人信息保护法 art. 47): a second person does; what may go goes."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import SEALED_DECISION, PrivacyRequestRow
from services.mediation.use_cases.privacy.erasures import (
    REQUEST,
    locked_cases,
    order,
    why_stays,
)
from services.mediation.use_cases.privacy.errors import (
    ChoiceNeededError,
    DecidedAlreadyError,
    SameHandsError,
)
from services.mediation.use_cases.privacy.holds import Officer, reason_in
from services.mediation.use_cases.privacy.requests import (
    ASKED,
    DONE,
    ERASED,
    ERASURE,
    REFUSED,
    chain_of,
    locked_request,
)
from shared.clock import local_day
from shared.kernel import broken, raise_all
from shared.rights import Action, Hands, Thing, are_two
from shared.trail import Deed, Doer, Said, note
from shared.trail.hands import hands_in
from shared.work import Work


def check_choice(erase: bool | None) -> None:  # noqa: FBT001 - a rule about what was typed
    """A refusal is final: nothing is one but a clear no. Raises ChoiceNeededError."""
    if erase is None:
        raise ChoiceNeededError("请选择同意删除，还是不同意。", pointer="/erase")


async def decide(
    work: Work, request: UUID, reason: str, officer: Officer, *, erase: bool | None
) -> PrivacyRequestRow:
    """Decide about an erasure: what may go goes, what must stay stays and says why.

    Who asked goes with the first of it; while all of it stays, they are known for as long as other
    requests are.
    `erase` None: it was not said. Raises NoSuchThingError, NotAllowedError, SameHandsError,
    DecidedAlreadyError, ReasonNeededError, ChoiceNeededError; RuleErrors where both are lacking.
    """
    row = await locked_request(work, request, officer)
    if row.kind != ERASURE or row.state != ASKED:
        raise DecidedAlreadyError("这项请求已经有了决定。")
    doer = officer.doing(Action.PRIVACY_ANSWER, row.body)
    if not await may_decide(work.session, row, doer):
        raise SameHandsError(
            "登记这项请求的人、代理其职务的人都不能决定，请另一位个人信息保护负责人决定。"
        )
    raise_all(broken(reason_in, reason) + broken(check_choice, erase))
    why = reason_in(reason)
    row.decided_by, row.decided_at = officer.id, work.now
    row.decision = work.vault.seal(why, SEALED_DECISION, row.id)
    row.done_at = work.now
    if not erase:
        row.state = REFUSED
        said = Said(Deed.ERASURE_REFUSED.value, {"reason": why})
        await note(work, chain_of(row.id), doer, said)
        return row
    row.state, row.outcome = DONE, await carry_out(work, row, officer)
    if ERASED in row.outcome.values():
        row.subject = None
    said = Said(Deed.ERASURE_DONE.value, {"outcome": dict(row.outcome)})
    await note(work, chain_of(row.id), doer, said)
    return row


async def may_decide(session: AsyncSession, row: PrivacyRequestRow, doer: Doer) -> bool:
    """Whether this is a second pair of eyes (四眼原则), whoever stands in for whom."""
    noted = await hands_in(session, chain_of(row.id), Deed.ERASURE_ASKED.value)
    return are_two(Hands(row.asked_by, noted.holder), doer.hands)


async def carry_out(work: Work, row: PrivacyRequestRow, officer: Officer) -> dict[str, str]:
    """Order what may go; what became of each case."""
    cases = await locked_cases(work, [UUID(one) for one in row.cases])
    for one in cases:
        officer.rights.check(Action.PRIVACY_ANSWER, Thing(one.body))
    reasons = await why_stays(work.session, cases, local_day(work.now))
    may_go = [one for one in cases if reasons[one.id] is None]
    await order(work, may_go, REQUEST, row.id, officer)
    return {str(case): stay.value if stay else ERASED for case, stay in reasons.items()}
