"""What somebody tries who has a cookie, a form or an address that is not theirs to use."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.mediation.internal import Internal
from services.mediation.settings import MediationSettings
from services.mediation.tables import CaseLogRow, SessionRow
from services.mediation.use_cases import hashing, staff
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.sessions import Login, WrongNameOrPasswordError, log_in
from shared.api_tokens import read
from shared.net import in_process
from shared.tokens import minting
from shared.vault import Vault
from shared.web import EdgeOptions, edge
from shared.web.sessions import Remembered, remembering
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import API, LOGIN, ME, rows
from tests.mediation.doors import log_in as tried
from tests.mediation.things import PASSWORD, Colleague, IntakeInMemory, a_case, form_token
from tests.shared.webs import Ticks

CASES = f"{API}/cases"
HTML = {"Accept": "text/html"}


async def opens(client: httpx.AsyncClient, cookie: str) -> bool:
    """Whether a cookie opens the desk."""
    client.cookies.clear()
    client.cookies.set("redress_session", cookie)
    status = (await client.get(CASES)).status_code
    assert status in {200, 401}
    return status == 200


async def test_a_stolen_cookie_is_worth_nothing_after_the_log_out(lin: Colleague) -> None:
    stolen = lin.client.cookies["redress_session"]
    assert (await lin.client.post(f"{API}/logout", headers=lin.header)).status_code == 204
    assert not await opens(lin.client, stolen)


async def test_a_session_ends_when_it_is_old_and_when_nobody_used_it(
    lin: Colleague, site: FastAPI, database: Database, clock: StandingClock, vault: Vault
) -> None:
    settings = MediationSettings()
    assert (settings.session_hours, settings.session_idle_minutes) == (12, 60)
    cookie = lin.client.cookies["redress_session"]
    async with in_process(site, minting(vault, "intake", "mediation", clock)) as sister:

        async def asked() -> int:
            answer = await sister.post("/internal/session", json={"cookie": cookie})
            return answer.status_code

        for _ in range(13):
            clock.move(minutes=55)
            assert await asked() == 200
        clock.move(minutes=5)
        assert await asked() == 404
        again = (await tried(lin.client, "lin")).cookies["redress_session"]
        cookie = again
        clock.move(minutes=61)
        assert await asked() == 404
    assert len(await rows(database, SessionRow)) == 2


async def test_when_it_was_last_used_is_written_once_a_minute(
    lin: Colleague, sister: httpx.AsyncClient, database: Database, clock: StandingClock
) -> None:
    cookie = {"cookie": lin.client.cookies["redress_session"]}
    begun, seen = clock.now, []
    for seconds in (30, 29, 1, 59):
        clock.move(seconds=seconds)
        await sister.post("/internal/session", json=cookie)
        [row] = await rows(database, SessionRow)
        seen.append(row.seen_at - begun)
    assert seen == [timedelta(0), timedelta(0), timedelta(seconds=60), timedelta(seconds=60)]


async def test_who_has_left_is_out_everywhere_within_a_minute(
    lin: Colleague, database: Database, vault: Vault, clock: StandingClock
) -> None:
    """Another service remembers for thirty seconds, and asks again."""
    inner = edge("mediation", [Internal(IntakeInMemory()).router()], database)
    client = in_process(inner, minting(vault, "intake", "mediation", clock))
    ticks = Ticks()
    elsewhere: Remembered = remembering(client, ticks)
    cookie = lin.client.cookies["redress_session"]
    form = {"name": "a", "scopes": ["case.read"], "days": 9}
    token = (await lin.client.post(f"{ME}/tokens", json=form, headers=lin.header)).json()["token"]
    said = read(vault, token, clock.now)
    assert said
    who = await elsewhere.of(cookie)
    assert who is not None
    assert await elsewhere.of_token(said.jti) is not None
    async with database.work() as work:
        await end_person(work, who.id, CONSOLE)
    ticks.now += 29
    assert await elsewhere.of(cookie) == who
    ticks.now += 1
    assert await elsewhere.of(cookie) is None
    assert await elsewhere.of_token(said.jti) is None
    await client.aclose()


async def test_a_log_in_never_takes_a_session_that_was_planted(
    stranger: httpx.AsyncClient, lin: Colleague
) -> None:
    planted = "planted-by-somebody-else-0123456789abcdefghijk"
    stranger.cookies.clear()
    stranger.cookies.set("redress_session", planted)
    answer = await tried(stranger, "lin")
    assert answer.status_code == 200
    assert answer.cookies["redress_session"] != planted
    assert not await opens(stranger, planted)


@pytest.mark.parametrize(
    ("tossed", "status"),
    [
        ("redress_session=evil; redress_session={own}", 200),
        ("redress_session={own}; redress_session=evil", 401),
        ("redress_session={own}; redress_session={another}", 403),
    ],
)
async def test_of_two_cookies_of_one_name_the_last_is_believed_and_no_other(
    lin: Colleague, other: httpx.AsyncClient, database: Database, tossed: str, status: int
) -> None:
    """Cookie tossing: a sister domain sets a second cookie of the same name.

    The token of the header is that of the first session: it fits no other one.
    """
    assert (await tried(other, "lin")).status_code == 200
    own, another = lin.client.cookies["redress_session"], other.cookies["redress_session"]
    lin.client.cookies.clear()
    cookie = {"Cookie": tossed.format(own=own, another=another)}
    answer = await lin.client.post(f"{ME}/sessions/end-others", headers=cookie | lin.header)
    assert answer.status_code == status, answer.text
    ended = status == 200
    assert len(await rows(database, SessionRow)) == (1 if ended else 2)
    assert await opens(other, another) is not ended
    page = await lin.client.get("/mediation/me", headers=cookie | HTML)
    assert page.status_code == (303 if status == 401 else 200)
    assert "evil" not in page.text


@pytest.mark.usefixtures("knowing_intake")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRF-Token": "made-up"},
        {"X-CSRF-Token": ""},
        {"Origin": "https://evil.example", "own": "yes"},
        {"Origin": "null", "own": "yes"},
        {"Origin": "http://test.evil.example", "own": "yes"},
        {"Sec-Fetch-Site": "cross-site", "own": "yes"},
        {"Sec-Fetch-Site": "same-site", "own": "yes"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://test", "own": "yes"},
    ],
)
async def test_a_request_from_a_page_of_somebody_else_changes_nothing(
    lin: Colleague, database: Database, headers: dict[str, str]
) -> None:
    case = await a_case(database)
    before = len(await rows(database, CaseLogRow))
    sent = {"If-Match": str(case.version)} | {k: v for k, v in headers.items() if k != "own"}
    sent |= lin.header if "own" in headers else {}
    address = f"{CASES}/{case.id}/steps/accept"
    answer = await lin.client.post(address, json={}, headers=sent)
    assert answer.status_code == 403, answer.text
    assert len(await rows(database, CaseLogRow)) == before


@pytest.mark.usefixtures("knowing_intake")
async def test_json_in_the_clothes_of_a_form_changes_nothing(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database)
    before = len(await rows(database, CaseLogRow))
    address = f"{CASES}/{case.id}/steps/accept"
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        plain = {"Content-Type": kind, "If-Match": str(case.version)}
        answer = await lin.client.post(address, content=b"{}", headers=plain)
        assert answer.status_code == 403
        answer = await lin.client.post(address, content=b"{}", headers=plain | lin.header)
        assert answer.status_code in {415, 422}
    assert len(await rows(database, CaseLogRow)) == before


async def test_the_header_of_one_session_does_not_fit_another(lin: Colleague) -> None:
    first = dict(lin.header)
    lin.client.cookies.clear()
    await tried(lin.client, "lin")
    answer = await lin.client.post(f"{ME}/sessions/end-others", headers=first)
    assert (answer.status_code, answer.json()["type"]) == (403, "MissingHeaderTokenError")


async def test_a_form_of_another_session_is_not_taken(lin: Colleague, database: Database) -> None:
    token = form_token(await lin.client.get("/mediation/me", headers=HTML))
    lin.client.cookies.clear()
    await tried(lin.client, "lin")
    answer = await lin.client.post(
        "/mediation/me/sessions", data={"form_token": token}, headers={"Origin": "http://test"}
    )
    assert answer.status_code == 409
    assert len(await rows(database, SessionRow)) == 2


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "///evil.example",
        "/\t/evil.example/",
        "/\n/evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "evil.example",
        "http:evil.example",
        " //evil.example",
    ],
)
async def test_the_log_in_leads_to_no_other_site(
    lin: Colleague, stranger: httpx.AsyncClient, onward: str
) -> None:
    stranger.cookies.clear()
    page = await stranger.get("/mediation/login", params={"next": onward}, headers=HTML)
    fields = {"form_token": form_token(page), "name": "lin", "password": PASSWORD, "next": onward}
    headers = HTML | {"Origin": "http://test"}
    answer = await stranger.post("/mediation/login", data=fields, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/mediation/")


async def test_a_log_in_from_a_page_of_somebody_else_is_refused(
    lin: Colleague, stranger: httpx.AsyncClient, database: Database
) -> None:
    """Log-in CSRF: nobody is logged in to an account that somebody else chose."""
    stranger.cookies.clear()
    token = form_token(await stranger.get("/mediation/login", headers=HTML))
    fields = {"form_token": token, "name": "lin", "password": PASSWORD}
    evil = {"Origin": "https://evil.example"}
    answer = await stranger.post("/mediation/login", data=fields, headers=evil)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert len(await rows(database, SessionRow)) == 1


@pytest.mark.usefixtures("lin")
async def test_names_that_are_none_cost_the_same_work(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: one hash for whoever fails, whether the account is there or not."""
    work: list[str] = []
    for name in ("hash", "verify"):
        original = getattr(type(hashing.HASHER), name)

        def counted(hasher: Any, *typed: Any, what: str = name, call: Any = original) -> Any:
            work.append(what)
            return call(hasher, *typed)

        monkeypatch.setattr(type(hashing.HASHER), name, counted)
    async with database.work() as fresh:
        await staff.add_staff(fresh, "new", display="新人", role="mediator")
    done = {}
    for name in ("lin", "nobody", "new"):
        work.clear()
        with pytest.raises(WrongNameOrPasswordError, match="账号或者密码不对。"):
            await log_in(database, Login(name, "wrong", "192.0.2.9"), MediationSettings())
        done[name] = len(work)
    assert done == {"lin": 1, "nobody": 1, "new": 1}


async def test_a_strangers_failures_lock_nobody_out_elsewhere(
    lin: Colleague, database: Database
) -> None:
    settings = MediationSettings()
    for _ in range(settings.login_failures):
        with pytest.raises(WrongNameOrPasswordError):
            await log_in(database, Login("lin", "wrong", "198.51.100.7"), settings)
    assert await log_in(database, Login("lin", PASSWORD, "192.0.2.1"), settings)


@pytest.mark.parametrize("scheme", ["https", "http"])
async def test_cookies_are_kept_from_script_from_other_sites_and_from_plain_http(
    lin: Colleague, site: FastAPI, scheme: str
) -> None:
    site.state.options = EdgeOptions(
        public_url=f"{scheme}://test",
        sessions=site.state.options.sessions,
    )
    answer = await tried(lin.client, "lin")
    session, known = answer.headers.get_list("set-cookie")
    for cookie, usual in (
        (session, {"samesite=lax", "path=/", "max-age=43200"}),
        (known, {"samesite=strict", "path=/mediation", "max-age=15552000"}),
    ):
        parts = {one.strip().lower() for one in cookie.split(";")}
        assert usual | {"httponly"} <= parts
        assert ("secure" in parts) is (scheme == "https")
        assert not any(one.startswith("domain") for one in parts)


async def test_unknown_fields_of_a_log_in_are_refused_by_name(stranger: httpx.AsyncClient) -> None:
    form = {"name": "lin", "password": PASSWORD, "role": "administrator"}
    answer = await stranger.post(LOGIN, json=form)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/role"
