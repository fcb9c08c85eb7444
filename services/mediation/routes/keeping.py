"""Impact assessments (影响评估) as JSON."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.use_cases.privacy import assessments
from services.mediation.use_cases.privacy.assessments import Assessment
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.rights import Action, Thing
from shared.web import OpenRead, TheDatabase, Who


class AssessmentQuery(BaseModel):
    """Whose assessments are wanted."""

    model_config = ConfigDict(extra="forbid")

    body: str | None = Field(None, description="Code of the body (机构); default: the first.")


class AssessmentOut(BaseModel):
    """What stands for one purpose (影响评估)."""

    purpose: str
    state: str = Field(
        description="draft (随软件提供的草稿), recorded (已记录), due (到了复评的日子)."
    )
    version: int
    kinds: str
    necessity: str
    impact: str
    measures: str
    assessed_on: date | None
    review_on: date | None


class AssessmentsOut(BaseModel):
    """All purposes of a body."""

    items: list[AssessmentOut]


@dataclass(frozen=True)
class KeepingRoutes:
    """The JSON interface of keeping."""

    bodies: Bodies

    def router(self) -> APIRouter:
        """The route, with its guard."""
        guard = [web.staff_or_token(Action.PRIVACY_ANSWER), web.only(AssessmentQuery)]
        made = APIRouter(prefix="/mediation/api/v1", tags=["privacy"])
        made.add_api_route(
            "/assessments",
            self.assessments,
            methods=["GET"],
            response_model=AssessmentsOut,
            dependencies=guard,
        )
        return made

    async def assessments(
        self,
        who: Who,
        session: OpenRead,
        database: TheDatabase,
        query: Annotated[AssessmentQuery, Query()],
    ) -> dict[str, Any]:
        """What stands for each purpose of a body (影响评估清单)."""
        code = query.body or self.bodies.default.code
        who.rights.check(Action.PRIVACY_ANSWER, Thing(code))
        today = local_day(database.clock())
        standing = await assessments.standing(session, database.vault, code)
        return {"items": [as_json(one, today) for one in standing]}


def as_json(one: Assessment, today: date) -> dict[str, Any]:
    return {
        "purpose": one.purpose,
        "state": one.state(today),
        "version": one.version,
        **one.parts,
        "assessed_on": one.assessed_on,
        "review_on": one.review_on,
    }
