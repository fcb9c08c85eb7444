"""A new query code (换发查询码) for who lost theirs: logged with the case, the code never is."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.mediation import announcements
from services.mediation.domain.case import Step
from services.mediation.ports import Intake, Registered
from services.mediation.tables import CaseLogRow, CaseRow
from services.mediation.use_cases.acting import changed_meanwhile, write
from services.mediation.use_cases.allowing import Caller
from services.mediation.use_cases.cases import case_of
from services.mediation.use_cases.keeping import Actor, Entry, log_row
from services.mediation.use_cases.labels import RENEW_CODE
from shared.kernel import RuleError
from shared.net import Unanswered
from shared.rights import Action
from shared.trail import Chain, Deed, Doer, Said, note
from shared.work import Database, Work


class IdentityNotCheckedError(RuleError):
    """A new code is for whoever has shown who they are."""


@dataclass(frozen=True)
class Renewal:
    """Who gives out a new code, for which case."""

    case: str
    """Its id, its complaint's id or its number."""
    caller: Caller
    version: int | None
    """The version of the case that they saw."""
    identity_checked: bool
    noticed: Callable[[UUID], None]
    """Told the complaint's id as soon as it is known."""


async def renew_code(database: Database, wanted: Renewal, intake: Intake) -> Registered:
    """Number and new code; every older one is worthless from now on.

    Intake is asked once the log row is committed: no code is given out without one, and nothing is
    locked while intake answers. Where it does not, the trail says so: whether the old code still
    opens the complaint is not known then, and a new one can be asked for at once.
    Raises NoSuchCaseError, NotAllowedError, IdentityNotCheckedError, ChangedMeanwhileError,
    Unanswered.
    """
    case, doer = await meant(database, wanted)
    try:
        code = await intake.renew_code(case.complaint_id, doer)
    except Unanswered:
        async with database.work() as work:
            await note(work, Chain("case", str(case.id)), doer, Said(Deed.CODE_NOT_RENEWED))
        raise
    return Registered(case.number, code)


async def meant(database: Database, wanted: Renewal) -> tuple[CaseRow, Doer]:
    """Write down that a new code is to be given out, and by whom."""
    async with database.work() as work:
        case = await case_of(work.session, wanted.case, wanted.caller.sees)
        wanted.noticed(case.complaint_id)
        actor = wanted.caller.acting(Action.CODE_RENEW, case)
        doer = wanted.caller.doing_with(Action.CODE_RENEW, case)
        if not wanted.identity_checked:
            raise IdentityNotCheckedError(
                "请先核对来人的身份证件，核对过了再勾选。", pointer="/identity_checked"
            )
        if wanted.version is not None and wanted.version != case.version:
            raise await changed_meanwhile(work.session, case.id)
        await log(work, case, actor)
    return case, doer


async def log(work: Work, case: CaseRow, actor: Actor) -> None:
    """Write it down in the case's chain; listeners hear that something was noted."""
    rule = f"{case.pack}@{case.pack_version}"
    entry = Entry(RENEW_CODE, rule, "", case.state, case.state, {})
    written = (work.now, actor, entry)
    row = log_row(work.vault, case.id, case.version + 1, case.chain, written)
    columns = {"version": case.version + 1, "chain": row["hash"], "changed_at": work.now}
    names = ("id", "complaint_id", "body", "state", "due_on", "due_for", "due_status")
    after = {name: getattr(case, name) for name in names} | columns
    await write(work, case, columns)
    await work.insert(CaseLogRow, [row])
    work.announce(announcements.stepped(after, Step.NOTE, {"fields": ()}, work.now))
