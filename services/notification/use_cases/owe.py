"""A case was forwarded: a letter is owed. It gets its document number (文号) at once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select, tuple_

from services.notification.domain.facts import KIND
from services.notification.domain.number import DocumentNumber
from services.notification.domain.states import Reason, State
from services.notification.tables import DocumentNumberRow, LetterRow
from services.notification.use_cases.noting import became
from services.notification.use_cases.placing import places_of
from services.notification.use_cases.void import Ending, endings
from shared.bodies import MAIN, Bodies
from shared.bulk import upsert
from shared.clock import local_day
from shared.events import CaseForwarded
from shared.ids import uuid7
from shared.trail import Deed, Noted, note_all
from shared.work import Work, table_of


class Register(NamedTuple):
    """One sequence of document numbers: of one organisation, kind and year."""

    body: str
    kind: str
    year: int


async def owe_letters(work: Work, forwarded: Sequence[CaseForwarded], bodies: Bodies) -> None:
    """Note the letters that are owed, each with its number; the step `make_letters` goes on.

    Numbers and letters are one transaction, and a register is locked until its end: so no number
    is lost, and none is given twice, whoever crashes or works beside us. A forwarding that is heard
    after its case had ended (a dead letter replayed) owes a letter that stays in.
    """
    new = await not_yet_owed(work, forwarded)
    ended = await endings(work, [Ending(e.complaint_id, e.body, 0) for e in new])
    places = await places_of(work, list(ended))
    year = local_day(work.now).year
    register = {event.id: Register(event.body, KIND, year) for event in new}
    numbers = await take_numbers(work, Counter(register.values()))
    rows = [
        row_of(work, event, next(numbers[register[event.id]]), bodies)
        | stands(work, over=event.version < ended[event.complaint_id])
        | places[event.complaint_id]._asdict()
        for event in new
    ]
    await work.insert(LetterRow, rows)
    await note_all(work, [was_owed(LetterRow(**row)) for row in rows])
    if rows:
        work.wake("make_letters")


async def not_yet_owed(work: Work, forwarded: Sequence[CaseForwarded]) -> list[CaseForwarded]:
    """One event for each forwarding that has no letter yet."""
    several = {(event.case_id, event.serial): event for event in forwarded}
    key = tuple_(LetterRow.case_id, LetterRow.serial)
    known = select(LetterRow.case_id, LetterRow.serial).where(
        LetterRow.kind == KIND, key.in_(list(several))
    )
    there = {(row.case_id, row.serial) for row in await work.session.execute(known)}
    return [event for forwarding, event in several.items() if forwarding not in there]


async def take_numbers(work: Work, wanted: Counter[Register]) -> dict[Register, Iterator[int]]:
    """The next numbers of each register, as many as wanted, in one statement."""
    if not wanted:
        return {}
    table = table_of(DocumentNumberRow)
    new = upsert(work.session, table).values(
        [one._asdict() | {"last": wanted[one]} for one in sorted(wanted)]
    )
    taken = new.on_conflict_do_update(
        index_elements=[table.c.body, table.c.kind, table.c.year],
        set_={"last": table.c.last + new.excluded.last},
    ).returning(table.c.body, table.c.kind, table.c.year, table.c.last)
    ends = {Register(*row[:3]): row[3] for row in await work.session.execute(taken)}
    return {one: iter(range(last - wanted[one] + 1, last + 1)) for one, last in ends.items()}


def row_of(work: Work, event: CaseForwarded, number: int, bodies: Bodies) -> dict[str, Any]:
    """The row of one letter that is owed."""
    body = bodies.of(event.body)
    today = local_day(work.now)
    word = body.docword if body else MAIN.docword
    return {
        "id": uuid7(),
        "case_id": event.case_id,
        "complaint_id": event.complaint_id,
        "kind": KIND,
        "serial": event.serial,
        "body": event.body,
        "demo": bool(body and body.demo),
        "year": today.year,
        "number": number,
        "document_number": str(DocumentNumber(word, today.year, number)),
        "issued_on": today,
        "forwarded_on": event.forwarded_on,
        "reply_due": event.reply_due,
        "version": event.version,
    }


def was_owed(letter: LetterRow) -> Noted:
    """That a letter has its number, of which day, and by when an answer is asked for."""
    days = {"issued_on": letter.issued_on, "reply_due": letter.reply_due}
    return became(letter, Deed.LETTER_OWED, **days)


def stands(work: Work, *, over: bool) -> dict[str, Any]:
    """Where a new letter stands: to be made, or not sent any more."""
    if over:
        return {"state": State.VOID, "reason": Reason.CASE_OVER, "due_at": None}
    return {"state": State.OWED, "reason": None, "due_at": work.now}
