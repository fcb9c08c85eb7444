"""Sealed cookies are good for the account they were made for, and go with its log-out."""

from dataclasses import replace
from uuid import UUID

import httpx
from fastapi import APIRouter, Request
from starlette.responses import Response

from shared.vault import Vault
from shared.web import clear_session_cookie, keep, public, recall, remember, staff
from shared.web.requests import SESSION_COOKIE
from tests.conftest import StandingClock
from tests.shared.webs import COOKIE, LIN, LogIns, database_of, options, serving

CHEN, CHENS = replace(LIN, id=UUID(int=2), name="chen"), "another-session"
SECRET = {"code": "ABCDEFGHJKMN"}
inside = APIRouter(dependencies=[staff()], include_in_schema=False)
outside = APIRouter(dependencies=[public()], include_in_schema=False)


@inside.get("/x/inside/shown")
@outside.get("/x/outside/shown")
async def shown(request: Request) -> dict[str, object] | None:
    return recall(request, "once")


@inside.get("/x/inside/made")
@outside.get("/x/outside/made")
async def made(request: Request) -> Response:
    answer = Response()
    remember(request, answer, "once", SECRET, max_age=60)
    keep(request, answer, "known", "a mark of this browser", max_age=60)
    return answer


@outside.get("/x/outside/leave")
async def leave(request: Request) -> Response:
    answer = Response()
    clear_session_cookie(request, answer)
    return answer


async def asked(client: httpx.AsyncClient, path: str, session: str = COOKIE) -> object:
    """What somebody with this session reads."""
    client.cookies.set(SESSION_COOKIE, session)
    answer = await client.get(path)
    return answer.json() if answer.content else None


async def test_a_sealed_cookie_is_good_for_the_account_that_it_was_made_for_alone(
    vault: Vault, clock: StandingClock
) -> None:
    around = options(log_ins=LogIns({COOKIE: LIN, CHENS: CHEN}))
    async with serving([inside, outside], database_of(vault, clock), around) as client:
        await asked(client, "/x/inside/made")
        assert await asked(client, "/x/inside/shown", CHENS) is None
        assert await asked(client, "/x/outside/shown") is None
        assert await asked(client, "/x/inside/shown") == SECRET


async def test_what_was_sealed_where_all_may_come_is_good_for_the_browser_there(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([inside, outside], database_of(vault, clock)) as client:
        await asked(client, "/x/outside/made")
        assert await asked(client, "/x/inside/shown") is None
        assert await asked(client, "/x/outside/shown") == SECRET


async def test_the_log_out_takes_what_was_sealed_along_and_nothing_else(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([inside, outside], database_of(vault, clock)) as client:
        await asked(client, "/x/inside/made")
        assert {"redress_once", "redress_known"} <= set(client.cookies)
        await asked(client, "/x/outside/leave")
        assert ("redress_once" in client.cookies, "redress_known" in client.cookies) == (
            False,
            True,
        )
        assert await asked(client, "/x/inside/shown") is None
