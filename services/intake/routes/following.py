"""What the one who complained may do afterwards: look, add evidence, withdraw."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Header, Path, Request, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.intake.domain.attachment import MOST_BYTES, MOST_FILES
from services.intake.ports import Means
from services.intake.routes.callers import staff_or_nobody
from services.intake.tables import ComplaintRow
from services.intake.use_cases import evidence, looking_up, withdrawing
from services.intake.use_cases.answers import FilesOut, StandingOut, failed_for, refused_for
from services.intake.use_cases.files import refuse_without_room, store_all
from services.intake.use_cases.placing import place_of
from shared.acting import Staff, caller_of
from shared.clock import SHANGHAI
from shared.rights import Action
from shared.trail import Doer
from shared.web import TheDatabase, body_limit, guessing, log_ids, public
from shared.web.ahead import AheadOfBody, ahead
from shared.web.incoming import announced
from shared.web.requests import language_of
from shared.work import Database

UPLOAD_BYTES = MOST_FILES * MOST_BYTES + 2**20
ADDING = (Action.CASE_AMEND, Action.CASE_HANDLE)
"""Each of them is enough to add evidence as staff."""
Number = Annotated[str, Path(max_length=40, description="Public number (投诉编号).")]
Code = Annotated[
    str | None,
    Header(
        alias="X-Query-Code", max_length=40, description="Query code (查询码); staff need none."
    ),
]
Files = Annotated[
    list[UploadFile],
    File(description="jpg, png, webp, heic, pdf, docx, xlsx, mp3, m4a, mp4; 20 MB each (证据)."),
]


class NumberAndCode(BaseModel):
    """What opens the status page (编号和查询码)."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(max_length=40)
    query_code: str = Field(max_length=40)


class Following:
    """The routes that need a query code."""

    def __init__(self, means: Means) -> None:
        self._storage = means.storage
        self.router = APIRouter(
            prefix="/intake/api/v1", tags=["complaints"], dependencies=[guessing()]
        )
        add = self.router.add_api_route
        add("/status", self.post_status, methods=["POST"], dependencies=[public()])
        add(
            "/complaints/{number}/attachments",
            self.post_attachments,
            methods=["POST"],
            status_code=201,
            dependencies=[public(), body_limit(UPLOAD_BYTES), ahead(self._may_add)],
            route_class_override=AheadOfBody,
        )
        add(
            "/complaints/{number}/withdraw",
            self.post_withdraw,
            methods=["POST"],
            status_code=204,
            response_class=Response,
            dependencies=[public()],
        )

    async def post_status(
        self, request: Request, asked: NumberAndCode, database: TheDatabase
    ) -> StandingOut:
        """Where a complaint stands (办理进度). By POST, so that the code is in no log."""
        async with database.reading() as session:
            row = await looking_up.with_code(
                session, database.vault, asked.number, asked.query_code
            )
            found = await looking_up.where_it_stands(session, row)
        log_ids(request, complaint_id=row.id)
        withdrawn_at = row.withdrawn_at.astimezone(SHANGHAI) if row.withdrawn_at else None
        return StandingOut(
            number=row.number,
            state=found.state,
            outcome=found.outcome,
            refused_for=refused_for(found.refused_for, language_of(request)),
            failed_for=failed_for(found.failed_for, language_of(request)),
            received_at=row.received_at.astimezone(SHANGHAI),
            due_on=found.due_on,
            due_for=found.due_for,
            provisional=found.provisional,
            withdrawn_at=withdrawn_at,
            files=row.files,
        )

    async def post_attachments(
        self,
        request: Request,
        number: Number,
        files: Files,
        database: TheDatabase,
        code: Code = None,
    ) -> FilesOut:
        """Add evidence (补充证据): with the query code until it has ended, as staff always."""
        row, doer = await self._allowed(request, database, number, code)
        stored = await store_all(self._storage, database.vault, row.id, files)
        count = await evidence.add(database, self._storage, row.id, stored, evidence.By(doer))
        return FilesOut(files=count)

    async def post_withdraw(
        self, request: Request, number: Number, database: TheDatabase, code: Code = None
    ) -> Response:
        """Take the complaint back (撤回投诉). Once more is harmless."""
        async with database.reading() as session:
            row = await looking_up.with_code(session, database.vault, number, code or "")
        log_ids(request, complaint_id=row.id)
        await self._withdraw(database, row.id)
        return Response(status_code=204)

    async def _withdraw(self, database: Database, complaint_id: UUID) -> None:
        async with database.work() as work:
            await withdrawing.withdraw(work, complaint_id)

    async def _may_add(self, request: Request) -> None:
        """Before files are read: who may add some, and whether there is room for them.

        It is asked once more when they are there, as that may be long after.
        """
        number, code = request.path_params["number"], request.headers.get("x-query-code")
        await self._allowed(request, request.app.state.database, number, code)
        await refuse_without_room(self._storage, announced(request))

    async def _allowed(
        self, request: Request, database: Database, number: str, code: str | None
    ) -> tuple[ComplaintRow, Doer | None]:
        """The complaint, for whoever knows its code or works on it; who it is of the latter.

        Raises NoSuchComplaintError; NotAllowedError for who may read it, and no more.
        """
        who = None if code else await staff_or_nobody(request)
        doer = None
        if who is None:
            async with database.reading() as session:
                row = await looking_up.with_code(session, database.vault, number, code or "")
        else:
            row, doer = await in_their_hands(database, who, number)
        log_ids(request, complaint_id=row.id)
        return row, doer


async def in_their_hands(database: Database, who: Staff, number: str) -> tuple[ComplaintRow, Doer]:
    """The complaint with this number, for staff who may add to it, and whose right they use.

    Raises NoSuchComplaintError where they may not even read it, NotAllowedError.
    """
    caller = await caller_of(database, who)
    async with database.reading() as session:
        row = await looking_up.seen_by_number(session, number, caller.sight(Action.CASE_READ))
    return row, caller.doing_any(ADDING, place_of(row))
