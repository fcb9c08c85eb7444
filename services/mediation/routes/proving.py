"""What one's own routes share: proving once more who one is, and handing a session over anew."""

from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.routes.door import KNOWN, let_in
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import sessions
from shared import web
from shared.web import TheDatabase
from shared.web.requests import SESSION_COOKIE, caller_address, options_of


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProofForm(Strict):
    """The present password, once the log-in is more than five minutes ago."""

    password: str | None = Field(default=None, max_length=200)


async def prove(
    request: Request, form: ProofForm, database: TheDatabase, settings: MediationSettings
) -> None:
    """A stolen session is not enough. Raises what `sessions.prove_again` raises."""
    typed = sessions.Typed(form.password, caller_address(request), web.kept(request, KNOWN))
    cookie = request.cookies[SESSION_COOKIE]
    await sessions.prove_again(database, cookie, typed, settings)


def handed_over(request: Request, response: Response, fresh: sessions.Session) -> dict[str, Any]:
    """Hand the new cookie over, and forget all that was remembered of the old ones."""
    options_of(request).sessions.forget_all()
    return {"csrf_token": let_in(request, response, fresh), "seconds": fresh.seconds}
