"""Two people at one browser: what is shown once to the one is never shown to the other."""

import httpx
import pytest

from services.mediation.pages.door import KNOWN
from services.mediation.tables import ApiTokenRow, SessionRow
from shared.rights import Action
from shared.work import Database
from tests.mediation.doors import API, HTML, MY_PAGE, log_in, post, rows
from tests.mediation.test_pages import ENTRY
from tests.mediation.things import Colleague, IntakeInMemory, a_case, logged_in, step, the_case

ENTRY_PAGE, NUMBER, CODE = "/mediation/register", "260623-000000001", "ABCDEFGHJKMN"
TOKEN = {"name": "nightly", "days": "9", "scopes": Action.CASE_READ.value}


def sealed(client: httpx.AsyncClient) -> set[str]:
    """What the browser keeps of this service, but for the session and the mark of the browser."""
    mine = {name for name in client.cookies if name.startswith("redress_")}
    return mine - {"redress_session", f"redress_{KNOWN}"}


async def the_next_one(client: httpx.AsyncClient, database: Database) -> Colleague:
    """Somebody else logs in where the session of the one before is over."""
    client.cookies.delete("redress_session")
    return await logged_in(client, database, "chen")


async def registered(who: Colleague) -> None:
    fields = {name: said for name, said in ENTRY.items() if isinstance(said, str)}
    done = await post(who.client, ENTRY_PAGE, ENTRY_PAGE, **fields, claims="refund")
    assert (done.status_code, done.headers["location"]) == (303, ENTRY_PAGE)
    assert sealed(who.client) == {"redress_entered"}


async def test_number_and_query_code_of_an_entry_are_shown_once(lin: Colleague) -> None:
    await registered(lin)
    first = (await lin.client.get(ENTRY_PAGE, headers=HTML)).text
    second = (await lin.client.get(ENTRY_PAGE, headers=HTML)).text
    assert [(NUMBER in page, CODE in page) for page in (first, second)] == [
        (True, True),
        (False, False),
    ]
    assert sealed(lin.client) == set()


async def test_the_next_one_at_the_browser_sees_neither_number_nor_code(
    lin: Colleague, database: Database
) -> None:
    await registered(lin)
    chen = await the_next_one(lin.client, database)
    page = (await chen.client.get(ENTRY_PAGE, headers=HTML)).text
    assert (NUMBER in page, CODE in page) == (False, False)


async def test_the_next_one_at_the_browser_sees_no_token(
    lin: Colleague, database: Database
) -> None:
    made = await post(lin.client, f"{MY_PAGE}/tokens", **TOKEN)
    assert made.status_code == 303
    assert sealed(lin.client) == {"redress_token"}
    chen = await the_next_one(lin.client, database)
    page = (await chen.client.get(MY_PAGE, headers=HTML)).text
    assert ("chen调解员" in page, 'id="token"' in page) == (True, False)
    [token] = await rows(database, ApiTokenRow)
    assert token.staff_id == lin.actor.id


async def test_the_next_one_at_the_browser_sees_no_code_and_nothing_that_was_looked_at(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await step(database, await a_case(database), "take", lin.actor)
    page = f"/mediation/cases/{case.number}"
    fields = {"reason": "contact", "parts": "complainant"}
    intake.knows_everyone = True
    seen = await post(lin.client, f"{page}/look", page, **fields)
    assert seen.status_code == 303
    assert "13800000000" in (await lin.client.get(page, headers=HTML)).text
    version = str((await the_case(database, case.number)).version)
    asked = {"version": version, "identity_checked": "true"}
    done = await post(lin.client, f"{page}/query-code", f"{page}/query-code", **asked)
    assert done.status_code == 303
    assert sealed(lin.client) == {"redress_looked", "redress_renewed"}
    chen = await the_next_one(lin.client, database)
    assert "13800000000" not in (await chen.client.get(page, headers=HTML)).text
    assert "NEWC" not in (await chen.client.get(f"{page}/query-code", headers=HTML)).text


@pytest.mark.parametrize("by_page", [True, False])
async def test_the_log_out_takes_everything_sealed_along_and_leaves_the_mark_of_the_browser(
    lin: Colleague, database: Database, *, by_page: bool
) -> None:
    await registered(lin)
    assert (await post(lin.client, f"{MY_PAGE}/tokens", **TOKEN)).status_code == 303
    assert sealed(lin.client) == {"redress_entered", "redress_token"}
    if by_page:
        left = await post(lin.client, "/mediation/logout")
    else:
        left = await lin.client.post(f"{API}/logout", headers=lin.header)
    assert left.status_code in {303, 204}
    assert sealed(lin.client) == set()
    assert f"redress_{KNOWN}" in lin.client.cookies
    assert await rows(database, SessionRow) == []
    await log_in(lin.client, "lin")
    page = (await lin.client.get(ENTRY_PAGE, headers=HTML)).text
    assert (NUMBER in page, CODE in page) == (False, False)
