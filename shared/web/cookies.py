"""Cookies: the session's, and short encrypted ones that carry what must not stand in an address."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import Response

from shared.vault import Vault, WrongKeyError
from shared.web.callers import noted
from shared.web.requests import SESSION_COOKIE, secure_cookies, service_of

LARGEST = 3500
"""Characters; browsers drop cookies above 4096 bytes with name and attributes."""


def remember(
    request: HTTPConnection, response: Response, name: str, data: dict[str, Any], *, max_age: int
) -> None:
    """Seal `data` into a cookie of this service for `max_age` seconds. Script cannot read it.

    It is good for the account that is logged in on this request; on addresses that are open to
    all, for whoever has the browser.
    """
    database = request.app.state.database
    until = int(database.clock().timestamp()) + max_age
    known = {"until": until, "whose": account_of(request), "data": data}
    sealed = seal(database.vault, place_of(request, name), known)
    if len(sealed) > LARGEST:
        raise ValueError(name)
    kept = attributes(request, max_age, path_of(request))
    response.set_cookie(f"redress_{name}", sealed, **kept)


def recall(request: HTTPConnection, name: str) -> dict[str, Any] | None:
    """What was sealed into the cookie; None if it is missing, somebody else's, changed or old."""
    kept, now = opened(request, name), request.app.state.database.clock().timestamp()
    if kept is None or kept["until"] < now or kept.get("whose") != account_of(request):
        return None
    data: dict[str, Any] = kept["data"]
    return data


def forget(request: HTTPConnection, response: Response, name: str) -> None:
    """Take the cookie back."""
    response.delete_cookie(f"redress_{name}", path=path_of(request))


def forget_all(request: HTTPConnection, response: Response) -> None:
    """Take back all that this service sealed for the browser, whoever it is good for."""
    for cookie in request.cookies:
        name = cookie.removeprefix("redress_")
        if name != cookie and opened(request, name) is not None:
            forget(request, response, name)


def keep(
    request: HTTPConnection, response: Response, name: str, value: str, *, max_age: int
) -> None:
    """Let the browser keep a value of this service as it is; other sites' links do not send it."""
    strict = attributes(request, max_age, path_of(request)) | {"samesite": "strict"}
    response.set_cookie(f"redress_{name}", value, **strict)


def kept(request: HTTPConnection, name: str) -> str:
    """What the browser kept; empty where there is nothing. Whether it is ours is not known."""
    return request.cookies.get(f"redress_{name}", "")


def set_session_cookie(
    request: HTTPConnection, response: Response, value: str, max_age: int
) -> None:
    """Log somebody in, for `max_age` seconds."""
    response.set_cookie(SESSION_COOKIE, value, **attributes(request, max_age, "/"))


def clear_session_cookie(request: HTTPConnection, response: Response) -> None:
    """Log somebody out; what was sealed for them goes too."""
    response.delete_cookie(SESSION_COOKIE, path="/")
    forget_all(request, response)


def seal(vault: Vault, place: str, data: dict[str, Any]) -> str:
    """Encrypt a small document for this place."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(vault.wrap(text, place)).decode().rstrip("=")


def unseal(vault: Vault, place: str, text: str) -> dict[str, Any] | None:
    """Decrypt it; None for anything that was not sealed by us for this place."""
    try:
        wrapped = urlsafe_b64decode(text.encode("ascii") + b"==")
        found: dict[str, Any] = json.loads(vault.unwrap(wrapped, place))
    except (ValueError, WrongKeyError):
        return None
    return found


def opened(request: HTTPConnection, name: str) -> dict[str, Any] | None:
    """The document in a cookie that was sealed here, good or not; None for any other cookie."""
    sealed = request.cookies.get(f"redress_{name}", "")
    return unseal(request.app.state.database.vault, place_of(request, name), sealed)


def account_of(request: HTTPConnection) -> str | None:
    """Who is logged in, by their id, as the route's marker found out; None where it is open."""
    who = noted(request)
    return str(who.id) if who else None


def place_of(request: HTTPConnection, name: str) -> str:
    return f"cookies.{service_of(request)}.{name}"


def path_of(request: HTTPConnection) -> str:
    return f"/{service_of(request)}"


def attributes(request: HTTPConnection, max_age: int, path: str) -> dict[str, Any]:
    """How a cookie of ours is set: not for script, not for other sites."""
    return {
        "max_age": max_age,
        "path": path,
        "secure": secure_cookies(request),
        "httponly": True,
        "samesite": "lax",
    }
