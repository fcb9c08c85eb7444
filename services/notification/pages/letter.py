"""One letter: what it says, what happened to it, what can be done."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.notification.domain.states import Action
from services.notification.pages.labels import LABELS
from services.notification.ports import Office
from services.notification.use_cases.desk import Actor, act
from services.notification.use_cases.files import letter_of
from services.notification.use_cases.mail import subject_of, text_of
from services.notification.use_cases.read import Whole, whole_letter
from shared.clock import local_day
from shared.vault import Vault
from shared.web import CheckedForm, OpenRead, OpenWork, TheDatabase, Who, page, see_other, staff


def routes(office: Office) -> APIRouter:
    """The pages of one letter."""
    router = APIRouter(include_in_schema=False, prefix="/notification/letters")

    @router.get("/{letter_id}", dependencies=[staff()])
    async def letter(
        request: Request, letter_id: UUID, who: Who, session: OpenRead, database: TheDatabase
    ) -> Response:
        """The letter's page."""
        whole = await whole_letter(session, database.vault, who.body, letter_id)
        context = shown(office, database.vault, whole)
        context["today"] = local_day(database.clock())
        return page(request, "notification/letter.html", **LABELS, **context)

    @router.post("/{letter_id}/{action}", dependencies=[staff()])
    async def acted(
        letter_id: UUID, action: Action, who: Who, work: OpenWork, form: CheckedForm
    ) -> Response:
        """Send again, note as printed, or make anew; then the letter's page again."""
        await act(work, office, Actor(who.id, who.body), letter_id, action)
        return see_other(f"/notification/letters/{letter_id}")

    return router


def shown(office: Office, vault: Vault, whole: Whole) -> dict[str, Any]:
    """What the page of a letter shows."""
    row, facts = whole.shown.row, whole.shown.facts
    written = facts is not None and facts.is_complaint
    demo = {"demo": True} if row.demo else {}
    return demo | {
        "whole": whole,
        "row": row,
        "facts": facts,
        "words": letter_of(vault, office, row) if written else None,
        "mail": (subject_of(row, facts), text_of(row, facts)) if facts else None,
        "can_mail": office.mailer.takes(demo=row.demo),
        "may": whole.shown.may,
    }
