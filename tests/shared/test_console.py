"""What a service's own process answers the console: how it is doing, dead letters once more."""

from sqlalchemy.ext.asyncio import AsyncEngine

from shared.events import encode
from shared.kernel import RuleError
from shared.messaging.delivery import deliver
from shared.messaging.replay import buried
from shared.runtime.console import console_router
from shared.tokens import CONSOLE, minting
from shared.vault import Vault
from tests.conftest import NOON
from tests.shared.test_delivery import Ears
from tests.shared.things import open_things, received
from tests.shared.webs import COOKIE, serving


async def facts() -> dict[str, object]:
    return {"outbox": 3, "letters": {"owed": 1}}


async def test_the_console_alone_sees_the_facts_and_has_dead_letters_tried_again(
    engine: AsyncEngine, vault: Vault
) -> None:
    ears = Ears(await open_things(engine, vault))
    ears.fault = RuleError("坏的")
    await deliver(ears.subscriber, [encode(received()), encode(received())])
    ears.fault = None
    router = console_router(facts, ears.subscriber)
    async with serving([router], ears.database) as client:
        client.cookies.set("redress_session", COOKIE)
        assert (await client.get("/internal/facts")).status_code == 401
        assert (await client.post("/internal/replay", json={})).status_code == 401
        assert await buried(ears.database) == 2
        token = minting(vault, CONSOLE, "x", lambda: NOON)()
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.get("/internal/facts")).json() == await facts()
        went = await client.post("/internal/replay", json={"ids": []})
        assert went.json() == {"went": 2, "failed": 0}
        assert await buried(ears.database) == 0
        assert await ears.things() == 2
