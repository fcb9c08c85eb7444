"""My page, and the log-in in two parts, as a browser without script sees them."""

import re

import httpx
import pytest

from services.mediation.tables import ApiTokenRow, SecondFactorRow, SessionRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import HTML, ME, Telephone, enrolled, log_in, post, rows
from tests.mediation.things import PASSWORD, Colleague, logged_in

PAGE = "/mediation/me"


async def typed_in(client: httpx.AsyncClient) -> httpx.Response:
    """Type name and password into the log-in page."""
    fields = {"name": "lin", "password": PASSWORD, "next": "/mediation/register"}
    return await post(client, "/mediation/login", "/mediation/login", **fields)


async def test_the_log_in_page_asks_for_the_code_on_a_second_page(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    telephone, _ = await enrolled(lin, clock)
    lin.client.cookies.clear()
    first = await typed_in(lin.client)
    assert (first.status_code, first.headers["location"]) == (303, "/mediation/login/code")
    assert "redress_session" not in lin.client.cookies
    assert (await lin.client.get(f"{ME}/tokens")).status_code == 401
    wrong = await post(lin.client, "/mediation/login/code", "/mediation/login/code", code="000000")
    assert wrong.status_code == 422
    assert "动态口令不对" in wrong.text
    assert len(await rows(database, SessionRow)) == 1
    code = telephone.next_code()
    done = await post(lin.client, "/mediation/login/code", "/mediation/login/code", code=code)
    assert (done.status_code, done.headers["location"]) == (303, "/mediation/register")
    assert (await lin.client.get(f"{ME}/tokens")).status_code == 200
    assert len(await rows(database, SessionRow)) == 2


async def test_what_lies_between_the_two_parts_is_good_for_five_minutes_and_one_password(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    telephone, _ = await enrolled(lin, clock)
    form = {"password": PASSWORD, "new_password": "a second word of mine"}
    lin.client.cookies.clear()
    await typed_in(lin.client)
    clock.move(minutes=6)
    late = await lin.client.get("/mediation/login/code", headers=HTML)
    assert (late.status_code, late.headers["location"]) == (303, "/mediation/login")
    await typed_in(lin.client)
    halfway = lin.client.cookies["redress_halfway"]
    told = await log_in(lin.client, "lin", code=telephone.next_code())
    header = {"X-CSRF-Token": told.headers["X-CSRF-Token"]}
    changed = await lin.client.post(f"{ME}/password", json=form, headers=header)
    assert changed.status_code == 200
    lin.client.cookies.clear()
    lin.client.cookies.set("redress_halfway", halfway)
    kept = len(await rows(database, SessionRow))
    code = telephone.next_code()
    stale = await post(lin.client, "/mediation/login/code", "/mediation/login/code", code=code)
    assert stale.headers["location"] == "/mediation/login"
    assert len(await rows(database, SessionRow)) == kept


async def test_my_page_names_device_and_network_and_ends_the_others(
    lin: Colleague, database: Database
) -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    async with httpx.AsyncClient(transport=lin.client._transport, base_url="http://test") as other:  # noqa: SLF001 - the same site, another browser
        other.headers["User-Agent"] = firefox
        await log_in(other, "lin")
        page = await lin.client.get(PAGE, headers=HTML)
        assert page.status_code == 200
        assert "Firefox · Linux" in page.text
        assert "现在这个" in page.text
        assert "127.0.0.1" not in page.text
        [here] = [
            row for row in await rows(database, SessionRow) if row.device != "Firefox · Linux"
        ]
        ended = await post(lin.client, f"{PAGE}/sessions")
        assert ended.headers["location"] == f"{PAGE}#sessions"
        assert [row.token for row in await rows(database, SessionRow)] == [here.token]
        assert (await other.get(f"{ME}/sessions")).status_code == 401
    assert (await lin.client.get(f"{ME}/sessions")).status_code == 200


async def test_the_page_sets_a_second_factor_up_with_picture_code_and_paper(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    factor = f"{PAGE}/second-factor"
    assert (await lin.client.get(factor, headers=HTML)).text.count("<svg") == 1
    await post(lin.client, factor, factor)
    page = await lin.client.get(factor, headers=HTML)
    assert page.text.count("<svg") == 2
    assert "style=" not in page.text
    secret = re.search(r'id="secret">([A-Z2-7]+)<', page.text)
    assert secret
    telephone = Telephone(secret[1], clock)
    wrong = await post(lin.client, f"{factor}/confirm", factor, code="12345")
    assert wrong.status_code == 403
    assert telephone.secret in wrong.text
    before = lin.client.cookies["redress_session"]
    done = await post(lin.client, f"{factor}/confirm", factor, code=telephone.code())
    assert done.status_code == 303
    assert lin.client.cookies["redress_session"] != before
    shown = await lin.client.get(factor, headers=HTML)
    assert len(re.findall(r'<li class="code">[0-9A-Z]{5}-[0-9A-Z]{5}</li>', shown.text)) == 10
    assert telephone.secret not in shown.text
    again = await lin.client.get(factor, headers=HTML)
    assert '<li class="code">' not in again.text
    off = await post(lin.client, f"{factor}/off", factor, code=telephone.next_code())
    assert off.status_code == 303
    assert await rows(database, SecondFactorRow) == []


async def test_a_token_is_shown_once_and_ended_on_the_page(
    lin: Colleague, database: Database
) -> None:
    fields = {"name": "夜间报表", "days": "30", "scopes": "case.read"}
    made = await post(lin.client, f"{PAGE}/tokens", **fields)
    assert made.status_code == 303, made.text
    page = await lin.client.get(PAGE, headers=HTML)
    token = re.search(r'id="token">([\w.-]+)<', page.text)
    assert token
    assert token[1] not in (await lin.client.get(PAGE, headers=HTML)).text
    [row] = await rows(database, ApiTokenRow)
    assert "夜间报表" in page.text
    await post(lin.client, f"{PAGE}/tokens/{row.id}")
    [row] = await rows(database, ApiTokenRow)
    assert row.ended_at is not None
    assert "夜间报表" not in (await lin.client.get(PAGE, headers=HTML)).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "", "days": "30", "scopes": "case.read"}, "给令牌起个名字"),
        ({"name": "x", "days": "366", "scopes": "case.read"}, "有效期是1到365天"),
        ({"name": "x", "days": "soon", "scopes": "case.read"}, "有效期是1到365天"),
        ({"name": "x", "days": "30"}, "至少一项"),
        ({"name": "x", "days": "30", "scopes": "everything"}, "至少一项"),
        ({"name": "x", "days": "30", "scopes": "staff.manage"}, "不能交给令牌"),
        ({"name": "x", "days": "30", "scopes": "audit.read"}, "令牌也不能"),
    ],
)
async def test_a_token_that_cannot_be_is_refused_beside_its_field(
    lin: Colleague, database: Database, fields: dict[str, str], sentence: str
) -> None:
    refused = await post(lin.client, f"{PAGE}/tokens", **fields)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert await rows(database, ApiTokenRow) == []


async def test_another_password_gives_another_session_and_ends_the_rest(
    lin: Colleague, database: Database
) -> None:
    old = lin.client.cookies["redress_session"]
    fields = {"password": PASSWORD, "new_password": "four unrelated words here"}
    wrong = await post(lin.client, f"{PAGE}/password", **(fields | {"password": "wrong"}))
    assert (wrong.status_code, "现在的密码不对" in wrong.text) == (403, True)
    weak = await post(lin.client, f"{PAGE}/password", **(fields | {"new_password": "qwertyuiop"}))
    assert (weak.status_code, "太常见" in weak.text) == (422, True)
    assert lin.client.cookies["redress_session"] == old
    assert (await log_in(lin.client, "lin")).status_code == 200
    lin.client.cookies.clear()
    lin.client.cookies.set("redress_session", old)
    done = await post(lin.client, f"{PAGE}/password", **fields)
    assert done.headers["location"] == f"{PAGE}?changed=password"
    assert len(await rows(database, SessionRow)) == 1
    lin.client.cookies.clear()
    lin.client.cookies.set("redress_session", old)
    assert (await lin.client.get(f"{ME}/sessions")).status_code == 401
    assert (await log_in(lin.client, "lin")).status_code == 401


async def test_nobody_sees_or_ends_what_is_not_theirs(
    lin: Colleague, database: Database, stranger: httpx.AsyncClient
) -> None:
    [mine] = await rows(database, SessionRow)
    form = {"name": "a", "scopes": ["case.read"], "days": 1}
    made = await lin.client.post(f"{ME}/tokens", json=form, headers=lin.header)
    chen = await logged_in(stranger, database, "chen")
    path = f"{ME}/sessions/{mine.id}"
    assert (await chen.client.delete(path, headers=chen.header)).status_code == 404
    path = f"{ME}/tokens/{made.json()['id']}"
    assert (await chen.client.delete(path, headers=chen.header)).status_code == 404
    assert (await chen.client.get(f"{ME}/tokens")).json()["items"] == []
    assert len((await chen.client.get(f"{ME}/sessions")).json()["items"]) == 1
    assert mine.token in {row.token for row in await rows(database, SessionRow)}
    [token] = await rows(database, ApiTokenRow)
    assert token.ended_at is None
