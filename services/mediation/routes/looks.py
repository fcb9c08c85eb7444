"""Looking behind the mask of one case, as JSON."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.ports import Intake
from services.mediation.routes.answers import API, TAGS
from services.mediation.use_cases.allowing import caller_of
from services.mediation.use_cases.looking import Look, look
from services.mediation.use_cases.masking import Part, masked_record
from services.mediation.use_cases.viewing import corrected
from services.mediation.use_cases.words import copy_in, record_of, waiting_changes
from shared import web
from shared.masks.reasons import Reason
from shared.rights import Action
from shared.web import TheDatabase, Who


class LookForm(BaseModel):
    """What somebody wants to see behind the mask, and why."""

    model_config = ConfigDict(extra="forbid")

    parts: list[str] = Field(
        max_length=len(Part), description="What to look at (查看的内容): " + Part.described()
    )
    reason: str = Field(max_length=40, description="Why (查看理由): " + Reason.described())
    note: str = Field(default="", max_length=200)


@dataclass(frozen=True)
class LookRoutes:
    """One route: it is a POST, as each look leaves a row in the trail."""

    intake: Intake

    def router(self) -> APIRouter:
        """The route with its guard."""
        made = APIRouter(prefix=API, tags=list(TAGS))
        opening = [web.staff_or_token(Action.MASK_OPEN)]
        made.add_api_route(
            "/cases/{case_id}/look", self.post_look, methods=["POST"], dependencies=opening
        )
        return made

    async def post_look(
        self, case_id: str, form: LookForm, request: Request, who: Who, database: TheDatabase
    ) -> dict[str, Any]:
        """Look behind the mask of a case: who, what and why are noted before anything is shown."""
        caller = await caller_of(database, who)
        case = await look(database, case_id, caller, Look(form.parts, form.reason, form.note))
        web.log_ids(request, complaint_id=case.complaint_id)
        found = await self.intake.words([case.complaint_id])
        async with database.reading() as session:
            changes = await waiting_changes(session, database.vault, case.id)
            copy = await copy_in(session, database.vault, case.id)
        own = record_of(case.complaint_id, copy)
        record = corrected(found.get(case.complaint_id, own), changes)
        shown = masked_record(record, frozenset(form.parts))
        return {
            "complainant": dict(shown.complainant),
            "respondent": dict(shown.respondent),
            "matter": dict(shown.words),
        }
