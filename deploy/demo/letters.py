"""The letters of fictitious cases: long out, waiting, or given up on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from deploy.demo.around import Around, Rows
from deploy.demo.dice import Dice
from deploy.demo.rows import Told
from deploy.demo.said import Said, as_event
from services.notification.domain.facts import KIND, Claim, Facts, Respondent, Sender
from services.notification.domain.states import OVER, Reason, State
from services.notification.domain.way import is_address
from services.notification.tables import (
    SEALED_FACTS,
    AttemptRow,
    EndingRow,
    LetterRow,
    PlaceRow,
    SpokenRow,
)
from services.notification.use_cases.make import FACTS
from services.notification.use_cases.owe import Register, row_of
from shared.bodies import DEMO
from shared.bulk import plain_default
from shared.events import (
    CaseAssigned,
    CaseClosed,
    CaseForwarded,
    CaseOpened,
    CaseWithdrawn,
    Event,
    LetterFailed,
    LetterPrepared,
    LetterSent,
)
from shared.terms import Claim as ClaimKind
from shared.terms import label_of
from shared.work import table_of

if TYPE_CHECKING:
    from shared.events import LetterEvent
    from shared.work import Work

FRESH = timedelta(days=3)
"""Letters of the last days still wait for somebody."""
GIVEN_UP = 0.02
Numbers = Mapping[UUID, int]
"""The number of each forwarding's letter, by its event."""
ENDINGS: frozenset[type[Event]] = frozenset({CaseWithdrawn, CaseClosed})
HEARD: frozenset[type[Event]] = ENDINGS | {CaseForwarded, CaseOpened, CaseAssigned}
"""What notification would hear of a story, and finds done."""


@dataclass
class Letters:
    """What the letters of one complaint leave in the books, and what is said of them."""

    told: Told
    around: Around
    until: datetime
    rows: Rows = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    def keep(self, table: type[Any], row: Mapping[str, Any]) -> None:
        self.rows.setdefault(table, []).append(dict(row))

    def say(
        self, kind: "type[LetterEvent]", at: datetime, row: Mapping[str, Any], **own: Any
    ) -> None:
        """As `services.notification.announcements` says it."""
        facts = {
            "version": len(self.said) + 1,
            "letter_id": row["id"],
            "case_id": row["case_id"],
            "kind": row["kind"],
        }
        place = 1 if kind is LetterPrepared else 2
        event_id = self.told.identity.letter(row["serial"], place)
        self.said.append(Said(kind, event_id, at, row["complaint_id"], facts | own))


def register_of(forwarded: Said) -> Register:
    """Which sequence of document numbers a letter takes its number from."""
    return Register(forwarded.facts["body"], KIND, forwarded.facts["forwarded_on"].year)


def numbered(
    forwarded: Sequence[Said], numbers: Mapping[Register, Iterator[int]]
) -> dict[UUID, int]:
    """The number of each forwarding's letter: in the order they were forwarded."""
    ordered = sorted(forwarded, key=lambda one: one.occurred_at)
    return {one.id: next(numbers[register_of(one)]) for one in ordered}


def letters_of(told: Told, numbers: Numbers, around: Around, until: datetime) -> Letters:
    """The letters of one complaint, and what was said about them."""
    letters = Letters(told, around, until)
    ended = max((one.version for one in told.said if one.kind in ENDINGS), default=0)
    forwarded = told.forwarded
    for one in forwarded:
        letter(letters, one, numbers[one.id], over=one.version < ended)
    if told.place["version"]:
        letters.keep(PlaceRow, {"complaint_id": told.identity.complaint, **told.place})
    if forwarded or ended:
        body = told.complaint["body"]
        ending = {"complaint_id": told.identity.complaint, "body": body, "version": ended}
        letters.keep(EndingRow, ending)
    if letters.said:
        spoken = {"complaint_id": told.identity.complaint, "version": len(letters.said)}
        letters.keep(SpokenRow, spoken)
    return letters


NEW_LETTER = {one.name: plain_default(one) for one in table_of(LetterRow).columns}


def letter(letters: Letters, forwarded: Said, number: int, *, over: bool) -> None:
    """One letter; what has not left when its case ends stays in."""
    around, event = letters.around, cast("CaseForwarded", as_event(forwarded))
    made = forwarded.occurred_at + timedelta(seconds=1)
    work = cast("Work", SimpleNamespace(now=made))
    row = NEW_LETTER | row_of(work, event, number, around.bodies)
    row["id"] = letters.told.identity.letter(event.serial)
    facts = facts_of(letters.told, event)
    row["facts"] = around.vault.seal(FACTS.dump_json(facts), SEALED_FACTS, row["id"])
    place = letters.told.place
    row |= {"unit": place["unit"], "assignee": place["assignee"]}
    row |= {"case_number": letters.told.complaint["number"], "made_at": made, "due_at": None}
    prepared = {"document_number": row["document_number"], "prepared_on": row["issued_on"]}
    letters.say(LetterPrepared, made, row, **prepared)
    went(letters, row, facts)
    if over and row["state"] not in OVER:
        row |= {"state": State.VOID, "reason": Reason.CASE_OVER, "due_at": None}
    letters.keep(LetterRow, row)


def went(letters: Letters, row: dict[str, Any], facts: Facts) -> None:
    """How the letter left the house, if it did."""
    random = Dice(row["case_id"].int + row["serial"])
    by_mail, made = is_address(facts.respondent.email), row["made_at"]
    if letters.until - made < FRESH:
        row["state"] = State.WAITING if by_mail else State.TO_PRINT
        row["reason"] = None if by_mail else Reason.NO_ADDRESS
        return
    out = made + (timedelta(seconds=random.randrange(2, 90)) if by_mail else timedelta(hours=3))
    attempt = {
        "letter_id": row["id"], "place": 1, "way": "email" if by_mail else "print",
        "began_at": out, "ended_at": out, "reason": None, "detail": "",
        "message_id": None, "actor": None if by_mail else letters.around.mediator,
    }  # fmt: skip
    row["tries"] = int(by_mail)
    if by_mail and random.random() < GIVEN_UP:
        row |= {"state": State.FAILED, "reason": Reason.ADDRESS}
        letters.keep(AttemptRow, attempt | {"reason": Reason.ADDRESS.value})
        letters.say(LetterFailed, out, row, reason=Reason.ADDRESS.value, attempts=1)
        return
    letters.keep(AttemptRow, attempt)
    row |= {"state": State.SENT if by_mail else State.PRINTED, "sent_at": out}
    row["way"] = attempt["way"]
    letters.say(LetterSent, out, row, way=attempt["way"], attempts=1)


def facts_of(told: Told, event: CaseForwarded) -> Facts:
    """What the letter says."""
    document, matter = told.document, told.document["matter"]
    respondent = document["respondent"]
    claims = (Claim(label_of(ClaimKind, one["kind"]), one.get("amount_fen")) for one in
              document["claims"])  # fmt: skip
    return Facts(
        case_number=told.complaint["number"],
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
