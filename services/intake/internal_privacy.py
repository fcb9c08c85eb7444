"""What mediation asks of intake for the rights of a person: to erase, and to hand out a copy."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from services.intake.ports import Ledger, Storage
from services.intake.use_cases import copying, reapplying
from services.intake.use_cases.erasing import erase
from shared.record.identity import Claimed
from shared.trail import Doer
from shared.web import OpenRead, TheDatabase, Who, service

MOST_AT_ONCE = 200


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ErasureItem(Strict):
    """One complaint whose words must go, and why."""

    complaint_id: UUID
    why: Literal["request", "retention"]


class ErasuresForm(Strict):
    """Complaints whose erasure was approved."""

    items: list[ErasureItem] = Field(max_length=MOST_AT_ONCE)


class PersonAsked(Strict):
    """Who is looked for; the bodies within reach, null for all."""

    name: str | None = Field(None, max_length=100)
    phone: str | None = Field(None, max_length=40)
    id_number: str | None = Field(None, max_length=40)
    bodies: list[str] | None = None


class OriginsAsked(Strict):
    """Of which complaints it is asked how they came in."""

    ids: list[UUID] = Field(max_length=MOST_AT_ONCE)


class FileAsked(Strict):
    """Which file of which complaint."""

    complaint_id: UUID
    file_id: UUID


class InternalPrivacy:
    """The routes for mediation and for the console."""

    def __init__(self, storage: Storage, ledger: Ledger) -> None:
        self._storage = storage
        self._ledger = ledger
        self.router = APIRouter(
            prefix="/internal", include_in_schema=False, dependencies=[service()]
        )
        add = self.router.add_api_route
        add("/erasures", self.post_erasures, methods=["POST"])
        add("/erasures/reapply", self.post_reapply, methods=["POST"])
        add("/reporters", self.post_reporters, methods=["POST"])
        add("/file", self.post_file, methods=["POST"])
        add("/origins", self.post_origins, methods=["POST"])

    async def post_erasures(
        self, form: ErasuresForm, who: Who, database: TheDatabase
    ) -> dict[str, list[UUID]]:
        """Erase the words of complaints whose erasure was approved; once more is harmless."""
        wanted = {one.complaint_id: one.why for one in form.items}
        done = await erase(database, self._ledger, wanted, Doer.of(who))
        return {"erased": sorted(done), "unknown": sorted(wanted.keys() - done)}

    async def post_reapply(self, database: TheDatabase) -> dict[str, int]:
        """Erase once more whatever the ledger knows, and tell the sisters once more."""
        return {"erased": await reapplying.all_again(database, self._ledger)}

    async def post_reporters(self, asked: PersonAsked, database: TheDatabase) -> Response:
        """The reports that a person made, with who they are."""
        person = Claimed(asked.name or "", asked.phone or "", asked.id_number or "")
        found = await copying.reported_by(database, person, asked.bodies)
        return Response(to_json({"items": found}), media_type="application/json")

    async def post_origins(self, asked: OriginsAsked, session: OpenRead) -> Response:
        """By whose hand these complaints came in, and with which privacy notice."""
        found = await copying.origins(session, asked.ids)
        return Response(to_json({"items": found}), media_type="application/json")

    async def post_file(
        self, asked: FileAsked, session: OpenRead, database: TheDatabase
    ) -> Response:
        """The content of one file of a complaint."""
        content = await copying.file_content(
            session, database.vault, self._storage, asked.complaint_id, asked.file_id
        )
        return Response(content, media_type="application/octet-stream")
