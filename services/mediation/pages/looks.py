"""What somebody looked at on a case: kept for ten minutes in a sealed cookie, never the words."""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import Request
from starlette.responses import Response

from services.mediation.tables import CaseRow
from services.mediation.use_cases.masking import Opened, masked_values
from services.mediation.use_cases.timeline import Happened
from shared import web
from shared.masks import Secrets

LOOKED = "looked"
TEN_MINUTES = 600


def looked_at(request: Request, case: CaseRow) -> Opened:
    """The parts of this case that whoever asks has looked at within the last ten minutes."""
    return frozenset(open_until(request, case))


def open_until(request: Request, case: CaseRow) -> dict[str, float]:
    """Until when each part stays open, in seconds since 1970; those that are over are left out."""
    kept = web.recall(request, LOOKED)
    if kept is None or kept["case"] != str(case.id):
        return {}
    now = request.app.state.database.clock().timestamp()
    return {part: until for part, until in kept["parts"].items() if until >= now}


def remember_look(
    request: Request, response: Response, case: CaseRow, parts: Sequence[str]
) -> None:
    """Show these parts of the case for ten minutes; what was opened before closes in its time."""
    until = request.app.state.database.clock().timestamp() + TEN_MINUTES
    shown = open_until(request, case) | dict.fromkeys(parts, until)
    kept = {"case": str(case.id), "parts": shown}
    web.remember(request, response, LOOKED, kept, max_age=TEN_MINUTES)


def seen(line: Happened, opened: Opened, secrets: Secrets) -> Happened:
    """A line of the timeline as somebody sees it."""
    return replace(line, values=masked_values(line.values, opened, secrets))
