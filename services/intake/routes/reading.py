"""Reading a complaint with its words and files: staff and partners only."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic_core import to_json
from starlette.responses import Response

from services.intake.domain.attachment import MEDIA_TYPES
from services.intake.domain.errors import NoSuchComplaintError
from services.intake.ports import Means
from services.intake.tables import AttachmentRow
from services.intake.use_cases import files, looking_up, words
from services.intake.use_cases.placing import place_of
from services.intake.use_cases.record_out import RecordOut
from shared.rights import Action
from shared.trail import Chain, Deed, Said, note
from shared.web import SERVICE_ROLE, Staff, TheDatabase, Who, log_ids, staff_or_token
from shared.web.acting import caller_of
from shared.web.downloads import attached


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
        add(
            "/complaints/{complaint_id}/attachments/{attachment_id}",
            self.get_attachment,
            methods=["GET"],
            response_class=Response,
        )

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
        caller = await caller_of(database, who)
        async with database.reading() as session:
            row = await looking_up.by_id(session, complaint_id, caller.sight(Action.CASE_READ))
            file = await session.get(AttachmentRow, attachment_id)
        if file is None or file.complaint_id != complaint_id:
            error = NoSuchComplaintError("没有这个文件，请检查网址。")
            raise error.beyond("file", file.id if file else None)
        log_ids(request, complaint_id=complaint_id, attachment_id=attachment_id)
        content = await files.content_of(self._storage, database.vault, file)
        async with database.work() as work:
            said = Said(Deed.FILE_OPENED, {"file": attachment_id})
            doer = caller.doing(Action.CASE_READ, place_of(row))
            await note(work, Chain("complaint", str(complaint_id)), doer, said)
        name, media_type = files.name_of(file, database.vault), MEDIA_TYPES[file.kind]
        return attached(content, media_type, name, f"file.{file.kind}")


def of_the_house(who: Staff) -> bool:
    """Whether it is a sister service that asks."""
    return who.role == SERVICE_ROLE
