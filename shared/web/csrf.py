"""That an unsafe request comes from a page of ours: its origin, and a signed, dated form token."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from shared.kernel import ForbiddenError
from shared.vault import Vault
from shared.web.requests import SESSION_COOKIE, options_of

FIELD = "form_token"
HEADER = "X-CSRF-Token"
GOOD_FOR = timedelta(hours=12)
STAMP = 8
SKEW = 60
"""Seconds by which two of our machines may differ."""


class ForeignOriginError(ForbiddenError):
    """An unsafe request that another site's page sent."""


class MissingHeaderTokenError(ForbiddenError):
    """A JSON request with a session, without the header that login returned."""


def check_origin(request: HTTPConnection) -> None:
    """Refuse what a page of another site sends. Browsers tell; programs need not say."""
    fetched = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if fetched is not None:
        fine = fetched in {"same-origin", "none"}
    else:
        fine = origin is None or is_own(request, origin)
    if not fine:
        raise ForeignOriginError(
            "请求不是从本网站的页面发出的，没有执行。请回到本网站的页面再操作。"
        )


def is_own(request: HTTPConnection, origin: str) -> bool:
    """Whether an Origin is the address this request was sent to, or the public one."""
    named = urlsplit(origin).netloc.lower()
    public = urlsplit(options_of(request).public_url).netloc.lower()
    return bool(named) and named in {request.headers.get("host", "").lower(), public}


def csrf_token(request: HTTPConnection, cookie: str) -> str:
    """The header token of a session; login returns it as `X-CSRF-Token`."""
    vault: Vault = request.app.state.database.vault
    return _text(vault.mac("csrf-header", cookie.encode()))


def check_header(request: HTTPConnection, cookie: str) -> None:
    """JSON requests with a session need the header that login returned."""
    sent = request.headers.get(HEADER, "")
    if not hmac.compare_digest(sent.encode(), csrf_token(request, cookie).encode()):
        raise MissingHeaderTokenError(
            "请求头里缺少登录时给的 {header}，或者它不对。", header=HEADER
        )


def form_token_of(request: HTTPConnection) -> str:
    """A token for one form, bound to the session and dated."""
    database = request.app.state.database
    return signed(database.vault, session_of(request), database.clock())


def session_of(request: HTTPConnection) -> str:
    return request.cookies.get(SESSION_COOKIE, "")


def signed(vault: Vault, session: str, now: datetime) -> str:
    """Date and HMAC over date and session."""
    stamp = int(now.timestamp()).to_bytes(STAMP, "big")
    return _text(stamp + vault.mac("form", stamp + session.encode()))


def is_fresh(vault: Vault, session: str, token: str, now: datetime) -> bool:
    """Whether `token` was signed by us for this session, not longer ago than a form lives."""
    try:
        raw = urlsafe_b64decode(token.encode() + b"==")
    except (NotBase64, ValueError):
        return False
    stamp, mac = raw[:STAMP], raw[STAMP:]
    if not hmac.compare_digest(mac, vault.mac("form", stamp + session.encode())):
        return False
    age = now.timestamp() - int.from_bytes(stamp, "big")
    return -SKEW <= age <= GOOD_FOR.total_seconds()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
