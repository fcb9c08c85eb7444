"""The privacy notice on a page of its own: the one in force, and older ones that were shown."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.intake.domain.errors import NoSuchNoticeError
from services.intake.domain.notice import Notice
from services.intake.ports import Means
from services.intake.use_cases.notices import filled, notices
from shared.bodies import Body
from shared.clock import local_day
from shared.web import TheDatabase, page, public
from shared.web.requests import language_of

HERE = "/intake/privacy"


class Privacy:
    """The page of the notice."""

    def __init__(self, means: Means) -> None:
        self._bodies = means.bodies
        self.router = APIRouter(include_in_schema=False, dependencies=[public()])
        self.router.add_api_route(HERE, self.get_notice, methods=["GET"])

    async def get_notice(
        self, request: Request, database: TheDatabase, body: str = "", version: str = ""
    ) -> Response:
        """The notice in force at a body, or the version that is asked for."""
        where = self._bodies.of(body or None)
        found = where and chosen(where, version, database)
        if where is None or not found:
            raise NoSuchNoticeError("没有这个版本的隐私告知，请检查网址。")
        text = filled(found.said(language_of(request)), where, language_of(request))
        return page(
            request,
            "intake/privacy.html",
            text=text,
            notice=found,
            body=where,
            current=notices().in_force(where.code, local_day(database.clock())),
            older=notices().of_body(where.code),
        )


def chosen(body: Body, version: str, database: Any) -> Notice | None:
    if not version:
        return notices().in_force(body.code, local_day(database.clock()))
    return next((one for one in notices().of_body(body.code) if one.version == version), None)
