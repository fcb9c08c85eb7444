"""What somebody looked at on a case: kept for ten minutes in a sealed cookie, never the words."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.mediation.tables import CaseRow
from services.mediation.use_cases.masking import NOTHING, Opened, masked_values
from services.mediation.use_cases.viewing import Happened
from shared import web
from shared.masks import Secrets
from shared.web.callers import noted

LOOKED = "looked"
TEN_MINUTES = 600


def looked_at(request: Request, case: CaseRow) -> Opened:
    """The parts of this case that whoever asks has looked at within the last ten minutes."""
    kept, who = web.recall(request, LOOKED), noted(request)
    if kept is None or who is None:
        return NOTHING
    mine = kept["case"] == str(case.id) and kept["who"] == str(who.id)
    return frozenset(kept["parts"]) if mine else NOTHING


def remember_look(
    request: Request, response: Response, case: CaseRow, who: UUID, parts: Sequence[str]
) -> None:
    """Show these parts of the case for ten minutes, besides what is shown of it already."""
    shown = sorted({*parts, *looked_at(request, case)})
    kept = {"case": str(case.id), "who": str(who), "parts": shown}
    web.remember(request, response, LOOKED, kept, max_age=TEN_MINUTES)


def seen(line: Happened, opened: Opened, secrets: Secrets) -> Happened:
    """A line of the timeline as somebody sees it."""
    return replace(line, values=masked_values(line.values, opened, secrets))
