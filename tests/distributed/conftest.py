"""One distributed platform for all journeys of a session."""

from collections.abc import Iterator

import pytest

from tests.distributed.platform import Distributed, distributed


@pytest.fixture(scope="session")
def cluster() -> Iterator[Distributed]:
    with distributed() as platform:
        yield platform
