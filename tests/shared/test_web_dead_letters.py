"""What could not be acted on is seen by a person, who has it tried again."""

import re

from sqlalchemy.ext.asyncio import AsyncEngine

from shared.events import encode
from shared.kernel import RuleError
from shared.messaging.delivery import deliver
from shared.vault import Vault
from shared.web.dead_letters import dead_letters_router
from tests.shared.test_delivery import Ears
from tests.shared.things import open_things, received
from tests.shared.webs import COOKIE, HTML, options, serving


async def test_dead_letters_are_listed_and_tried_again(engine: AsyncEngine, vault: Vault) -> None:
    ears = Ears(await open_things(engine, vault))
    event = received()
    ears.fault = RuleError("坏的")
    await deliver(ears.subscriber, [encode(event)])
    heard = len(ears.calls)
    router = dead_letters_router("x", ears.subscriber)
    async with serving([router], ears.database, options()) as client:
        assert (await client.get("/x/dead-letters")).status_code == 401
        client.cookies.set("redress_session", COOKIE)
        shown = (await client.get("/x/dead-letters", headers=HTML)).text
        assert str(event.complaint_id) in shown
        assert event.TYPE in shown
        assert '<span class="code">RuleError</span>' in shown
        [token] = set(re.findall(r'name="form_token" value="([^"]+)"', shown))
        [picked] = re.findall(r'name="id" value="([^"]+)"', shown)

        odd = await client.post("/x/dead-letters", data={"form_token": token, "id": "x"})
        assert odd.status_code == 422
        assert "选中的内容读不出来，请刷新后再试。" in odd.text
        foreign = await client.post("/x/dead-letters", data={"id": picked}, headers=HTML)
        assert foreign.status_code == 409
        assert len(ears.calls) == heard

        data = {"form_token": token, "id": picked}
        again = await client.post("/x/dead-letters", data=data)
        assert again.headers["location"] == "/x/dead-letters?went=0&failed=1"
        ears.fault = None
        again = await client.post("/x/dead-letters", data={"form_token": token})
        assert again.headers["location"] == "/x/dead-letters?went=1&failed=0"
        after = (await client.get(again.headers["location"], headers=HTML)).text
        assert "再试了一次：1件办好了，0件还是不行。" in after
        assert "没有等人看的事件" in after
        assert await ears.things() == 1


async def test_counts_that_are_none_of_ours_are_not_repeated(
    engine: AsyncEngine, vault: Vault
) -> None:
    ears = Ears(await open_things(engine, vault))
    router = dead_letters_router("x", ears.subscriber)
    async with serving([router], ears.database, options()) as client:
        client.cookies.set("redress_session", COOKIE)
        for asked in ("went=1", "failed=1", f"went={'9' * 5000}&failed=1", "went=x&failed=1"):
            assert (await client.get(f"/x/dead-letters?{asked}")).status_code in {200, 414}
