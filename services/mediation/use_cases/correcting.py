"""Corrections of the record: what they replace; kept for intake and in our own copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.mediation.domain.corrections import POINTERS
from services.mediation.ports import FACTS, Amendment, Intake, Record
from services.mediation.tables import SEALED_CHANGES, AmendmentRow, CaseRow
from services.mediation.use_cases.effects.act import Stood
from services.mediation.use_cases.effects.unmasking import refused
from services.mediation.use_cases.fetching import corrections
from services.mediation.use_cases.masking import secrets_in
from services.mediation.use_cases.searching.texts import number_cases
from services.mediation.use_cases.words import (
    amended,
    changes_in,
    copy_in,
    dumped,
    keep_words,
    tidied,
)
from shared.ids import uuid7
from shared.kernel import ConflictError, RuleError, RuleErrors
from shared.masks import looks_masked, plain_stars
from shared.masks.complaints import HIDDEN_IN_WORDS, kind_of, secrets_of
from shared.terms import Kind
from shared.work import Database, Work


class RecordMissingError(ConflictError):
    """Intake does not know the complaint: nobody can say what a correction would replace."""


class WordsErasedError(ConflictError):
    """The words of the case were erased: nothing is added to them, and nobody works on it."""


class ReporterApartError(RuleError):
    """Who reported is kept apart, and not in the hands of whoever handles the case."""


@dataclass(frozen=True)
class Asked:
    """A record, and when intake was asked for it."""

    record: Record
    at: datetime


async def ask(intake: Intake, at: datetime, complaint: UUID) -> Asked:
    """The record as intake has it at `at`. Raises Unanswered, RecordMissingError."""
    record = (await intake.words([complaint])).get(complaint)
    if record is None:
        raise RecordMissingError("登记服务没有这件投诉的记录，现在不能更正。请稍后再试。")
    return Asked(record, at)


def starred_in(case: CaseRow, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What is typed over a report (举报) with stars, as intake would be told.

    Its text comes with who reported hidden, so only intake knows which stars hide something.
    """
    starred = {
        pointer: plain_stars(value)
        for pointer, value in typed.items()
        if case.kind == Kind.REPORT and isinstance(value, str) and looks_masked(value)
    }
    return tidied(starred)


async def refuse_unclear(
    database: Database, intake: Intake, case: CaseRow, starred: Mapping[str, Any]
) -> None:
    """Refuse corrections that intake would leave out, judged on the text that they would meet.

    Intake is first told what was corrected before and waits still: stars that fit the text of
    today may fit nothing in that of tomorrow. Nothing starred, and nobody is asked. Raises
    RuleErrors, Unanswered.
    """
    if not starred:
        return
    await tell_waiting(database, intake, case)
    if unclear := await intake.unclear(case.complaint_id, starred):
        raise RuleErrors([refused(pointer) for pointer in unclear])


async def tell_waiting(database: Database, intake: Intake, case: CaseRow) -> None:
    """Tell intake at once what waits of a case, in its order; the step repeats it without harm.

    Raises Unanswered.
    """
    waits = (AmendmentRow.pushed_at.is_(None), AmendmentRow.case_id == case.id)
    statement = select(AmendmentRow.id, AmendmentRow.changes).where(*waits)
    async with database.reading() as session:
        rows = (await session.execute(statement.order_by(AmendmentRow.id))).all()
    told = [
        Amendment(row.id, case.complaint_id, changes_in(database.vault, row.changes, row.id))
        for row in rows
        if row.changes is not None
    ]
    if told:
        await intake.amend(told)


async def standing_in(work: Work, case: CaseRow, asked: Asked) -> Stood:
    """What the record holds now: with corrections that intake did not know.

    A correction that commits after this was read changes the version of the case, so whoever
    goes on from here is then refused or begins anew.
    """
    newer = await corrections(work, [case.id], asked.at)
    values = by_pointer(asked.record) | newer.get(case.id, {})
    corrected = {name: values.get(f"/complainant/{name}") for name in HIDDEN_IN_WORDS}
    corrected |= kind_of(asked.record.complainant)
    return Stood(values, secrets_in(asked.record).also(secrets_of([corrected])))


def by_pointer(record: Record) -> dict[str, Any]:
    """What a record holds in each field that staff may correct."""
    facts = {f"/matter/{name}": record.facts.get(name) for name in FACTS}
    parts = {
        "complainant": record.complainant,
        "respondent": record.respondent,
        "matter": record.words,
    }
    places = {pointer: pointer.split("/")[1:] for pointer in POINTERS}
    said = {pointer: parts[part].get(name) for pointer, (part, name) in places.items()}
    return said | facts


async def correct(work: Work, case: CaseRow, changes: Mapping[str, Any]) -> None:
    """Keep corrections for intake and in our own copy.

    Raises ReporterApartError, WordsErasedError.
    """
    refuse_reporter(case, changes)
    amendment = uuid7()
    sealed = work.vault.seal(dumped(dict(changes)), SEALED_CHANGES, amendment)
    row = {
        "id": amendment,
        "case_id": case.id,
        "complaint_id": case.complaint_id,
        "changes": sealed,
        "made_at": work.now,
        "pushed_at": None,
    }
    await work.insert(AmendmentRow, [row])
    copy = amended(await copy_in(work.session, work.vault, case.id), changes)
    kept = await keep_words(work, {case.id: copy})
    if case.id not in kept:
        raise WordsErasedError("这件案件的个人信息已经依法删除，不能再更正。")
    await number_cases(work, dict.fromkeys(kept))


def refuse_reporter(case: CaseRow, changes: Mapping[str, Any]) -> None:
    """Raises ReporterApartError where a correction would say who reported (举报人)."""
    named = next((one for one in changes if one.startswith("/complainant/")), None)
    if case.kind == Kind.REPORT and named:
        raise ReporterApartError("举报人的信息另行保管，不能在这里更正。", pointer=named)
