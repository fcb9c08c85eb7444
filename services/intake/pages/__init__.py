"""The pages of intake."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.intake.pages.complaining import Complaining
from services.intake.pages.files import Files
from services.intake.pages.following import Following
from services.intake.pages.letters import Letters
from services.intake.pages.lost import Lost
from services.intake.pages.privacy import Privacy
from services.intake.pages.receipt import Receipts
from services.intake.pages.reporters import Reporters
from services.intake.ports import Means


def routers(means: Means) -> Sequence[APIRouter]:
    """All pages."""
    return [
        Complaining(means).router,
        Receipts().router,
        Files(means).router,
        Following(means).router,
        Letters(means).router,
        Lost(means).router,
        Privacy(means).router,
        Reporters().router,
    ]
