"""What a request must pass before anything else looks at it: host, size, rate."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope

from shared.addresses import group_of
from shared.limits.underway import Place, Underway
from shared.rights import Role
from shared.web import problems
from shared.web.callers import is_sister, known_by_token
from shared.web.incoming import Incoming, Known, declared, is_json
from shared.web.marks import BodyLimit, TooOftenError
from shared.web.options import EdgeOptions
from shared.web.requests import (
    SAFE,
    SESSION_COOKIE,
    address_of,
    forwarded_in,
    host_name,
    language_of,
)

HEALTH = frozenset({"/livez", "/readyz", "/metrics"})
IDENTITY = b"identity"
INTERNAL = "/internal/"
"""Sisters call each other by names of their own; their token is what counts."""
COOKIE = re.compile(rf"(?:^|;\s*){SESSION_COOKIE}=([^;]*)".encode())


class Gate:
    """The gate of one service."""

    def __init__(self, options: EdgeOptions) -> None:
        self._options = options
        self._limits: dict[int, int | None] = {}
        self._underway = Underway(options.limits.room)

    def refusal(self, scope: Scope, headers: Mapping[bytes, bytes], inside: int) -> Response | None:
        """What the request must hear before anything else looks at it; it is one of `inside`."""
        path, options = scope["path"], self._options
        if path in HEALTH:
            return None
        if not one_host(scope, headers) or "\x00" in path or b"%00" in scope["query_string"]:
            return problems.plain(Request(scope), HTTPStatus.BAD_REQUEST)
        host = headers[b"host"].decode("latin-1")
        foreign = options.hosts is not None and host_name(host) not in options.hosts
        if foreign and not path.startswith(INTERNAL):
            return problems.plain(Request(scope), HTTPStatus.MISDIRECTED_REQUEST)
        if status := self._too_long(scope):
            return problems.plain(Request(scope), status)
        if inside > options.limits.at_once and not path.startswith(INTERNAL):
            return problems.overloaded(Request(scope))
        packed = headers.get(b"content-encoding", IDENTITY).lower() != IDENTITY
        return problems.packed(Request(scope)) if packed else self._too_often(scope, headers)

    def _too_long(self, scope: Scope) -> HTTPStatus | None:
        """What is too long about the request, apart from its body."""
        limits = self._options.limits
        if len(scope.get("raw_path") or scope["path"]) > limits.path:
            return HTTPStatus.REQUEST_URI_TOO_LONG
        lines = scope["headers"]
        bulk = sum(len(name) + len(value) for name, value in lines)
        if len(lines) > limits.headers or bulk > limits.header_bytes:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        return None

    def _too_often(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Response | None:
        """Accounts and strangers have buckets of their own; sisters are not limited."""
        limits, who = self._options.limits, None
        if b"authorization" in headers:
            if is_sister(Request(scope)):
                return None
            who = known_by_token(Request(scope))
        elif b"cookie" in headers and (found := COOKIE.search(headers[b"cookie"])):
            who = self._options.sessions.known(found.group(1).decode("latin-1"))
        if who is not None:
            rate = limits.partners if who.role == Role.PARTNER else limits.accounts
            caller, purpose = str(who.id), "all"
        else:
            forwarded = forwarded_in(scope) if b"x-forwarded-for" in headers else ""
            caller = group_of(address_of(scope, forwarded, self._options.trusted_hops))
            safe = scope["method"] in SAFE
            rate, purpose = (limits.readers, "read") if safe else (limits.strangers, "write")
        scope["redress.caller"] = caller
        wait = self._options.buckets.wait(f"{purpose} {caller}", rate)
        if not wait:
            return None
        request = Request(scope)
        error = TooOftenError("操作太频繁，请{retry_after}秒后再试。", retry_after=wait)
        problem = problems.document(
            request,
            HTTPStatus.TOO_MANY_REQUESTS,
            problems.said(error, language_of(request)),
            kind=type(error).__name__,
        )
        return problems.answer(request, problem, {"Retry-After": str(wait)})

    def counted(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive) -> Incoming:
        """The body as it comes, within its limits, whatever its header promises."""
        known = Known(declared(headers), is_json(headers), self._options.limits.pace)
        caller = scope.get("redress.caller")
        place = Place(self._underway, caller) if caller else None
        return Incoming(known, lambda: self._most(scope, headers), receive, place)

    def _most(self, scope: Scope, headers: Mapping[bytes, bytes]) -> int:
        """The largest body of the route that was chosen."""
        route = scope.get("route")
        if id(route) not in self._limits:
            self._limits[id(route)] = own_limit(route)
        own = self._limits[id(route)]
        if own is not None:
            return own
        multipart = headers.get(b"content-type", b"").startswith(b"multipart/")
        return self._options.limits.upload if multipart else self._options.limits.body


def one_host(scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
    """Whether there is exactly one Host; two would be read differently by different programs."""
    if len(headers) == len(scope["headers"]):
        return b"host" in headers
    return [name for name, _ in scope["headers"]].count(b"host") == 1


def own_limit(route: object) -> int | None:
    """The limit that a route's `body_limit(...)` names."""
    if not isinstance(route, APIRoute):
        return None
    marks = (one.dependency for one in route.dependencies)
    return next((mark.size for mark in marks if isinstance(mark, BodyLimit)), None)
