"""Reading a complaint with its words and files: staff and partners only."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic_core import to_json
from starlette.responses import Response

from services.intake.domain.attachment import MEDIA_TYPES
from services.intake.ports import Means
from services.intake.use_cases import looking_up, words
from services.intake.use_cases.opening import Wanted, open_file
from services.intake.use_cases.record_out import RecordOut
from shared.acting import SERVICE_ROLE, Staff, caller_of
from shared.rights import Action
from shared.web import TheDatabase, Who, log_ids, staff_or_token
from shared.web.downloads import attached
from shared.web.why import WhyForm
from shared.work import Database


class Reading:
    """The routes that show what people wrote."""

    def __init__(self, means: Means) -> None:
        self._storage = means.storage
        self.router = APIRouter(
            prefix="/intake/api/v1",
            tags=["complaints"],
            dependencies=[staff_or_token(Action.CASE_READ)],
        )
        add = self.router.add_api_route
        add(
            "/complaints/{complaint_id}",
            self.get_complaint,
            methods=["GET"],
            response_model=RecordOut,
        )
        file = "/complaints/{complaint_id}/attachments/{attachment_id}"
        add(file, self.get_attachment, methods=["GET"], response_class=Response)
        add(file, self.post_attachment, methods=["POST"], response_class=Response)

    async def get_complaint(
        self, request: Request, complaint_id: UUID, who: Who, database: TheDatabase
    ) -> Response:
        """One complaint as it was sent, what we add to it, and its files (投诉详情).

        People read it masked (脱敏): names, numbers, addresses and what of them is in the text.
        """
        caller = await caller_of(database, who)
        async with database.reading() as session:
            row = await looking_up.by_id(session, complaint_id, caller.sight(Action.CASE_READ))
            shown = await words.shown(session, database.vault, row.id, whole=of_the_house(who))
        log_ids(request, complaint_id=complaint_id)
        return Response(to_json(shown), media_type="application/json")

    async def get_attachment(
        self,
        request: Request,
        complaint_id: UUID,
        attachment_id: UUID,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """One file of a complaint, to be saved, never shown inline (下载附件).

        What is in it cannot be masked: who gets it is noted before they do.
        """
        return await self._file(request, who, database, Wanted(complaint_id, attachment_id))

    async def post_attachment(  # noqa: PLR0913, PLR0917 - what a request brings
        self,
        request: Request,
        complaint_id: UUID,
        attachment_id: UUID,
        form: WhyForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """The same, with a reason, which is noted: for closed cases, and other people's."""
        wanted = Wanted(complaint_id, attachment_id, form.why())
        return await self._file(request, who, database, wanted)

    async def _file(
        self, request: Request, who: Staff, database: Database, wanted: Wanted
    ) -> Response:
        log_ids(request, complaint_id=wanted.complaint, attachment_id=wanted.file)
        found = await open_file(database, self._storage, await caller_of(database, who), wanted)
        return attached(found.body, MEDIA_TYPES[found.kind], found.name, f"file.{found.kind}")


def of_the_house(who: Staff) -> bool:
    """Whether it is a sister service that asks."""
    return who.role == SERVICE_ROLE
