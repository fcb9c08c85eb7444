"""The JSON API of intake."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.intake.ports import Means
from services.intake.routes.admission import Admission
from services.intake.routes.creating import Creating
from services.intake.routes.following import Following
from services.intake.routes.letters import LetterRoutes
from services.intake.routes.reading import Reading
from services.intake.routes.reporters import ReporterRoutes


def routers(means: Means) -> Sequence[APIRouter]:
    """All routes of the API."""
    return [
        Admission(means).router,
        Creating(means).router,
        Following(means).router,
        LetterRoutes(means).router,
        Reading(means).router,
        ReporterRoutes().router,
    ]
