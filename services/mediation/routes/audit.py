"""The trail of all services as JSON, for auditors' programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from services.mediation.routes.answers import API, as_json
from services.mediation.settings import MediationSettings
from services.mediation.use_cases.trail.asking import AuditQuery
from services.mediation.use_cases.trail.exporting import MEDIA, Export, export
from services.mediation.use_cases.trail.listing import Listed, Sisters, list_trail
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.rights import Action
from shared.web import TheDatabase, Who
from shared.web.requests import language_of


@dataclass(frozen=True)
class AuditRoutes:
    """The trail, and its files."""

    sisters: Sisters
    settings: MediationSettings
    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(prefix=API, tags=["audit"])
        guard = [web.staff_or_token(Action.AUDIT_READ), web.only(AuditQuery)]
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
        self, query: Annotated[AuditQuery, Query()], who: Who, database: TheDatabase
    ) -> Response:
        """What was done, newest first. Reading it is a row of it."""
        return as_json(document(await list_trail(database, self.sisters, query, who)))

    async def file(
        self,
        form: str,
        query: Annotated[AuditQuery, Query()],
        *,
        request: Request,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """The same as a file: `csv` or `xlsx`."""
        most, language = self.settings.audit_rows, language_of(request)
        wanted = Export(query, who, form, language, most, self.bodies)
        path = await export(database, self.sisters, wanted)
        name = f"audit-{local_day(database.clock()).isoformat()}.{form}"
        gone = BackgroundTask(path.unlink, missing_ok=True)
        return FileResponse(path, media_type=MEDIA[form], filename=name, background=gone)


def document(listed: Listed) -> Mapping[str, Any]:
    """One page of the trail."""
    names = listed.names
    items = [
        one.model_dump(mode="json")
        | {"doer_name": names.doer(one, "zh"), "for_name": names.behalf(one)}
        | {"thing": names.thing(one)}
        for one in listed.lines
    ]
    last = web.encode_cursor([str(listed.lines[-1].id)]) if listed.more else None
    return {"items": items, "next": last, "silent": list(listed.silent)}
