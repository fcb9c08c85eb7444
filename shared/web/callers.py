"""Who calls: by a cookie, by a sister's token, or by the token of somebody's script."""

from typing import cast
from uuid import NAMESPACE_URL, uuid5

from starlette.requests import HTTPConnection

from shared import api_tokens
from shared.acting import SERVICE_ROLE, Staff
from shared.i18n import N_
from shared.kernel import Tried
from shared.tokens import CONSOLE, BadTokenError, verify
from shared.web.requests import SESSION_COOKIE, options_of, service_of

WHO = "redress.who"
BEARER = "bearer "
DISPLAY = {CONSOLE: N_("控制台")}


def bearer_in(request: HTTPConnection) -> str | None:
    """The bearer token of a request (RFC 6750, 2.1)."""
    header = request.headers.get("authorization", "")
    return header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else None


def bearer_of(request: HTTPConnection) -> str | None:
    """The issuer of a sister's token; None without one. Raises BadTokenError."""
    token = bearer_in(request)
    if token is None:
        return None
    database = request.app.state.database
    return verify(database.vault, token, service_of(request), database.clock())


async def bearer_staff(request: HTTPConnection) -> Staff | None:
    """Who a bearer token speaks for: a sister, or the person who made it; None without one.

    Signature and end are checked here, before mediation is asked whether it still lives.
    Raises BadTokenError.
    """
    token = bearer_in(request)
    if token is None:
        return None
    if not api_tokens.is_one(token):
        who = as_staff(cast("str", bearer_of(request)))
    else:
        said = api_token_of(request)
        found = await options_of(request).sessions.of_token(said.jti) if said else None
        if said is None or found is None or found.id != said.staff:
            wrong = BadTokenError("令牌无效或者已经过期。")
            raise wrong.telling(Tried("account", said.staff)) if said else wrong
        who = found
    request.scope[WHO] = who
    return who


def api_token_of(request: HTTPConnection) -> api_tokens.ApiToken | None:
    """What the token of a script says, if it is one of ours and not over."""
    token, database = bearer_in(request), request.app.state.database
    return api_tokens.read(database.vault, token, database.clock()) if token else None


def is_sister(request: HTTPConnection) -> bool:
    """Whether a good service token comes along."""
    try:
        return bearer_of(request) is not None
    except BadTokenError:
        return False


def as_staff(issuer: str) -> Staff:
    """A service or the console, in the shape of somebody who works here."""
    display = DISPLAY.get(issuer, issuer)
    return Staff(uuid5(NAMESPACE_URL, f"redress:{issuer}"), issuer, display, SERVICE_ROLE, "")


async def session_staff(request: HTTPConnection) -> Staff | None:
    """Who the session cookie belongs to, noted for the page."""
    cookie = request.cookies.get(SESSION_COOKIE)
    who = await options_of(request).sessions.of(cookie) if cookie else None
    request.scope[WHO] = who
    return who


def known_by_token(request: HTTPConnection) -> Staff | None:
    """Whose script this is, as far as that is known without asking."""
    said = api_token_of(request)
    return options_of(request).sessions.known_token(said.jti) if said else None


def recognise(request: HTTPConnection) -> None:
    """Note who asks, as far as that is known without asking: a refusal wears their shell too."""
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie and noted(request) is None:
        request.scope[WHO] = options_of(request).sessions.known(cookie)


def noted(request: HTTPConnection) -> Staff | None:
    """Who asks, if the route's marker found out."""
    return cast("Staff | None", request.scope.get(WHO))
