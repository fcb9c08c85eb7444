"""Letters as JSON for staff and for programs."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.notification.domain.states import Action, Reason, State
from services.notification.places import cursor_of, place_in
from services.notification.ports import Office
from services.notification.tables import AttemptRow
from services.notification.use_cases.allowing import seen_by, where_lies
from services.notification.use_cases.desk import act
from services.notification.use_cases.read import (
    Shown,
    Wanted,
    Whole,
    list_letters,
    whole_letter,
)
from shared.acting import Caller, caller_of
from shared.rights import Action as Right
from shared.web import (
    OpenRead,
    OpenWork,
    TheDatabase,
    Who,
    only,
    staff_or_token,
)

PREFIX = "/notification/api/v1/letters"


WAYS = "Way (送达方式): `email` 电子邮件; `print` 打印寄送"


class Asked(BaseModel):
    """Which letters are asked for."""

    state: list[State] = Field(default=[], max_length=len(State), description="Any of these.")
    q: str = Field("", max_length=100, description="Document number (文号) or case number.")
    cursor: str | None = Field(None, max_length=400, description="`next` of the page before.")


class LetterOut(BaseModel):
    """One letter (函件)."""

    id: UUID
    document_number: str = Field(description="The document number (文号).")
    kind: str = Field(description="Kind (函件种类): `forwarding` 投诉转送函.")
    case_id: UUID
    complaint_id: UUID
    case_number: str | None
    serial: int = Field(description="1 for the first forwarding of the case.")
    body: str
    to: str | None = Field(description="The addressee; null until known, and once erased.")
    issued_on: date
    forwarded_on: date
    reply_due: date
    state: State
    reason: Reason | None = Field(description="Why it is where it is, if that needs a reason.")
    lacking: list[str] = Field(description="What a person must supply.")
    made_at: datetime | None
    sent_at: datetime | None
    way: str | None = Field(description=f"{WAYS}; null until it is out.")
    next_attempt_at: datetime | None
    may: list[Action] = Field(description="What a person may do with it now.")


class AttemptOut(BaseModel):
    """One attempt to deliver."""

    place: int
    way: str = Field(description=f"{WAYS}.")
    began_at: datetime
    ended_at: datetime | None
    reason: Reason | None
    detail: str


class WholeLetterOut(LetterOut):
    """One letter with its attempts."""

    sha256: str | None = Field(description="Of the PDF, once it was printed.")
    attempts: list[AttemptOut]


class LettersOut(BaseModel):
    """A page of letters."""

    items: list[LetterOut]
    next: str | None


def letter_out(shown: Shown, caller: Caller) -> LetterOut:
    row = shown.row
    handles = caller.may(Right.LETTER_HANDLE, where_lies(row))
    return LetterOut(
        id=row.id,
        document_number=row.document_number,
        kind=row.kind,
        case_id=row.case_id,
        complaint_id=row.complaint_id,
        case_number=row.case_number,
        serial=row.serial,
        body=row.body,
        to=shown.facts.respondent.name if shown.facts else None,
        issued_on=row.issued_on,
        forwarded_on=row.forwarded_on,
        reply_due=row.reply_due,
        state=State(row.state),
        reason=Reason(row.reason) if row.reason else None,
        lacking=row.lacking or [],
        made_at=row.made_at,
        sent_at=row.sent_at,
        way=row.way,
        next_attempt_at=row.due_at,
        may=list(shown.may) if handles else [],
    )


def attempt_out(row: AttemptRow) -> AttemptOut:
    return AttemptOut(
        place=row.place,
        way=row.way,
        began_at=row.began_at,
        ended_at=row.ended_at,
        reason=Reason(row.reason) if row.reason else None,
        detail=row.detail,
    )


def whole_out(whole: Whole, caller: Caller) -> WholeLetterOut:
    attempts = [attempt_out(one) for one in whole.attempts]
    return WholeLetterOut(
        **letter_out(whole.shown, caller).model_dump(), sha256=whole.sha256, attempts=attempts
    )


def routes(office: Office) -> APIRouter:
    """The JSON interface of letters."""
    router = APIRouter(prefix=PREFIX, tags=["letters"])
    reading, handling = (staff_or_token(one) for one in (Right.LETTER_READ, Right.LETTER_HANDLE))

    @router.get("", dependencies=[reading, only(Asked)])
    async def get_letters(
        who: Who, session: OpenRead, database: TheDatabase, asked: Annotated[Asked, Query()]
    ) -> LettersOut:
        """Letters, newest first; by reply date where only such are asked for that need a person."""
        caller = await caller_of(database, who)
        wanted = Wanted(seen_by(caller), office.bodies.codes, frozenset(asked.state), asked.q)
        after = place_in(asked.cursor, wanted)
        listed = await list_letters(session, database.vault, wanted, after)
        items = [letter_out(one, caller) for one in listed.items]
        return LettersOut(items=items, next=cursor_of(listed.next))

    @router.get("/{letter_id}", dependencies=[reading])
    async def get_letter(
        letter_id: UUID, who: Who, session: OpenRead, database: TheDatabase
    ) -> WholeLetterOut:
        """One letter with each attempt to deliver it."""
        caller = await caller_of(database, who)
        whole = await whole_letter(session, database.vault, seen_by(caller), letter_id)
        return whole_out(whole, caller)

    @router.post("/{letter_id}/{action}", dependencies=[handling])
    async def post_action(
        letter_id: UUID, action: Action, who: Who, work: OpenWork, database: TheDatabase
    ) -> WholeLetterOut:
        """`send` by e-mail again; note that it was `printed` and handed over; `make` it anew."""
        caller = await caller_of(database, who)
        await act(work, office, caller, letter_id, action)
        await work.session.flush()
        whole = await whole_letter(work.session, work.vault, seen_by(caller), letter_id)
        return whole_out(whole, caller)

    return router
