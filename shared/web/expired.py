"""A form that was open too long, shown again with everything that was typed."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from shared.web.csrf import FIELD
from shared.web.forms import FormExpiredError
from shared.web.handlers import broken_rule
from shared.web.pages import page
from shared.web.requests import wants_html

SECRET = ("password", "code")
"""Fields that are never written into a page again."""


async def expired(request: Request, error: Exception) -> Response:
    """Offer the same form again, with a fresh token and one button."""
    assert isinstance(error, FormExpiredError)  # noqa: S101 - registered for nothing else
    if not wants_html(request):
        return await broken_rule(request, error)
    kept = [
        (name, value)
        for name, value in error.typed
        if name != FIELD and not any(word in name for word in SECRET)
    ]
    lost = len(kept) < len([name for name, _ in error.typed if name != FIELD])
    return page(request, "expired.html", HTTPStatus.CONFLICT, kept=kept, lost=lost)
