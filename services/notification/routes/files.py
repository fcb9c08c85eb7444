"""The file of a letter, as PDF and as Word, with all that lists and pages mask."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.notification.ports import Office
from services.notification.routes.letters import PREFIX
from services.notification.use_cases.opening import File, Wanted, open_letter
from shared.acting import Staff, caller_of
from shared.rights import Action
from shared.web import TheDatabase, Who, staff_or_token
from shared.web.downloads import attached
from shared.web.why import WhyForm
from shared.work import Database


def routes(office: Office) -> APIRouter:
    """The files. By GET for who handles the letter now; by POST for everybody who says why."""
    guard = [staff_or_token(Action.LETTER_READ)]
    router = APIRouter(
        prefix=PREFIX, tags=["letters"], dependencies=guard, default_response_class=Response
    )

    async def answer(who: Staff, database: Database, wanted: Wanted) -> Response:
        caller = await caller_of(database, who)
        opened = await open_letter(database, office, caller, wanted)
        return attached(opened.body, opened.media_type, opened.name)

    @router.get("/{letter_id}.pdf")
    async def get_pdf(letter_id: UUID, who: Who, database: TheDatabase) -> Response:
        """The letter as PDF, as it was when it was first printed; who gets it is noted."""
        return await answer(who, database, Wanted(letter_id))

    @router.get("/{letter_id}.docx")
    async def get_docx(letter_id: UUID, who: Who, database: TheDatabase) -> Response:
        """The letter as a Word document; who gets it is noted."""
        return await answer(who, database, Wanted(letter_id, File.DOCX))

    @router.post("/{letter_id}.pdf")
    async def post_pdf(letter_id: UUID, form: WhyForm, who: Who, database: TheDatabase) -> Response:
        """The same, with a reason, which is noted: for letters that are out, and other people's."""
        return await answer(who, database, Wanted(letter_id, File.PDF, form.why()))

    @router.post("/{letter_id}.docx")
    async def post_docx(
        letter_id: UUID, form: WhyForm, who: Who, database: TheDatabase
    ) -> Response:
        """The same as a Word document, with a reason, which is noted."""
        return await answer(who, database, Wanted(letter_id, File.DOCX, form.why()))

    return router
