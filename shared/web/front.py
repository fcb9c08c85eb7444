"""The outermost layer: hosts, limits, security headers, the last word on errors, log and figures.

One layer of plain ASGI, because each costs every request.
"""

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from time import perf_counter
from typing import Any

from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.database import is_away
from shared.log import logger, reason_of
from shared.net import Unanswered
from shared.web import problems
from shared.web.access import BodyLimit, TooOftenError, is_sister
from shared.web.metrics import observe
from shared.web.options import EdgeOptions
from shared.web.requests import SAFE, SESSION_COOKIE, address_of, host_name, language_of

HEALTH = frozenset({"/livez", "/readyz", "/metrics"})
INTERNAL = "/internal/"
"""Sisters call each other by names of their own; their token is what counts."""
COOKIE = re.compile(rf"(?:^|;\s*){SESSION_COOKIE}=([^;]*)".encode())
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
GUARDED: dict[bytes, bytes] = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    # `no-referrer` would also blank the Origin of our own forms (Fetch standard, 3.2), which is
    # what their check rests on. To other sites `same-origin` tells just as little.
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=()",
    b"cache-control": b"no-store",
}
ONE_YEAR = b"max-age=31536000"


@dataclass
class Exchange:
    """What is known of one request while it runs."""

    began: float
    headers: Mapping[bytes, bytes]
    status: int = 0
    received: int = 0


class Front:
    """Wraps the app of one service."""

    def __init__(self, app: ASGIApp, service: str, options: EdgeOptions, owner: Any) -> None:
        self._app = app
        self._service = service
        self._options = options
        self._owner = owner
        guarded = GUARDED | ({b"strict-transport-security": ONE_YEAR} if options.https else {})
        self._guarded = list(guarded.items())
        self._unbound = logger(service=service)
        self._limits: dict[int, int | None] = {}

    @cached_property
    def _log(self) -> Any:
        """The logger, put together at the first line: only then logging is configured."""
        return self._unbound.bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(perf_counter(), dict(scope["headers"]))
        scope["app"] = self._owner
        scope, send = bodiless(scope, send)
        send_on = self._sending(exchange, send)
        try:
            refusal = self._refusal(scope, exchange.headers)
            if refusal is not None:
                await refusal(scope, receive, send_on)
            else:
                await self._app(scope, self._receiving(scope, exchange, receive), send_on)
        except ClientDisconnect:
            exchange.status = 499
        except Exception as error:
            await self._fallen(error, exchange, scope, receive, send_on)
        finally:
            self._note(scope, exchange)

    def _refusal(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Response | None:
        """What the request must hear before anything else looks at it."""
        path, options = scope["path"], self._options
        if path in HEALTH:
            return None
        if not one_host(scope, headers) or "\x00" in path or b"%00" in scope["query_string"]:
            return problems.plain(Request(scope), HTTPStatus.BAD_REQUEST)
        host = headers[b"host"].decode("latin-1")
        foreign = options.hosts is not None and host_name(host) not in options.hosts
        if foreign and not path.startswith(INTERNAL):
            return problems.plain(Request(scope), HTTPStatus.MISDIRECTED_REQUEST)
        if len(scope.get("raw_path") or path) > options.limits.path:
            return problems.plain(Request(scope), HTTPStatus.REQUEST_URI_TOO_LONG)
        if len(scope["headers"]) > options.limits.headers:
            return problems.plain(Request(scope), HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        return self._too_often(scope, headers)

    def _too_often(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Response | None:
        """Accounts and strangers have buckets of their own; sisters are not limited."""
        if b"authorization" in headers and is_sister(Request(scope)):
            return None
        limits, who = self._options.limits, None
        if b"cookie" in headers and (found := COOKIE.search(headers[b"cookie"])):
            who = self._options.sessions.known(found.group(1).decode("latin-1"))
        if who is not None:
            caller, rate, purpose = str(who.id), limits.accounts, "all"
        else:
            forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
            caller = address_of(scope, forwarded, self._options.trusted_hops)
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

    def _receiving(self, scope: Scope, exchange: Exchange, receive: Receive) -> Receive:
        """Count the body as it comes, whatever its header promises."""

        async def counted() -> Message:
            most = self._most(scope, exchange.headers)
            if exchange.received == 0 and declared(exchange.headers) > most:
                raise TooLarge(most)
            message = await receive()
            exchange.received += len(message.get("body", b""))
            if exchange.received > most:
                raise TooLarge(most)
            return message

        return counted

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

    def _sending(self, exchange: Exchange, send: Send) -> Send:
        """Add the security headers that the answer does not set itself."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = int(message["status"])
                headers = list(message.get("headers", ()))
                present = {name for name, _ in headers}
                headers += [pair for pair in self._guarded if pair[0] not in present]
                message = {**message, "headers": headers}
            await send(message)

        return guarded

    async def _fallen(
        self, error: Exception, exchange: Exchange, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer what nobody foresaw, and log it once: where and of what kind, not its words."""
        request = Request(scope)
        began_to_answer = exchange.status != 0
        if is_away(error) or isinstance(error, Unanswered):
            self._log.warning("unavailable", route=route_of(scope), reason=reason_of(error))
            response = problems.unavailable(request)
        else:
            reference = problems.new_reference()
            self._log.error(
                "request_failed",
                route=route_of(scope),
                error=reference,
                exc_type=reason_of(error),
                where=frames_of(error),
            )
            response = problems.unexpected(request, reference)
        if began_to_answer:
            raise error
        await response(scope, receive, send)

    def _note(self, scope: Scope, exchange: Exchange) -> None:
        """One log line and one figure for each request."""
        seconds = perf_counter() - exchange.began
        route, method = route_of(scope), scope["method"]
        observe(self._service, method, route, exchange.status, seconds)
        if route in HEALTH or route.endswith("/static/{path:path}"):
            return
        ids: dict[str, str] = scope.get("redress.ids", {})
        ms = round(seconds * 1000, 1)
        self._log.info("request", method=method, route=route, status=exchange.status, ms=ms, **ids)


class TooLarge(HTTPException):
    """A body above the limit; raised while it is read."""

    def __init__(self, most: int) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self.most = most


def one_host(scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
    """Whether there is exactly one Host; two would be read differently by different programs."""
    if len(headers) == len(scope["headers"]):
        return b"host" in headers
    return [name for name, _ in scope["headers"]].count(b"host") == 1


def declared(headers: Mapping[bytes, bytes]) -> int:
    """The length a request announces; 0 if it says none."""
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def own_limit(route: object) -> int | None:
    """The limit that a route's `body_limit(...)` names."""
    if not isinstance(route, APIRoute):
        return None
    marks = (one.dependency for one in route.dependencies)
    return next((mark.size for mark in marks if isinstance(mark, BodyLimit)), None)


def route_of(scope: Scope) -> str:
    """The template of the route, never the address itself."""
    return str(getattr(scope.get("route"), "path", "-"))


def bodiless(scope: Scope, send: Send) -> tuple[Scope, Send]:
    """Answer HEAD as GET without its body."""
    if scope["method"] != "HEAD":
        return scope, send

    async def headers_only(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return {**scope, "method": "GET"}, headers_only


def frames_of(error: BaseException) -> str:
    """Where it happened: the innermost calls, without a word of what was handled."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return " > ".join(f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in frames)
