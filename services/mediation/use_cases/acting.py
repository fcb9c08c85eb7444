"""Taking a step: lawful now, on the version the person saw, kept and announced in one go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation import announcements
from services.mediation.domain.case import (
    STEP_WORDS,
    Standing,
    State,
    Step,
    advance,
)
from services.mediation.domain.due import due
from services.mediation.tables import CaseLogRow, CaseRow, StaffRow
from services.mediation.use_cases.calendar import the_calendar
from services.mediation.use_cases.effects import EFFECTS, Act, Effect, as_values
from services.mediation.use_cases.keeping import Actor, Entry, log_row
from services.mediation.use_cases.rules import pack_of_case
from shared.clock import SHANGHAI, local_day
from shared.i18n import N_
from shared.kernel import ConflictError, UnknownError
from shared.text import clean, normal_number
from shared.work import Work

ACTORS = {"citizen": N_("投诉人"), "service": N_("系统服务"), "system": N_("系统")}


class NoSuchCaseError(UnknownError):
    """No case of this id or number, or none that the person may see."""


class ChangedMeanwhileError(ConflictError):
    """Somebody else changed the case after the person looked at it."""


@dataclass(frozen=True)
class Request:
    """A step that somebody wants to take."""

    step: Step
    facts: Mapping[str, Any]
    version: int | None = None
    """The version they saw; None: whatever it is now."""


async def case_of(session: AsyncSession, name: str, body: str = "") -> CaseRow:
    """A case by its id, its complaint's id or its number; within `body`, if one is named.

    Raises NoSuchCaseError.
    """
    name = clean(name)
    wanted = same_id(name)
    if wanted is None:
        wanted = CaseRow.number == (normal_number(name) or name)
    case: CaseRow | None = await session.scalar(select(CaseRow).where(wanted))
    if case is None or body not in {"", case.body}:
        raise NoSuchCaseError("没有编号为「{number}」的案件。", number=name[:40])
    return case


def same_id(name: str) -> Any:
    try:
        wanted = UUID(name)
    except ValueError:
        return None
    return or_(CaseRow.id == wanted, CaseRow.complaint_id == wanted)


async def take_step(work: Work, case: CaseRow, request: Request, actor: Actor) -> CaseRow:
    """Take a step: the case changes, one log row is written, one event is announced.

    Raises ChangedMeanwhileError, ImpossibleStepError, and what the step itself refuses.
    """
    if request.version is not None and request.version != case.version:
        raise await changed_meanwhile(work.session, case.id)
    standing = standing_of(case)
    act = Act(
        work=work,
        case=case,
        pack=pack_of_case(case.pack, case.pack_version),
        calendar=await the_calendar(work.session, work.now),
        today=local_day(work.now),
        actor=actor,
        facts=request.facts,
        to=advance(standing, request.step),
    )
    effect = await EFFECTS[request.step](act)
    await keep(act, request.step, effect)
    return case


def standing_of(case: CaseRow) -> Standing:
    """What the guards need to know."""
    return Standing(State(case.state), case.respondent_known, case.accepted_on is not None)


async def keep(act: Act, step: Step, effect: Effect) -> None:
    """Write the step down: case, log row, event. Raises ChangedMeanwhileError."""
    work, case, seen = act.work, act.case, act.case.version
    clocks = act.case.clocks if effect.clocks is None else effect.clocks
    first = due(act.to, clocks)
    entry = Entry(
        step=step.value,
        rule=f"{act.pack.id}@{act.pack.version}",
        source=act.pack.steps[step].zh,
        before=case.state,
        after=act.to.value,
        values=as_values(act.facts, effect.said),
    )
    log = log_row(work.vault, case.id, seen + 1, case.chain, (work.now, act.actor, entry))
    columns = dict(effect.columns) | {
        "state": act.to.value,
        "version": seen + 1,
        "clocks": clocks,
        "due_on": first.on,
        "due_for": first.clock,
        "due_status": first.status,
        "queue_on": first.queue_on,
        "chain": log["hash"],
        "changed_at": work.now,
    }
    await write(work, case, seen, columns)
    await work.insert(CaseLogRow, [log])
    work.announce(announcements.stepped(case, step, effect.said, work.now))


async def write(work: Work, case: CaseRow, seen: int, columns: Mapping[str, Any]) -> None:
    """Change the row if it still is as seen, and the object with it."""
    still = (CaseRow.id == case.id, CaseRow.version == seen)
    statement = update(CaseRow).where(*still).values(columns).returning(CaseRow.id)
    options = {"synchronize_session": False}
    if await work.session.scalar(statement, execution_options=options) is None:
        raise await changed_meanwhile(work.session, case.id)
    work.session.expunge(case)
    for name, value in columns.items():
        setattr(case, name, value)


async def changed_meanwhile(session: AsyncSession, case_id: UUID) -> ChangedMeanwhileError:
    """The refusal that names who changed the case last, what they did, and when."""
    newest = (
        select(CaseLogRow.step, CaseLogRow.at, CaseLogRow.actor_kind, StaffRow.display)
        .outerjoin(StaffRow, StaffRow.id == CaseLogRow.actor)
        .where(CaseLogRow.case_id == case_id)
        .order_by(CaseLogRow.seq.desc())
        .limit(1)
    )
    last = (await session.execute(newest)).one()
    return ChangedMeanwhileError(
        "{who}在{when}已经做了「{step}」，您看到的不是最新情况。请看过最新情况再操作。",
        who=last.display or ACTORS.get(last.actor_kind, last.actor_kind),
        when=shown(last.at),
        step=STEP_WORDS.get(last.step, last.step),
    )


def shown(instant: datetime) -> str:
    """An instant as people in Shanghai read it."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
