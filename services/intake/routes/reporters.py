"""Who reported (举报人), for programs of a privacy officer: with a reason, noted each time."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json
from starlette.responses import Response

from services.intake.use_cases.reporters import LONGEST_REASON, open_reporter
from services.intake.use_cases.submission import AgentForm, ComplainantForm, JointForm
from shared.acting import Caller
from shared.rights import Action
from shared.trail import Doer
from shared.web import OpenWork, Who, log_ids, staff


class ReasonForm(BaseModel):
    """Why somebody wants to know who reported."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=LONGEST_REASON, description="Why (查看理由); it is noted.")


class ReporterOut(BaseModel):
    """Who reported (举报人); all empty for an anonymous report (匿名举报)."""

    complainant: ComplainantForm
    agent: AgentForm | None
    joint: JointForm | None


class ReporterRoutes:
    """One route."""

    def __init__(self) -> None:
        self.router = APIRouter(
            prefix="/intake/api/v1",
            tags=["complaints"],
            dependencies=[staff(Action.REPORTER_OPEN)],
        )
        self.router.add_api_route(
            "/complaints/{complaint_id}/reporter",
            self.post_reporter,
            methods=["POST"],
            response_model=ReporterOut,
        )

    async def post_reporter(
        self, request: Request, complaint_id: UUID, form: ReasonForm, who: Who, work: OpenWork
    ) -> Response:
        """Who reported (查看举报人). By POST: the reason is noted with who looked, and when."""
        log_ids(request, complaint_id=complaint_id)
        found = await open_reporter(
            work, complaint_id, form.reason, Caller(Doer.of(who), who.rights)
        )
        kept_nowhere = {"Cache-Control": "no-store"}
        return Response(to_json(found), headers=kept_nowhere, media_type="application/json")
