"""Taking a step: lawful now, on the version the person saw, kept and announced in one go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.case import STEP_WORDS, Step
from services.mediation.tables import CaseLogRow, CaseRow, StaffRow
from services.mediation.use_cases.assigning import NoSuchColleagueError, check_given
from services.mediation.use_cases.calendar import calendar_of_work
from services.mediation.use_cases.correcting import WordsErasedError, correct
from services.mediation.use_cases.deciding import Around, Request, decide, standing_of
from services.mediation.use_cases.effects.act import NOTHING_STOOD, Stood
from services.mediation.use_cases.keeping import Actor
from services.mediation.use_cases.labels import HAPPENINGS
from services.mediation.use_cases.privacy.erasures import locked_cases
from services.mediation.use_cases.privacy.listed import take_off
from services.mediation.use_cases.privacy.standing import keeping_of
from shared.clock import SHANGHAI, local_day
from shared.i18n import N_
from shared.kernel import ConflictError
from shared.work import Work

__all__ = ["NoSuchColleagueError", "Request", "standing_of", "take_step"]
ACTORS = {"citizen": N_("投诉人"), "service": N_("系统服务"), "system": N_("系统")}


class ChangedMeanwhileError(ConflictError):
    """Somebody else changed the case after the person looked at it."""


async def take_step(
    work: Work,
    case: CaseRow,
    request: Request,
    actor: Actor,
    stood: Stood = NOTHING_STOOD,
) -> CaseRow:
    """Take a step: the case changes, one log row is written, one event is announced.

    `stood` is what the record holds, where the step corrects it.
    Raises ChangedMeanwhileError, ImpossibleStepError, WordsErasedError, and what the step itself
    refuses.
    """
    if request.version is not None and request.version != case.version:
        raise await changed_meanwhile(work.session, case.id)
    around = Around(work.vault, work.now, await calendar_of_work(work), stood)
    decided = decide(around, case, request, actor)
    if request.step is Step.REOPEN:
        await refuse_gone(work, case)
    if request.step is Step.ASSIGN:
        await check_given(work.session, case, request.facts, local_day(work.now))
    if decided.changes:
        await correct(work, case, decided.changes)
    await write(work, case, decided.columns)
    if request.step is Step.REOPEN:
        await take_off(work, [case.id])
    for table, rows in decided.kept.items():
        await work.insert(table, rows)
    work.announce(decided.event)
    return case


async def refuse_gone(work: Work, case: CaseRow) -> None:
    """Refuse to work on a case whose words are erased; nobody approves it meanwhile.

    Raises WordsErasedError.
    """
    await locked_cases(work, [case.id])
    if (await keeping_of(work.session, case.id, local_day(work.now))).gone:
        raise WordsErasedError(
            "这件案件的个人信息已经依法删除，或者已经批准删除，不能重新办理。请按新的投诉登记。"
        )


async def write(work: Work, case: CaseRow, columns: Mapping[str, Any]) -> None:
    """Change the row if it still is as seen, and the object with it."""
    still = (CaseRow.id == case.id, CaseRow.version == case.version)
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
        step=STEP_WORDS.get(last.step, HAPPENINGS.get(last.step, last.step)),
    )


def shown(instant: datetime) -> str:
    """An instant as people in Shanghai read it."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
