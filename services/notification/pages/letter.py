"""One letter: what it says, what happened to it, what can be done."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.notification.domain.states import Action
from services.notification.pages.labels import LABELS
from services.notification.ports import Office
from services.notification.use_cases.allowing import seen_by, where_lies
from services.notification.use_cases.desk import act
from services.notification.use_cases.files import letter_of
from services.notification.use_cases.mail import subject_of, text_of
from services.notification.use_cases.masking import masked_files, masked_letter
from services.notification.use_cases.opening import (
    File,
    Wanted,
    in_their_course,
    may_open,
    open_letter,
)
from services.notification.use_cases.read import Whole, whole_letter
from shared.acting import Caller, caller_of
from shared.clock import local_day
from shared.masks.reasons import NoReasonError
from shared.rights import Action as Right
from shared.vault import Vault
from shared.web import (
    CheckedForm,
    OpenRead,
    OpenWork,
    TheDatabase,
    Who,
    page,
    see_other,
    staff,
    wrongs,
)
from shared.web.downloads import attached
from shared.web.statuses import status_of
from shared.web.why import asked_why, why_in

TEMPLATE = "notification/letter.html"


def routes(office: Office) -> APIRouter:
    """The pages of one letter."""
    router = APIRouter(include_in_schema=False, prefix="/notification/letters")

    @router.get("/{letter_id}", dependencies=[staff(Right.LETTER_READ)])
    async def letter(
        request: Request, letter_id: UUID, who: Who, session: OpenRead, database: TheDatabase
    ) -> Response:
        """The letter's page."""
        caller = await caller_of(database, who)
        whole = await whole_letter(session, database.vault, seen_by(caller), letter_id)
        context = shown(office, database.vault, whole, caller)
        context |= asked_why(request, {}, {}) | {"today": local_day(database.clock())}
        return page(request, TEMPLATE, **LABELS, **context)

    @router.post("/{letter_id}/file", dependencies=[staff(Right.LETTER_READ)])
    async def opened(
        request: Request, letter_id: UUID, who: Who, database: TheDatabase, form: CheckedForm
    ) -> Response:
        """The file, for who says why; else the page again, with what was typed."""
        caller = await caller_of(database, who)
        typed = {name: str(form.get(name) or "") for name in ("file", "reason", "note")}
        wanted = Wanted(letter_id, file_in(typed["file"]), why_in(typed))
        try:
            found = await open_letter(database, office, caller, wanted)
        except NoReasonError as error:
            async with database.reading() as session:
                whole = await whole_letter(session, database.vault, seen_by(caller), letter_id)
            context = shown(office, database.vault, whole, caller)
            context |= asked_why(request, typed, wrongs(request, error))
            context["today"] = local_day(database.clock())
            return page(request, TEMPLATE, status_of(error), **LABELS, **context)
        return attached(found.body, found.media_type, found.name)

    @router.post("/{letter_id}/{action}", dependencies=[staff(Right.LETTER_HANDLE)])
    async def acted(  # noqa: PLR0913 - what a request brings
        letter_id: UUID,
        action: Action,
        who: Who,
        work: OpenWork,
        *,
        database: TheDatabase,
        form: CheckedForm,
    ) -> Response:
        """Send again, note as printed, or make anew; then the letter's page again."""
        await act(work, office, await caller_of(database, who), letter_id, action)
        return see_other(f"/notification/letters/{letter_id}")

    return router


def file_in(typed: str) -> File:
    """What was chosen; PDF where it was nothing of ours."""
    return File.DOCX if typed == File.DOCX else File.PDF


def shown(office: Office, vault: Vault, whole: Whole, caller: Caller) -> dict[str, Any]:
    """What the page of a letter shows: people masked, the files have them whole."""
    row, facts = whole.shown.row, whole.shown.facts
    written = facts is not None and facts.is_complaint
    demo = {"demo": True} if row.demo else {}
    return demo | {
        "whole": whole,
        "row": row,
        "facts": facts,
        "files": masked_files(facts) if facts else (),
        "words": masked_letter(letter_of(vault, office, row), facts) if facts and written else None,
        "mail": (subject_of(row, facts), text_of(row, facts)) if facts else None,
        "can_mail": office.mailer.takes(demo=row.demo),
        "in_course": in_their_course(caller, row),
        "may_open": may_open(caller, row),
        "can": whole.shown.may if caller.may(Right.LETTER_HANDLE, where_lies(row)) else (),
    }
