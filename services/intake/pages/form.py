"""The public form as it is shown: with what was typed, what is wrong, and the body's notice."""

from typing import Any

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import Response

from services.intake.domain.errors import NoticeNotShownError
from services.intake.pages.draft import Draft, text_in
from services.intake.ports import Means
from services.intake.use_cases import uploads as kept
from services.intake.use_cases.admitting import Caller, Door, bound_to
from services.intake.use_cases.notices import filled, notices
from shared.bodies import Bodies, Body
from shared.clock import local_day
from shared.i18n import Language
from shared.terms import CATEGORIES, Claim, IdType, Kind, region_choices
from shared.web import page
from shared.web.requests import language_of
from shared.work import Database

ACCEPTED = ".jpg,.jpeg,.png,.webp,.heic,.pdf,.docx,.xlsx,.mp3,.m4a,.mp4"
Typed = FormData | dict[str, Any]
OF = "notice_of"
"""The hidden field with the body whose notice stood on the form."""


class FormPage:
    """Shows the form."""

    def __init__(self, means: Means, door: Door) -> None:
        self._bodies = means.bodies
        self._door = door

    async def show(
        self, request: Request, database: Database, draft: Draft, status: int = 200
    ) -> Response:
        """The form as it stands, with the files that are kept for it."""
        mine = kept.form_of(database.vault, draft.key)
        async with database.reading() as session:
            files = await kept.kept_files(session, database.vault, mine)
        bound, given = bound_to(caller_of(request, draft.key)), text_in(draft.typed, "challenge")
        body = chosen(draft.typed, self._bodies) or self._bodies.default
        return page(
            request,
            "intake/form.html",
            status,
            typed=draft.typed,
            wrong=draft.wrong,
            form_key=draft.key,
            files=files,
            accepted=ACCEPTED,
            today=database.clock(),
            task=self._door.task(database.vault, bound, database.clock(), given),
            **choices(self._bodies, language_of(request)),
            **notice_for(body, request, database),
        )


def choices(bodies: Bodies, language: Language) -> dict[str, Any]:
    """What the lists of the form offer."""
    english = language == "en"
    return {
        "kinds": Kind.choices(language),
        "claims": Claim.choices(language),
        "id_types": IdType.choices(language),
        "categories": [(one.code, one.en if english else one.zh) for one in CATEGORIES.values()],
        "regions": region_choices(language),
        "bodies": [(one.code, one.name) for one in bodies.known if not one.demo],
    }


def notice_for(body: Body, request: Request, database: Database) -> dict[str, Any]:
    """The privacy notice (隐私告知) in force at a body, with its own name in it."""
    notice = notices().in_force(body.code, local_day(database.clock()))
    language = language_of(request)
    text = filled(notice.said(language), body, language) if notice else None
    return {"notice": notice, "notice_text": text, "notice_of": body.code}


def chosen(typed: Typed, bodies: Bodies) -> Body | None:
    """The body that the form is for; None: there is no such body."""
    return bodies.of(text_in(typed, "body") or None)


def unseen(typed: Typed, bodies: Bodies) -> NoticeNotShownError | None:
    """What is wrong where the form showed the notice of another body than the chosen one.

    Whoever handles the data must be named before they are given (个人信息保护法 art. 17).
    """
    body = chosen(typed, bodies)
    shown = text_in(typed, OF)
    if body is None or not shown or shown == body.code:
        return None
    return NoticeNotShownError(
        "您换了接收单位。下面已经换成“{name}”的隐私告知，请看过以后再提交。",
        pointer="/body",
        name=body.name,
    )


def caller_of(request: Request, key: str) -> Caller:
    """Who sends this form."""
    return Caller(str(request.scope.get("redress.caller", "-")), key)
