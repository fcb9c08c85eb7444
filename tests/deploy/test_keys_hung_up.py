"""A rotation that nobody waits for any more stops where it is."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from deploy.embedded import assemble
from deploy.keys.hands import Here
from deploy.keys.operations import noting
from deploy.keys.rotating import Rotation
from shared.runtime.embedded import Embedded
from shared.runtime.keys import make_key_file, provider_of, vault_of
from shared.runtime.rotation import Lot
from shared.settings import CommonSettings
from shared.vault import Cipher
from tests.conftest import NOON, StandingClock
from tests.migrated import lay_out


@pytest.fixture
async def house(common: CommonSettings, clock: StandingClock) -> AsyncGenerator[Embedded]:
    """The platform on a folder with a key file beside it."""
    make_key_file(common, NOON)
    lay_out(common.data)
    made = assemble(common, vault_of(common), clock)
    await made.migrate()
    yield made
    await made.close()


class HungUpError(Exception):
    """Whoever asked is gone."""


@dataclass(frozen=True)
class Noting(Here):
    """A service that notes what becomes of its work: lots, and the end of them."""

    went: list[str] = field(default_factory=list)

    async def renew(self) -> AsyncGenerator[Lot]:
        try:
            for _ in range(3):
                self.went.append("lot")
                yield Lot(1)
        finally:
            self.went.append("stopped")


def hung_up(done: int, of: int) -> None:
    """What a console that is gone says to how far it is."""
    raise HungUpError


async def test_the_service_at_work_is_stopped_before_anybody_hears_of_it(house: Embedded) -> None:
    mediation = Noting(house.running["mediation"])
    note = noting(house.running["mediation"].database)
    provider = provider_of(house.common)
    rotation = Rotation(provider, Cipher.AES, [mediation], note, house.clock, timedelta())
    with pytest.raises(HungUpError) as heard:
        await replace(rotation, progress=hung_up).run()
    assert heard.value.__traceback__ is not None, "what it held is still there"
    assert mediation.went == ["lot", "stopped"]
    assert list(vault_of(house.common).ring.keys) == ["k1", "k2"]
