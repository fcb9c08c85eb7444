"""One step: handed to those of the same moment, or taken in a transaction of its own."""

from dataclasses import replace

from services.mediation.ports import Intake
from services.mediation.tables import CaseRow
from services.mediation.use_cases.acting import changed_meanwhile, take_step
from services.mediation.use_cases.allowing import action_of
from services.mediation.use_cases.cases import case_of
from services.mediation.use_cases.correcting import (
    ask,
    refuse_unclear,
    standing_in,
    starred_in,
)
from services.mediation.use_cases.taking.together import take_together
from services.mediation.use_cases.taking.wanted import ALONE, CORRECTING, Wanted
from shared.work import Database


async def take(database: Database, wanted: Wanted, intake: Intake) -> CaseRow:
    """Take a step; the case as it is then, for reading.

    Raises NoSuchCaseError, NotAllowedError, ChangedMeanwhileError, ImpossibleStepError, and what
    the step refuses;
    Unanswered and RecordMissingError where the record is to be corrected and cannot be read.
    """
    if wanted.request.step not in ALONE:
        return await database.together(take_together, wanted)
    if wanted.request.step in CORRECTING:
        return await take_correcting(database, wanted, intake)
    async with database.work() as work:
        case = await case_of(work.session, wanted.case, wanted.caller.sees)
        wanted.noticed(case.complaint_id)
        actor = wanted.caller.acting(action_of(wanted.request.step), case)
        return await take_step(work, case, wanted.request, actor)


async def take_correcting(database: Database, wanted: Wanted, intake: Intake) -> CaseRow:
    """Take a step that corrects the record: what it replaces is read first, and logged with it.

    What intake judges holds for the case as it was then: whoever changes it before the step is kept
    was faster, whether a version was named or not.
    """
    async with database.reading() as session:
        seen = await case_of(session, wanted.case, wanted.caller.sees)
    wanted.noticed(seen.complaint_id)
    wanted.caller.acting(action_of(wanted.request.step), seen)
    starred = starred_in(seen, wanted.request.facts.get("changes") or {})
    await refuse_unclear(database, intake, seen, starred)
    asked = await ask(intake, database.clock(), seen.complaint_id)
    async with database.work() as work:
        case = await case_of(work.session, wanted.case, wanted.caller.sees)
        if starred and case.version != seen.version:
            raise await changed_meanwhile(work.session, case.id)
        actor = wanted.caller.acting(action_of(wanted.request.step), case)
        stood = await standing_in(work, case, asked)
        stood = replace(stood, guarded=case.body in wanted.guarded)
        return await take_step(work, case, wanted.request, actor, stood)
