"""The outermost layer: the gate, security headers, the last word on errors, log and figures.

One layer of plain ASGI, because each costs every request.
"""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.database import is_away
from shared.log import logger, reason_of
from shared.net import Unanswered
from shared.web import problems
from shared.web.gate import HEALTH, Gate
from shared.web.metrics import observe
from shared.web.options import EdgeOptions
from shared.web.requests import drop_blanks

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
UNUSED = (
    "browsing-topics",
    "camera",
    "clipboard-read",
    "display-capture",
    "geolocation",
    "hid",
    "microphone",
    "payment",
    "serial",
    "usb",
)
"""What no page of ours asks a browser for, so that nothing slipped into one can either."""
GUARDED: dict[bytes, bytes] = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    # `no-referrer` would also blank the Origin of our own forms (Fetch standard, 3.2), which is
    # what their check rests on. To other sites `same-origin` tells just as little.
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": ", ".join(f"{one}=()" for one in UNUSED).encode(),
    b"cache-control": b"no-store",
}
ONE_YEAR = b"max-age=31536000"


@dataclass
class Exchange:
    """What is known of one request while it runs."""

    began: float
    headers: Mapping[bytes, bytes]
    status: int = 0


class Front:
    """Wraps the app of one service."""

    def __init__(self, app: ASGIApp, service: str, options: EdgeOptions, owner: Any) -> None:
        self._app = app
        self._service = service
        self._gate = Gate(options)
        self._inside = 0
        self._owner = owner
        guarded = GUARDED | ({b"strict-transport-security": ONE_YEAR} if options.https else {})
        self._guarded = list(guarded.items())
        self._unbound = logger(service=service)

    @cached_property
    def _log(self) -> Any:
        """The logger, put together at the first line: only then logging is configured."""
        return self._unbound.bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(perf_counter(), dict(scope["headers"]))
        self._inside += 1
        scope["app"] = self._owner
        scope, send = bodiless(scope, send)
        drop_blanks(scope)
        send_on = self._sending(exchange, send)
        try:
            refusal = self._gate.refusal(scope, exchange.headers, self._inside)
            if refusal is not None:
                await refusal(scope, receive, send_on)
            else:
                counted = self._gate.counted(scope, exchange.headers, receive)
                try:
                    await self._app(scope, counted, send_on)
                finally:
                    counted.leave()
        except ClientDisconnect:
            exchange.status = 499
        except Exception as error:
            await self._fallen(error, exchange, scope, receive, send_on)
        finally:
            self._inside -= 1
            self._note(scope, exchange)

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
