"""What could not be acted on is seen by a person, who has it tried again."""

import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.embedded import BUILDS
from shared.events import encode
from shared.kernel import RuleError
from shared.messaging.delivery import deliver
from shared.messaging.replay import waiting
from shared.messaging.unread import flaws_of, why
from shared.trail.tables import AuditRow
from shared.vault import Vault
from shared.web import EdgeOptions
from shared.web.dead_letters import SERVICES, dead_letters_router
from tests.shared.test_delivery import Ears
from tests.shared.things import open_things, received
from tests.shared.webs import COOKIE, HTML, LIN, LogIns, options, serving


def operator() -> EdgeOptions:
    """An administrator is logged in."""
    return options(log_ins=LogIns({COOKIE: replace(LIN, role="administrator")}))


async def test_who_does_not_operate_the_system_sees_and_replays_none(
    engine: AsyncEngine, vault: Vault
) -> None:
    ears = Ears(await open_things(engine, vault))
    ears.fault = RuleError("坏的")
    await deliver(ears.subscriber, [encode(received())])
    heard = len(ears.calls)
    router = dead_letters_router("x", ears.subscriber)
    async with serving([router], ears.database, options()) as client:
        client.cookies.set("redress_session", COOKIE)
        assert (await client.get("/x/dead-letters")).status_code == 403
        assert (await client.post("/x/dead-letters", data={})).status_code == 403
    assert len(ears.calls) == heard


async def test_who_has_them_tried_again_is_in_the_trail(engine: AsyncEngine, vault: Vault) -> None:
    ears = Ears(await open_things(engine, vault))
    router = dead_letters_router("x", ears.subscriber)
    async with serving([router], ears.database, operator()) as client:
        client.cookies.set("redress_session", COOKIE)
        shown = (await client.get("/x/dead-letters", headers=HTML)).text
        [token] = set(re.findall(r'name="form_token" value="([^"]+)"', shown))
        await client.post("/x/dead-letters", data={"form_token": token})
        async with ears.database.reading() as session:
            row = (await session.scalars(select(AuditRow))).one()
    assert (row.kind, row.key, row.action) == ("setting", "dead-letters", "events.replayed")
    assert (row.doer, row.role) == (LIN.id, "administrator")


async def test_dead_letters_are_listed_and_tried_again(engine: AsyncEngine, vault: Vault) -> None:
    ears = Ears(await open_things(engine, vault))
    event = received()
    ears.fault = RuleError("坏的")
    await deliver(ears.subscriber, [encode(event)])
    heard = len(ears.calls)
    router = dead_letters_router("x", ears.subscriber)
    async with serving([router], ears.database, operator()) as client:
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
        assert "这里只是“x”的事件，都办好了。其他服务的，请看上面各页。" in after
        assert await ears.things() == 1


async def test_counts_that_are_none_of_ours_are_not_repeated(
    engine: AsyncEngine, vault: Vault
) -> None:
    ears = Ears(await open_things(engine, vault))
    router = dead_letters_router("x", ears.subscriber)
    async with serving([router], ears.database, operator()) as client:
        client.cookies.set("redress_session", COOKIE)
        for asked in ("went=1", "failed=1", f"went={'9' * 5000}&failed=1", "went=x&failed=1"):
            assert (await client.get(f"/x/dead-letters?{asked}")).status_code in {200, 414}


async def test_each_page_names_and_links_the_pages_of_all_four_services(
    engine: AsyncEngine, vault: Vault
) -> None:
    ears = Ears(await open_things(engine, vault))
    router = dead_letters_router("x", ears.subscriber)
    async with serving([router], ears.database, operator()) as client:
        client.cookies.set("redress_session", COOKIE)
        shown = (await client.get("/x/dead-letters", headers=HTML)).text
        english = (await client.get("/x/dead-letters?lang=en", headers=HTML)).text
    link = r'<a href="/(\w+)/dead-letters">([^<]+)</a>'
    tabs = [
        one[one.index('<nav class="tabs"') :].partition("</nav>")[0] for one in (shown, english)
    ]
    assert [re.findall(link, one) for one in tabs] == [
        [
            ("intake", "收件"),
            ("mediation", "调解"),
            ("notification", "函件"),
            ("analytics", "统计"),
        ],
        [
            ("intake", "Intake"),
            ("mediation", "Mediation"),
            ("notification", "Letters"),
            ("analytics", "Figures"),
        ],
    ]
    assert set(SERVICES) == set(BUILDS)
    assert "所有事件都办好了" not in shown


def broken(**changed: object) -> bytes:
    """A complaint that was received, with members changed; None takes one away."""
    whole = json.loads(encode(received())) | changed
    return json.dumps({name: one for name, one in whole.items() if one is not None}).encode()


def data(**changed: object) -> dict[str, object]:
    """The facts of that complaint, changed likewise."""
    whole = json.loads(encode(received()))["data"] | changed
    return {name: one for name, one in whole.items() if one is not None}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (broken(), ""),
        (broken(type="intake.unknown.v9", id=None), ""),
        (b"\xff", "no JSON object"),
        (b"[" * 100_000, "no JSON object"),
        (b'["id"]', "no JSON object"),
        (b"{}", "missing type, id, time, subject, data"),
        (broken(id=None), "missing id"),
        (broken(type=["x"]), "unreadable type"),
        (broken(data="张三"), "unreadable data"),
        (
            broken(id="张三", data=data(channel=None, 张三="x")),
            "missing data.channel; unreadable id",
        ),
        (broken(time="张三", data=data(version=0)), "unreadable time, data.version"),
    ],
)
def test_an_unreadable_event_says_which_members_and_never_their_values(
    body: bytes, said: str
) -> None:
    assert str(flaws_of(body)) == said
    assert why(body, KeyError("张三")) == (said or "KeyError")


async def test_the_page_says_what_cannot_be_read_of_an_event(
    engine: AsyncEngine, vault: Vault
) -> None:
    ears = Ears(await open_things(engine, vault))
    await deliver(ears.subscriber, [broken(id=None), broken(id="张三", data=data(channel=None))])
    router = dead_letters_router("x", ears.subscriber)
    async with serving([router], ears.database, operator()) as client:
        client.cookies.set("redress_session", COOKIE)
        shown = (await client.get("/x/dead-letters", headers=HTML)).text
        english = (await client.get("/x/dead-letters?lang=en", headers=HTML)).text
    assert "读不出来：缺少id。" in shown
    assert "读不出来：缺少data.channel。 读不出来：id的值不对。" in shown
    assert "Cannot be read: it lacks data.channel. Cannot be read: the value of id" in english
    assert "KeyError" not in shown
    assert "张三" not in shown
    assert {one.error for one in await waiting(ears.database, ())} == {
        "missing id",
        "missing data.channel; unreadable id",
    }
    assert await ears.things() == 0
