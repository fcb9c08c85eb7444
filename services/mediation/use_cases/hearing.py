"""What sisters say of a case: withdrawn by the citizen, corrected, erased, lettered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update

from services.mediation.domain.case import Step, leads_to
from services.mediation.tables import CaseRow, HeardRow, WordsWantedRow
from services.mediation.use_cases.acting import Request, standing_of, take_step
from services.mediation.use_cases.emptying import empty_cases, forget_reporters
from services.mediation.use_cases.keeping import CITIZEN
from services.mediation.use_cases.opening import is_named
from shared.events import (
    ComplaintAmended,
    ComplaintErased,
    ComplaintEvent,
    ComplaintWithdrawn,
    EvidenceAdded,
    LetterEvent,
    LetterFailed,
    LetterPrepared,
    LetterSent,
)
from shared.kernel import UnknownError
from shared.work import Work

E = TypeVar("E", bound=ComplaintEvent)
MOVED = frozenset({"/agent", "/complainant", "/joint"})
"""What intake calls corrected when who reported (举报人) went into a store of its own."""


class NoCaseYetError(UnknownError):
    """An event about a complaint that has no case here."""


async def cases_of(work: Work, events: Iterable[ComplaintEvent]) -> dict[UUID, UUID]:
    """The case of each complaint. Raises NoCaseYetError."""
    complaints = {event.complaint_id for event in events}
    found = select(CaseRow.complaint_id, CaseRow.id).where(CaseRow.complaint_id.in_(complaints))
    cases = {row.complaint_id: row.id for row in await work.session.execute(found)}
    for complaint in complaints - cases.keys():
        raise NoCaseYetError("投诉 {complaint} 还没有案件。", complaint=complaint)
    return cases


async def withdraw_cases(work: Work, events: Sequence[ComplaintWithdrawn]) -> None:
    """The citizen took it back: the case is withdrawn, or it is noted where that is too late."""
    await cases_of(work, events)
    for event in events:
        found = select(CaseRow).where(CaseRow.complaint_id == event.complaint_id)
        case = (await work.session.scalars(found)).one()
        lawful = leads_to(standing_of(case), Step.WITHDRAW)
        text = "投诉人通过查询页面撤回投诉。"
        step = Step.WITHDRAW if lawful else Step.NOTE
        await take_step(work, case, Request(step, {"text": text}), CITIZEN)


async def amend_cases(work: Work, events: Sequence[ComplaintAmended]) -> None:
    """The record was corrected: codes and facts as they are now; the words are fetched again.

    An event that comes after a newer one (a dead letter replayed) changes no fact.
    """
    cases = await cases_of(work, events)
    latest = {event.complaint_id: event for event in in_order(events)}
    for event in latest.values():
        columns = {
            "facts_version": event.version,
            "region": event.region,
            "category": event.category,
            "nature": event.nature,
            "amount_fen": event.amount_fen,
            "respondent_known": event.respondent_known,
            "respondent_named": is_named(event),
        }
        older = CaseRow.facts_version < event.version
        await change(work, cases[event.complaint_id], older, columns)
    wanted = [{"case_id": cases[one], "complaint_id": one, "asked_at": work.now} for one in latest]
    earlier = WordsWantedRow.case_id.in_([row["case_id"] for row in wanted])
    await work.session.execute(delete(WordsWantedRow).where(earlier))
    await work.insert(WordsWantedRow, wanted)
    moved = [cases[one] for one, event in latest.items() if set(event.fields) >= MOVED]
    await forget_reporters(work, moved)


def in_order(events: Iterable[E]) -> list[E]:
    """As intake said them, however they came."""
    return sorted(events, key=lambda event: event.version)


async def change(
    work: Work, case_id: UUID, older: ColumnElement[bool], columns: Mapping[str, Any]
) -> None:
    """Change a case whose facts are `older` than these."""
    statement = update(CaseRow).where(CaseRow.id == case_id, older).values(columns)
    await work.session.execute(statement, execution_options={"synchronize_session": False})


async def count_files(work: Work, events: Sequence[EvidenceAdded]) -> None:
    """Files were added: how many there are now, and that it was heard."""
    cases = await cases_of(work, events)
    for event in {event.complaint_id: event for event in in_order(events)}.values():
        columns = {"files": event.files, "files_version": event.version}
        older = CaseRow.files_version < event.version
        await change(work, cases[event.complaint_id], older, columns)
    await note_heard(work, [(one, cases[one.complaint_id], added_by(one)) for one in events])


def added_by(event: EvidenceAdded) -> dict[str, Any]:
    """Who of the staff added files for whoever complained, and for whom they stood in."""
    return event.model_dump(mode="json", include={"registrar", "behalf"}, exclude_none=True)


async def note_letters(
    work: Work, events: Sequence[LetterPrepared] | Sequence[LetterSent] | Sequence[LetterFailed]
) -> None:
    """What became of letters; shown in the timeline of the case."""
    noted = [(event, event.case_id, facts_of_letter(event)) for event in events]
    await note_heard(work, noted)


def facts_of_letter(event: LetterEvent) -> dict[str, Any]:
    own = {"occurred_at", "complaint_id", "version", "id", "case_id"}
    return event.model_dump(mode="json", exclude=own)


async def note_heard(
    work: Work, events: Sequence[tuple[ComplaintEvent, UUID, dict[str, Any]]]
) -> None:
    rows = [
        {
            "event_id": event.id,
            "case_id": case_id,
            "at": event.occurred_at,
            "kind": event.TYPE.split(".")[1],
            "facts": facts,
        }
        for event, case_id, facts in events
    ]
    await work.insert_new(HeardRow, rows, [HeardRow.event_id])


async def erase_cases(work: Work, events: Sequence[ComplaintErased]) -> None:
    """The words were erased on lawful request: our copies are emptied."""
    await empty_cases(work, sorted((await cases_of(work, events)).values()))
