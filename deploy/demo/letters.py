"""The letters of fictitious cases: long out, waiting, or given up on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from deploy.demo.rows import Around, Gathering
from services.notification import announcements
from services.notification.domain.facts import KIND, Claim, Facts, Respondent, Sender
from services.notification.domain.states import Reason, State
from services.notification.domain.way import is_address
from services.notification.tables import SEALED_FACTS, AttemptRow, LetterRow, SpokenRow
from services.notification.use_cases.make import FACTS
from services.notification.use_cases.owe import Register, row_of
from shared.bodies import DEMO
from shared.events import CaseForwarded
from shared.terms import Claim as ClaimKind
from shared.terms import label_of

if TYPE_CHECKING:
    from shared.work import Work

FRESH = timedelta(days=3)
"""Letters of the last days still wait for somebody."""
GIVEN_UP = 0.02


@dataclass(frozen=True)
class Owed:
    """The forwardings of one complaint."""

    number: str
    document: Mapping[str, Any]
    forwarded: Sequence[CaseForwarded]


def register_of(event: CaseForwarded) -> Register:
    """Which sequence of document numbers a letter takes its number from."""
    return Register(event.body, KIND, event.forwarded_on.year)


def numbered(owed: Sequence[Owed], numbers: Mapping[Register, Iterator[int]]) -> dict[UUID, int]:
    """The number of each forwarding's letter, by its event: in the order they were forwarded."""
    events = sorted(
        (event for one in owed for event in one.forwarded), key=lambda event: event.occurred_at
    )
    return {event.id: next(numbers[register_of(event)]) for event in events}


def letters_of(
    owed: Owed, numbers: Mapping[UUID, int], around: Around, until: datetime
) -> Gathering:
    """The letters of one complaint, and what was said about them."""
    gathering = Gathering(around.vault, until)
    said = 0
    for event in owed.forwarded:
        gathering.now = event.occurred_at + timedelta(seconds=1)
        work = cast("Work", gathering)
        row = row_of(work, event, numbers[event.id], around.bodies)
        row |= NEW_LETTER
        facts = facts_of(owed, event)
        row["facts"] = around.vault.seal(FACTS.dump_json(facts), SEALED_FACTS, row["id"])
        row["case_number"], row["made_at"] = owed.number, gathering.now
        sayings = [announcements.prepared(letter(row))]
        sayings += went(gathering, row, facts, until, around)
        gathering.keep(LetterRow, row)
        for saying in sayings:
            said += 1
            gathering.events.append(saying.make(common(row, said, gathering.now)))
    spoken = {"complaint_id": owed.forwarded[0].complaint_id, "version": said}
    gathering.keep(SpokenRow, spoken)
    return gathering


NEW_LETTER = {
    "reason": None, "lacking": None, "due_at": None, "sent_at": None, "way": None, "round": 1,
    "tries": 0,
}  # fmt: skip


def letter(row: dict[str, Any]) -> LetterRow:
    """As the announcements read it."""
    return cast("LetterRow", Fields(row))


class Fields:
    """The columns of a row as attributes."""

    def __init__(self, columns: dict[str, Any]) -> None:
        self.__dict__ = columns


def common(row: Mapping[str, Any], version: int, now: datetime) -> dict[str, Any]:
    return {
        "occurred_at": now,
        "complaint_id": row["complaint_id"],
        "version": version,
        "letter_id": row["id"],
        "case_id": row["case_id"],
        "kind": row["kind"],
    }


def went(
    gathering: Gathering, row: dict[str, Any], facts: Facts, until: datetime, around: Around
) -> list[announcements.Saying]:
    """How the letter left the house, if it did."""
    random = Random(row["case_id"].int + row["serial"])  # noqa: S311 - a story
    by_mail = is_address(facts.respondent.email)
    made = gathering.now
    if until - made < FRESH:
        row["state"] = State.WAITING if by_mail else State.TO_PRINT
        row["reason"] = None if by_mail else Reason.NO_ADDRESS
        return []
    out = made + (timedelta(seconds=random.randrange(2, 90)) if by_mail else timedelta(hours=3))
    attempt = {
        "letter_id": row["id"], "place": 1, "way": "email" if by_mail else "print",
        "began_at": out, "ended_at": out, "reason": None, "detail": "",
        "message_id": None, "actor": None if by_mail else around.mediator,
    }  # fmt: skip
    gathering.now = out
    if by_mail and random.random() < GIVEN_UP:
        row |= {"state": State.FAILED, "reason": Reason.ADDRESS, "tries": 1}
        gathering.keep(AttemptRow, attempt | {"reason": Reason.ADDRESS.value})
        return [announcements.failed(letter(row), Reason.ADDRESS, 1)]
    gathering.keep(AttemptRow, attempt)
    row |= {"state": State.SENT if by_mail else State.PRINTED, "sent_at": out}
    row |= {"way": attempt["way"], "tries": int(by_mail)}
    return [announcements.sent(letter(row), attempt["way"], 1)]


def facts_of(owed: Owed, event: CaseForwarded) -> Facts:
    """What the letter says."""
    document, matter = owed.document, owed.document["matter"]
    respondent = document["respondent"]
    claims = (Claim(label_of(ClaimKind, one["kind"]), one.get("amount_fen")) for one in
              document["claims"])  # fmt: skip
    return Facts(
        case_number=owed.number,
        serial=event.serial,
        forwarded_on=event.forwarded_on,
        reply_due=event.reply_due,
        sender=Sender(DEMO.name, DEMO.phone, DEMO.address),
        respondent=Respondent(
            respondent["name"],
            respondent["address"] or "",
            respondent["email"] or "",
            respondent["phone"] or "",
        ),
        text=matter["text"],
        subject=matter["subject"],
        complainant=document["complainant"]["name"],
        may_be_named=document["consents"]["forwarding"],
        happened_on=date.fromisoformat(matter["happened_on"]),
        goods=matter["goods_or_service"],
        amount_fen=matter["amount_fen"],
        claims=tuple(claims),
        evidence=tuple(document["evidence"]),
        contact="林调解员",
        contact_phone=DEMO.phone,
    )
