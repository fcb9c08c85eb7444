"""One service's HTTP edge, built so that nothing is open by accident."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from shared.kernel import RuleError
from shared.web import handlers, health, landing
from shared.web.access import Public, marks
from shared.web.expired import expired
from shared.web.forms import FormExpiredError, checked_form
from shared.web.front import Front
from shared.web.marks import BodyLimit
from shared.web.options import EdgeOptions
from shared.web.problems import PROBLEM_JSON
from shared.web.requests import SAFE, for_machines
from shared.web.static_files import static_router
from shared.work import Database


class UndeclaredRouteError(Exception):
    """A route that does not say who may call it, or that takes a form without checking it."""


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[dict[str, str]] = []


PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {
        "description": words,
        "content": {PROBLEM_JSON: {"schema": Problem.model_json_schema()}},
    }
    for code, words in (
        ("4XX", "What is wrong with the request, as a problem document (RFC 9457)."),
        ("422", "Which fields to mend, as a problem document (RFC 9457)."),
        ("503", "Something we need is away; try again soon."),
    )
}


class Edge(FastAPI):
    """FastAPI with our one outer layer instead of its three."""

    def __init__(self, name: str, options: EdgeOptions) -> None:
        super().__init__(
            title=f"Redress {name}",
            version="1",
            docs_url=None,
            redoc_url=None,
            openapi_url=f"/{name}/api/openapi.json",
            # It would look for exporters on every request and hand them bodies that are refused.
            telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        )
        self.router.redirect_slashes = False
        self._name = name
        self._options = options

    def build_middleware_stack(self) -> ASGIApp:
        """Front, then the handlers of expected errors, then the routes."""
        handlers: Any = self.exception_handlers
        inner = ExceptionMiddleware(AsyncExitStackMiddleware(self.router), handlers=handlers)
        return Front(inner, self._name, self._options, self)


def edge(
    name: str,
    routers: Sequence[APIRouter],
    database: Database,
    *,
    options: EdgeOptions | None = None,
) -> FastAPI:
    """The edge of service `name`. Raises UndeclaredRouteError where a route is not declared.

    Routers are listed, not nested; their paths are whole.
    """
    options = options or EdgeOptions()
    app = Edge(name, options)
    app.state.database = database
    app.state.options = options
    app.state.service = name
    app.add_exception_handler(FormExpiredError, expired)
    app.add_exception_handler(RuleError, handlers.broken_rule)
    app.add_exception_handler(RequestValidationError, handlers.invalid)
    app.add_exception_handler(HTTPException, handlers.refused)
    own = (health.router, health.watched, static_router(name), landing.router)
    for route in declared([*routers, *own]):
        # As they are: `include_router` would match every route twice on every request.
        app.router.routes.append(route)
        if route.path.endswith("/") and route.path != "/" and "GET" in (route.methods or ()):
            app.router.routes.append(without_slash(route))
    return app


def without_slash(route: APIRoute) -> APIRoute:
    """The address without its last slash leads to the one with it, through the same door."""

    async def onward(request: Request) -> RedirectResponse:
        query = f"?{request.url.query}" if request.url.query else ""
        # Without host and scheme: only the front knows what these are outside.
        return RedirectResponse(route.path + query, HTTPStatus.PERMANENT_REDIRECT)

    made = APIRoute(
        route.path.rstrip("/"), onward, dependencies=route.dependencies, include_in_schema=False
    )
    lighten(made.dependant)
    return made


def declared(routers: Sequence[APIRouter]) -> Iterator[APIRoute]:
    """All routes, each looked at."""
    for router in routers:
        for route in router.routes:
            if not isinstance(route, APIRoute):
                raise UndeclaredRouteError(f"{route!r}: list routers, do not nest them.")
            check(route)
            lighten(route.dependant)
            if route.include_in_schema:
                route.responses = PROBLEMS | route.responses
            yield route


def check(route: APIRoute) -> None:
    """Every route says who may call it; every form is checked."""
    access = [one for one in route.dependencies if marks(one)]
    if len(access) != 1:
        raise UndeclaredRouteError(f"{route.path} must declare one access, not {len(access)}.")
    is_open = isinstance(access[0].dependency, Public)
    if route.path.startswith("/internal/") and is_open:
        raise UndeclaredRouteError(f"{route.path} is internal and must not be public.")
    is_form = not for_machines(route.path) and not SAFE.issuperset(route.methods or ())
    if is_form and checked_form not in set(calls(route.dependant)):
        raise UndeclaredRouteError(f"{route.path} takes a form: it must take a CheckedForm.")


def lighten(dependant: Dependant) -> None:
    """Marks that have nothing to do at run time cost nothing there."""
    idle = (Public, BodyLimit)
    busy = [one for one in dependant.dependencies if not isinstance(one.call, idle)]
    dependant.dependencies[:] = busy


def calls(dependant: Dependant) -> Iterator[Any]:
    """Everything a route depends on."""
    for one in dependant.dependencies:
        yield one.call
        yield from calls(one)
