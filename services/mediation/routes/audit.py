"""The trail of all services as JSON, for auditors' programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from services.mediation.forms import AuditAsked, cursor_of_trail
from services.mediation.routes.answers import API, as_json
from services.mediation.settings import MediationSettings
from services.mediation.use_cases.trail.exporting import MEDIA, Export, export
from services.mediation.use_cases.trail.listing import Installation, Listed, list_trail
from shared import web
from shared.clock import local_day
from shared.rights import Action
from shared.web import TheDatabase, Who
from shared.web.requests import language_of

CUT_AT = "X-Rows-Cut-At"
"""The header of a file that has only so many rows, the newest, of more."""


@dataclass(frozen=True)
class AuditRoutes:
    """The trail, and its files."""

    here: Installation
    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(prefix=API, tags=["audit"])
        guard = [web.staff_or_token(Action.AUDIT_READ), web.only(AuditAsked)]
        made.add_api_route(
            "/audit",
            self.rows,
            methods=["GET"],
            response_model=dict[str, Any],
            dependencies=guard,
        )
        made.add_api_route(
            "/audit.{form}", self.file, methods=["GET"], response_class=FileResponse,
            dependencies=guard,
        )  # fmt: skip
        return made

    async def rows(
        self, asked: Annotated[AuditAsked, Query()], who: Who, database: TheDatabase
    ) -> Response:
        """What was done, newest first. Reading it is a row of it."""
        return as_json(document(await list_trail(database, self.here, asked.query(), who)))

    async def file(
        self,
        form: str,
        asked: Annotated[AuditAsked, Query()],
        *,
        request: Request,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """The same as a file: `csv` or `xlsx`.

        Where it has the newest `MEDIATION_AUDIT_ROWS` only, its last row and the header
        `X-Rows-Cut-At` say so: choose fewer days for the rest.
        """
        most, language = self.settings.audit_rows, language_of(request)
        wanted = Export(asked.query(), who, form, language, most, self.here)
        made = await export(database, wanted)
        name = f"audit-{local_day(database.clock()).isoformat()}.{form}"
        gone = BackgroundTask(made.path.unlink, missing_ok=True)
        said = {CUT_AT: str(most)} if made.cut else {}
        return FileResponse(
            made.path, media_type=MEDIA[form], filename=name, background=gone, headers=said
        )


def document(listed: Listed) -> Mapping[str, Any]:
    """One page of the trail."""
    names = listed.names
    items = [
        one.model_dump(mode="json")
        | {"doer_name": names.doer(one, "zh"), "for_name": names.behalf(one)}
        | {"thing": names.thing(one)}
        for one in listed.lines
    ]
    return {"items": items, "next": cursor_of_trail(listed), "silent": list(listed.silent)}
