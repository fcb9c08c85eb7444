"""Whatever anybody sends that the OpenAPI documents allow or nearly allow: never a 5xx."""

from collections.abc import Callable, Generator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from tests.journeys.server import Site, running

SERVICES = ("intake", "mediation", "notification", "analytics")
EXAMPLES = 12
"""Per operation; each takes a few milliseconds."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Generator[Site]:
    with running(tmp_path_factory.mktemp("openapi")) as site:
        yield site


@pytest.mark.parametrize("service", SERVICES)
def test_no_request_makes_a_service_fall(site: Site, service: str) -> None:
    document = httpx.get(f"{site.url}/{service}/api/openapi.json").json()
    document["paths"].pop("/mediation/api/v1/logout", None)
    schema = schemathesis.openapi.from_dict(document)
    schema.config.base_url = site.url
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        tried += 1
        given(case=operation.as_strategy())(calmly(never_falls(site)))()
    assert tried == sum(len(methods) for methods in document["paths"].values())


def never_falls(site: Site) -> Callable[[Any], None]:
    """One request, whose answer may be anything but a 5xx."""

    def call(case: Any) -> None:
        case.call_and_validate(headers=site.headers, checks=[not_a_server_error], timeout=30)

    return call


def calmly(test: Callable[[Any], None]) -> Callable[[Any], None]:
    """The same requests each time, without a clock."""
    calm = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    return calm(test)
