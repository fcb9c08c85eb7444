"""What is asked before the body of a request is read; FastAPI itself reads the body first."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from shared.web.access import Access
from shared.web.marks import Guessing, Limited

Check = Callable[[Request], Awaitable[Response | None]]
"""Raises RuleError where nobody wants the body; None to go on, or the answer."""
MARKERS = (Access, Guessing, Limited)


@dataclass(frozen=True)
class Ahead:
    """The marker of a check that knows all it needs from path, headers and cookies."""

    check: Check

    async def __call__(self) -> None:
        """Nothing is left to do: the route asked before the body came."""


def ahead(check: Check) -> Any:
    """Ask this before the body is read; the route must be an AheadOfBody."""
    return Depends(Ahead(check))


class AheadOfBody(APIRoute):
    """A route that asks its markers before it reads a body: who may not send is told so at once.

    Who calls, how often, and then what `ahead(...)` names; each of them once.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's own way, after the markers."""
        named = [one.dependency for one in self.dependencies]
        markers = [one for one in named if isinstance(one, MARKERS)]
        checks = [one.check for one in named if isinstance(one, Ahead)]
        own = self.dependant.dependencies
        own[:] = [one for one in own if not isinstance(one.call, (*MARKERS, Ahead))]
        handle = super().get_route_handler()

        async def first(request: Request) -> Response:
            for marker in markers:
                await marker(request)
            for check in checks:
                answer = await check(request)
                if answer is not None:
                    return answer
            return await handle(request)

        return first
