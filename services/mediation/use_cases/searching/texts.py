"""What of a case is searched: sealed for checking candidates, queued for its tokens, forgotten.

Whoever writes here takes the text's row first, then the queue's: so does the step that makes
tokens of it, and none of them waits for another in a circle.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, literal, select, update

from services.mediation.domain.tokens import normal
from services.mediation.ports import Record
from services.mediation.tables import (
    SEALED_TEXT,
    SearchGenerationRow,
    SearchTextRow,
    SearchWantedRow,
)
from services.mediation.use_cases.lookups import FORMS
from services.mediation.use_cases.searching.stores import store_of
from services.mediation.use_cases.speaking import others_in
from shared.log import logger
from shared.masks.complaints import MATTER, people_in, secrets_of
from shared.vault import Sealed, UnknownKeyError, Vault, WrongKeyError
from shared.work import Work

BLANK = {"synchronize_session": False}


@dataclass(frozen=True)
class Searched:
    """The words of one case, in normal form."""

    text: str = field(default="", repr=False)
    whole: tuple[str, ...] = field(default=(), repr=False)


def searched(record: Record, changes: Mapping[str, Any], *, report: bool) -> Searched:
    """What is searched of a record, with corrections (JSON pointers) that it lacks.

    What people wrote is found by any part of what is shown of it: names, numbers and addresses that
    are masked there are not.
    Of a report (举报) nothing that tells who reported: secrecy by article 37 of the rules on
    handling complaints and reports (市场监督管理投诉举报处理办法).
    """
    complainant = corrected(record.complainant, "complainant", changes)
    respondent = corrected(record.respondent, "respondent", changes)
    matter = corrected(record.words, "matter", changes)
    people = [complainant, *others_in(matter)]
    spoke = [*people_in({**record.words, "complainant": record.complainant}), *people]
    secrets = secrets_of(spoke)
    shown = [secrets.hidden_in(matter.get(name) or "") for name in MATTER]
    text = [*shown, respondent.get("name") or ""]
    known = [{"phone": respondent.get("phone")}, *([] if report else people)]
    return Searched(" ".join(filter(None, map(normal, text))), tuple(whole(known)))


def corrected(part: Mapping[str, Any], name: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the record with its corrections."""
    prefix = f"/{name}/"
    mine = {
        at.removeprefix(prefix): value for at, value in changes.items() if at.startswith(prefix)
    }
    return {**part, **mine}


def whole(people: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What is known whole of these people, in normal form and in one piece.

    Found only by all of it: nobody learns what is behind a mask by asking for its parts.
    """
    for one in people:
        for name, form in FORMS.items():
            if known := normal(form(one.get(name) or "")).replace(" ", ""):
                yield known


def seal(vault: Vault, one: Searched, case_id: UUID) -> Sealed:
    """Sealed for the row of its case: lines, as no normal form has a line break in it."""
    return vault.seal("\n".join([one.text, *one.whole]), SEALED_TEXT, case_id)


def unseal(vault: Vault, sealed: Sealed, case_id: UUID) -> Searched:
    """In the clear; empty where it was damaged: that is logged, and holds up no other.

    Raises UnknownKeyError.
    """
    try:
        text, *known = vault.open_text(sealed, case_id).split("\n")
    except UnknownKeyError:
        raise
    except WrongKeyError:
        logger(service="mediation").error("search_text_damaged", case_id=str(case_id))
        return Searched()
    return Searched(text, tuple(known))


async def keep_texts(work: Work, texts: Mapping[UUID, Searched]) -> None:
    """Keep the texts of these cases in place of what was there, and queue them for their tokens."""
    sealed = {one: seal(work.vault, texts[one], one) for one in sorted(texts)}
    numbers = await number_cases(work, sealed)
    for case_id, text in sealed.items():
        if case_id not in numbers:
            numbers[case_id] = await replaced(work, case_id, text)
    waiting = [
        {"number": number, "case_id": case_id, "since": work.now}
        for case_id, number in numbers.items()
    ]
    await work.insert_new(SearchWantedRow, waiting, [SearchWantedRow.number])


async def number_cases(work: Work, texts: Mapping[UUID, Sealed | None]) -> dict[UUID, int]:
    """Number the cases that have no number yet, with the text that is known; the new numbers."""
    rows = [{"case_id": case_id, "text": text} for case_id, text in texts.items()]
    columns = [SearchTextRow.number, SearchTextRow.case_id]
    answer = await work.insert_new(SearchTextRow, rows, columns)
    return {row.case_id: row.number for row in answer}


async def queue_texts(work: Work, cases: Sequence[UUID]) -> None:
    """Queue texts that were written in bulk, where nobody knows their numbers."""
    since = literal(work.now, SearchWantedRow.since.type)
    columns = select(SearchTextRow.number, SearchTextRow.case_id, since)
    written = columns.where(SearchTextRow.case_id.in_(cases))
    queued = insert(SearchWantedRow).from_select(["number", "case_id", "since"], written)
    await work.session.execute(queued)


async def replaced(work: Work, case_id: UUID, text: Sealed) -> int:
    """Put a text in place of another; its number."""
    there = update(SearchTextRow).where(SearchTextRow.case_id == case_id).values(text=text)
    statement = there.returning(SearchTextRow.number)
    return (await work.session.scalars(statement, execution_options=BLANK)).one()


async def forget_texts(work: Work, cases: Sequence[UUID]) -> None:
    """Forget texts and tokens of these cases; nothing of them is found by a word any more."""
    texts = delete(SearchTextRow).where(SearchTextRow.case_id.in_(cases))
    gone = texts.returning(SearchTextRow.number)
    numbers = list(await work.session.scalars(gone, execution_options=BLANK))
    queue = delete(SearchWantedRow).where(SearchWantedRow.case_id.in_(cases))
    await work.session.execute(queue, execution_options=BLANK)
    for place in list(await work.session.scalars(select(SearchGenerationRow.place))):
        await store_of(work.session, place).remove(work.session, numbers)
