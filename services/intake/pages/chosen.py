"""The files that were chosen on the form: kept as they come, as far as there is room for them."""

import asyncio

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from services.intake.pages.form import caller_of
from services.intake.ports import Means
from services.intake.use_cases import uploads as kept
from services.intake.use_cases.files import Named, prepared, refuse_too_many, store
from shared.kernel import NoRoomError, RuleError
from shared.web import wrongs
from shared.web.forms import uploads
from shared.web.statuses import status_of
from shared.work import Database

FIELD = "files"


class ChosenFiles:
    """Keeps the files of one form that was sent, and knows what is wrong with them."""

    def __init__(self, means: Means, request: Request, database: Database, key: str) -> None:
        self._means = means
        self._request = request
        self._database = database
        self._mine = kept.form_of(database.vault, key)
        self._sender = kept.sender_of(database.vault, caller_of(request, key).address)
        self.wrong: dict[str, str] = {}
        """What is wrong with the first file that we do not take, under the name of the field."""
        self.status = 422
        """What the form is answered with where something is wrong."""

    async def keep(self, form: FormData, *, right: bool) -> None:
        """Keep the chosen files that we take.

        Files of a form that is right do not wait, so they need no room among those that do. A
        single one is kept or not, and need not be looked at beforehand.
        """
        chosen = uploads(form, FIELD)
        waits = not right or (len(chosen) > 1 and not await self._all_taken(chosen))
        for place, upload in enumerate(chosen, 1):
            try:
                await self._keep(upload, place, waits=waits)
            except RuleError as error:
                self._tell(error)

    async def forget(self) -> None:
        """Forget them: this form is not shown again."""
        await kept.drop_files(self._database, self._means.storage, self._mine)

    async def _keep(self, upload: UploadFile, place: int, *, waits: bool) -> None:
        """Keep one. Raises RuleError."""
        vault, room = self._database.vault, self._means.room
        with room.coming(self._sender, upload.size or 0):
            async with self._database.reading() as session:
                count = len(await kept.kept_files(session, vault, self._mine))
                lying = await kept.lying(session, self._sender)
            refuse_too_many(count + 1)
            if waits:
                room.refuse_beyond(self._sender, lying)
            owner, data = kept.owner_of(self._mine), await upload.read()
            named = Named(upload.filename or "", place)
            file = await store(self._means.storage, vault, owner, named, data)
            async with self._database.work() as work:
                await kept.keep_file(work, self._mine, file, self._sender)

    async def _all_taken(self, chosen: list[UploadFile]) -> bool:
        """Whether we take every one of them."""
        for upload in chosen:
            try:
                await asyncio.to_thread(prepared, Named(""), await upload.read())
            except RuleError:
                return False
            finally:
                await upload.seek(0)
        return True

    def _tell(self, error: RuleError) -> None:
        if isinstance(error, NoRoomError):
            self.status = status_of(error)
        if not self.wrong:
            self.wrong = {FIELD: wrongs(self._request, error).get(FIELD, str(error))}
