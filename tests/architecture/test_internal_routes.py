"""What a service's token opens: these routes of each service, and no other."""

from dataclasses import replace

from fastapi.routing import APIRoute

from shared.runtime.embedded import Embedded
from shared.runtime.running import Running

CONSOLE = {
    "GET /internal/facts",
    "POST /internal/replay",
    "POST /internal/keys/look",
    "GET /internal/keys/counts",
    "GET /internal/keys/old",
    "POST /internal/keys/renew",
}
"""Of every service with a process of its own: how it is doing, dead letters once more, its keys."""
TRAIL = {"POST /internal/audit"}
"""Of every service: what mediation asks for the auditors' page."""
SISTERS = {
    "intake": {
        "POST /internal/words",
        "POST /internal/amendments",
        "POST /internal/amendments/check",
        "POST /internal/complaints",
        "GET /internal/notice",
        "POST /internal/query-code",
        "POST /internal/erasures",
        "POST /internal/erasures/reapply",
        "POST /internal/reporters",
        "POST /internal/file",
        "POST /internal/origins",
    },
    "mediation": {
        "POST /internal/session",
        "POST /internal/token",
        "POST /internal/letter-facts",
        "POST /internal/copies",
        "GET /internal/copies/{request_id}",
        "POST /internal/copies/{request_id}/content",
    },
    "notification": {
        "POST /internal/letters",
        "POST /internal/mail",
        "POST /internal/citizen-letters",
        "POST /internal/citizen-letters/file",
        "POST /internal/ways",
        "POST /internal/text",
        "POST /internal/papers",
    },
    "analytics": {"POST /internal/rebuild", "GET /internal/progress"},
}
"""A new internal route is written down here with its one caller, or the test fails."""


def internal(running: Running) -> set[str]:
    """The internal routes of a service in a process of its own."""
    apart = replace(running, around=replace(running.around, embedded=False))
    return {
        f"{method} {route.path}"
        for route in apart.web().routes
        if isinstance(route, APIRoute) and "/internal" in route.path
        for method in route.methods or ()
    }


async def test_each_service_has_exactly_the_internal_routes_on_the_list(
    platform: Embedded,
) -> None:
    assert {name: internal(one) for name, one in platform.running.items()} == {
        name: routes | CONSOLE | TRAIL for name, routes in SISTERS.items()
    }


async def test_in_one_process_no_internal_route_is_mounted(platform: Embedded) -> None:
    for running in platform.running.values():
        paths = {route.path for route in running.web().routes if isinstance(route, APIRoute)}
        assert not {path for path in paths if "/internal" in path}
