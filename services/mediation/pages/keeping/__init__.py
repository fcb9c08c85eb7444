"""Pages of keeping: what is due, holds, what persons ask for, periods, impact assessments."""

from fastapi import APIRouter

from services.mediation.pages.keeping.assessments import AssessmentPages
from services.mediation.pages.keeping.overview import KeepingPages
from services.mediation.pages.keeping.requests import RequestPages
from services.mediation.ports import Privacy
from shared.bodies import Bodies


def keeping_pages(privacy: Privacy, bodies: Bodies) -> list[APIRouter]:
    """All of them, each with its guard."""
    return [
        KeepingPages(bodies).router(),
        RequestPages(privacy, bodies).router(),
        AssessmentPages(bodies).router(),
    ]
