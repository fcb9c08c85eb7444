"""What a request says about itself: host, address, language, what it wants back."""

import re
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection, Request
from starlette.types import Scope

from shared.addresses import address_in, normal
from shared.i18n import LANGUAGES, Language
from shared.web.options import EdgeOptions

SESSION_COOKIE = "redress_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
HANDED_ON = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")
"""What proxies add (RFC 7239, RFC 9110, and the custom before them)."""
OURS = re.compile(
    r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{6}-[0-9A-HJKMNP-TV-Z]{9}"
    r"|[a-z_](?:[a-z_.-]|[0-9](?![0-9]{4}))*)(?:\.[a-z]{2,5})?"
)
"""A UUID, a public number, or a word of lower-case Latin letters without a long number in it."""
FOR_MACHINES = ("/api/", "/internal/", "/livez", "/readyz", "/metrics")


def options_of(connection: HTTPConnection) -> EdgeOptions:
    """The options of the edge that serves this request."""
    options: EdgeOptions = connection.app.state.options
    return options


def service_of(connection: HTTPConnection) -> str:
    """The name of the service that serves this request."""
    return str(connection.app.state.service)


def host_name(host: str) -> str:
    """A Host header without its port, in lower case."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()


def address_of(scope: Scope, forwarded: str, hops: int) -> str:
    """Who is calling: the peer, or what the farthest of our own proxies saw.

    Each hop appends the address it saw to X-Forwarded-For; what stands left of ours is hearsay, and
    so is what is no address.
    """
    client = scope.get("client")
    peer = (normal(str(client[0])) or str(client[0])) if client else "-"
    said = [part.strip() for part in forwarded.split(",") if part.strip()]
    if not hops or not said:
        return peer
    return normal(said[-min(hops, len(said))]) or peer


def forwarded_in(scope: Scope) -> str:
    """All lines of X-Forwarded-For as one list (RFC 9110, 5.3)."""
    found = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return b",".join(found).decode("latin-1")


def caller_address(request: HTTPConnection) -> str:
    """Where a request comes from, whoever is logged in there."""
    scope = request.scope
    return address_of(scope, forwarded_in(scope), options_of(request).trusted_hops)


def told_path(path: str) -> str:
    """An address as answers repeat it: ids, numbers and words of ours stay, all else becomes `-`.

    What somebody typed there may be a name or a telephone, and answers are kept in many places.
    """
    return "/".join(one if not one or OURS.fullmatch(one) else "-" for one in path.split("/"))


def is_near(request: HTTPConnection) -> bool:
    """Whether who asks came to us themselves, from an address that may watch over us.

    What a proxy hands on comes from elsewhere, whatever the proxy's own address is.
    """
    if any(name in request.headers for name in HANDED_ON):
        return False
    found = address_in(request.client.host) if request.client else None
    if found is None:
        return request.client is None  # a Unix socket, which only its owner can open
    return any(found in one for one in options_of(request).watchers)


def for_machines(path: str) -> bool:
    """Whether JSON is the language of this address."""
    return any(mark in path for mark in FOR_MACHINES)


def wants_html(request: HTTPConnection) -> bool:
    """Whether a person reads the answer in a browser."""
    if for_machines(request.url.path):
        return False
    return "text/html" in request.headers.get("accept", "")


def drop_blanks(scope: Scope) -> None:
    """Take empty fields out of the address of a page: a form sends them, and they say nothing.

    What a program asks stays as it is.
    """
    query: bytes = scope["query_string"]
    if b"=" not in query or scope["method"] not in SAFE or for_machines(scope["path"]):
        return
    pairs = query.split(b"&")
    scope["query_string"] = b"&".join(
        one for one in pairs if not one.endswith(b"=") or one.count(b"=") > 1
    )


def language_of(request: HTTPConnection) -> Language:
    """`?lang=`, the cookie `lang`, Accept-Language; the installation's if nothing is said."""
    for said in (asked(request).get("lang", ""), request.cookies.get("lang", "")):
        if said in LANGUAGES:
            return said
    return accepted(request.headers.get("accept-language", ""), options_of(request).language)


def asked(request: HTTPConnection) -> dict[str, str]:
    """The query, last value of each name; never fails."""
    query = cast("bytes", request.scope.get("query_string", b"")).decode("latin-1")
    return {name: values[-1] for name, values in parse_qs(query).items()}


@dataclass(frozen=True, order=True)
class Wish:
    """One language of Accept-Language and how much it is liked."""

    weight: float
    place: int
    tag: str


def accepted(header: str, otherwise: Language = "zh") -> Language:
    """The best liked of our languages (RFC 9110, 12.5.4), or the other one if none of them is."""
    wishes = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.strip().lower().partition(";q=")
        try:
            wishes.append(Wish(-float(weight or 1), place, tag[:2]))
        except ValueError:
            continue
    liked = (wish.tag for wish in sorted(wishes) if wish.weight < 0)
    return next((tag for tag in liked if tag in LANGUAGES), otherwise)


def log_ids(request: Request, **ids: Any) -> None:
    """Put ids (complaint_id, event_id, ...) into this request's log line; never names or texts."""
    noted = request.scope.setdefault("redress.ids", {})
    noted.update({name: str(value) for name, value in ids.items()})


def secure_cookies(request: HTTPConnection) -> bool:
    """Cookies are `Secure` exactly when the public address is https."""
    return options_of(request).https
