"""Commands under test speak Chinese, whatever the machine's locale is."""

from collections.abc import Generator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _no_locale() -> Generator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "C.UTF-8")
        yield
