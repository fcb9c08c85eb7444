"""A file of evidence on a page: at once for who works on the case, else once they said why."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.intake.domain.attachment import MEDIA_TYPES
from services.intake.ports import Means
from services.intake.use_cases.opening import Wanted, open_file
from shared.acting import Staff, caller_of
from shared.masks.reasons import NoReasonError
from shared.rights import Action
from shared.web import CheckedForm, TheDatabase, Who, log_ids, page, staff, wrongs
from shared.web.downloads import attached
from shared.web.statuses import status_of
from shared.web.why import asked_why, why_in
from shared.work import Database

ADDRESS = "/intake/files/{complaint_id}/{file_id}"


class Files:
    """One address: asked for, and asked for with a reason."""

    def __init__(self, means: Means) -> None:
        self._storage = means.storage
        self.router = APIRouter(include_in_schema=False, dependencies=[staff(Action.CASE_READ)])
        self.router.add_api_route(ADDRESS, self.get_file, methods=["GET"])
        self.router.add_api_route(ADDRESS, self.post_file, methods=["POST"])

    async def get_file(
        self, request: Request, complaint_id: UUID, file_id: UUID, who: Who, database: TheDatabase
    ) -> Response:
        """The file, or the question why."""
        log_ids(request, complaint_id=complaint_id, attachment_id=file_id)
        try:
            return await self._file(database, who, Wanted(complaint_id, file_id))
        except NoReasonError:
            return page(request, "intake/file.html", **asked_why(request, {}, {}))

    async def post_file(  # noqa: PLR0913, PLR0917 - what a request brings
        self,
        request: Request,
        complaint_id: UUID,
        file_id: UUID,
        who: Who,
        database: TheDatabase,
        form: CheckedForm,
    ) -> Response:
        """The file, for who says why."""
        log_ids(request, complaint_id=complaint_id, attachment_id=file_id)
        typed = {name: str(form.get(name) or "") for name in ("reason", "note")}
        try:
            return await self._file(database, who, Wanted(complaint_id, file_id, why_in(typed)))
        except NoReasonError as error:
            context = asked_why(request, typed, wrongs(request, error))
            return page(request, "intake/file.html", status_of(error), **context)

    async def _file(self, database: Database, who: Staff, wanted: Wanted) -> Response:
        found = await open_file(database, self._storage, await caller_of(database, who), wanted)
        return attached(found.body, MEDIA_TYPES[found.kind], found.name, f"file.{found.kind}")
