"""Who is logged in is asked of mediation, with a token, and believed for half a minute."""

import asyncio
from typing import Any

import pytest
from fastapi import APIRouter
from pydantic import BaseModel, Field

from shared.acting import Staff
from shared.kernel import UnknownError
from shared.net import Unanswered, in_process
from shared.rights import Action
from shared.tokens import minting
from shared.vault import Vault
from shared.web import Who, edge, service, staff
from shared.web.sessions import Remembered, asking, staff_from
from tests.conftest import StandingClock
from tests.shared.webs import COOKIE, LIN, LogIns, Ticks, database_of, options, serving


class Asked(BaseModel):
    cookie: str


class Short(BaseModel):
    cookie: str = Field(max_length=200)


class NoSuchSessionError(UnknownError):
    """For tests."""


inner = APIRouter(dependencies=[service()])
router = APIRouter(dependencies=[staff()])
askers: list[str] = []


@inner.post("/internal/session")
async def session(asked: Asked, who: Who) -> dict[str, str]:
    askers.append(who.name)
    if asked.cookie != COOKIE:
        raise NoSuchSessionError("没有找到")
    return {
        "id": str(LIN.id),
        "name": LIN.name,
        "display": LIN.display,
        "role": LIN.role,
        "body": LIN.body,
    }


@router.get("/x/api/v1/me")
async def me(who: Who) -> str:
    return who.display


async def test_another_service_asks_mediation_and_remembers(
    vault: Vault, clock: StandingClock
) -> None:
    askers.clear()
    mediation = database_of(vault, clock)
    token = minting(vault, "intake", "mediation", clock)
    client = in_process(edge("mediation", [inner], mediation), token)
    sessions = Remembered(asking(client, "session", "cookie"), Ticks())
    assert await sessions.of(COOKIE) == LIN
    assert await sessions.of("made-up") is None
    assert await sessions.of(COOKIE) == LIN
    assert askers == ["intake", "intake"]
    sessions.forget(COOKIE)
    assert sessions.known(COOKIE) is None
    assert await sessions.of(COOKIE) == LIN
    assert len(askers) == 3
    await mediation.close()


async def test_many_who_want_to_know_at_once_ask_once() -> None:
    log_ins, opens = LogIns(), asyncio.Event()

    async def slow(cookie: str) -> Staff | None:
        who = await log_ins(cookie)
        await opens.wait()
        return who

    sessions = Remembered(slow, Ticks())
    asking = [asyncio.create_task(sessions.of(COOKIE)) for _ in range(5)]
    while not log_ins.asked:
        await asyncio.sleep(0)
    asking[0].cancel()
    opens.set()
    assert await asyncio.gather(*asking[1:]) == [LIN] * 4
    assert (log_ins.asked, sessions.known(COOKIE)) == (1, LIN)


async def test_an_answer_from_before_the_log_out_is_not_remembered() -> None:
    log_ins, opens = LogIns(), asyncio.Event()

    async def slow(cookie: str) -> Staff | None:
        who = await log_ins(cookie)
        await opens.wait()
        return who

    sessions = Remembered(slow, Ticks())
    early = asyncio.create_task(sessions.of(COOKIE))
    while not log_ins.asked:
        await asyncio.sleep(0)
    log_ins.known.clear()
    sessions.forget(COOKIE)
    opens.set()
    assert await sessions.of(COOKIE) is None
    assert await early == LIN
    assert await sessions.of(COOKIE) is None
    assert log_ins.asked == 2


async def test_without_its_token_nobody_learns_who_is_logged_in(
    vault: Vault, clock: StandingClock
) -> None:
    askers.clear()
    mediation = database_of(vault, clock)
    client = in_process(edge("mediation", [inner], mediation))
    with pytest.raises(Unanswered):
        await asking(client, "session", "cookie")(COOKIE)
    assert askers == []
    await mediation.close()


async def test_while_mediation_is_away_staff_pages_say_so_and_do_not_open(
    vault: Vault, clock: StandingClock
) -> None:
    async def away(cookie: str) -> None:
        raise Unanswered("connection refused")

    around = options()
    sessions = Remembered(away, Ticks())
    database = database_of(vault, clock)
    async with serving([router], database, type(around)(sessions=sessions)) as client:
        client.cookies.set("redress_session", COOKIE)
        answer = await client.get("/x/api/v1/me")
    assert (answer.status_code, answer.json()["type"]) == (503, "UnavailableError")


def test_what_mediation_says_is_read_whole() -> None:
    said = {"id": str(LIN.id), "name": "lin", "display": "林调解员", "role": "mediator"}
    assert staff_from(said | {"body": "main", "more": 1}) == LIN
    with pytest.raises(KeyError):
        staff_from(said)


async def test_a_cookie_is_never_looked_up_as_a_token_nor_a_token_as_a_cookie() -> None:
    cookies, tokens = LogIns({COOKIE: LIN}), LogIns({"jti": LIN})
    known = Remembered(cookies, Ticks(), tokens)
    assert await known.of("jti") is None
    assert await known.of_token(COOKIE) is None
    assert await known.of(COOKIE) == await known.of_token("jti") == LIN
    assert (known.known("jti"), known.known_token(COOKIE)) == (None, None)
    assert (cookies.asked, tokens.asked) == (2, 2)


async def test_what_was_ended_under_keys_that_are_not_known_here_is_asked_for_anew() -> None:
    cookies, tokens = LogIns({COOKIE: LIN}), LogIns({"jti": LIN})
    known = Remembered(cookies, Ticks(), tokens)
    assert await known.of(COOKIE) == await known.of_token("jti") == LIN
    cookies.known.clear()
    tokens.known.clear()
    known.forget_all()
    assert await known.of(COOKIE) is None
    assert await known.of_token("jti") is None


async def test_what_cannot_be_a_cookie_of_ours_belongs_to_nobody(
    vault: Vault, clock: StandingClock
) -> None:
    """Mediation refuses to look for it (422), which is no failure of mediation's."""
    strict = APIRouter(dependencies=[service()])

    @strict.post("/internal/session")
    async def look(asked: Short) -> None: ...

    mediation = database_of(vault, clock)
    token = minting(vault, "intake", "mediation", clock)
    client = in_process(edge("mediation", [strict], mediation), token)
    assert await asking(client, "session", "cookie")("x" * 300) is None
    await mediation.close()


def test_a_token_narrows_what_its_owner_may_do_and_never_widens_it() -> None:
    said: dict[str, Any] = {"id": str(LIN.id), "name": "lin", "display": "林调解员"}
    grant = {"role": "mediator", "holder": str(LIN.id), "body": "main"}
    said |= {"role": "mediator", "body": "main", "grants": [grant]}
    said |= {"only": ["case.read", "staff.manage"]}
    who = staff_from(said)
    assert who.rights.may(Action.CASE_READ)
    assert not who.rights.may(Action.CASE_HANDLE)
    assert not who.rights.may(Action.STAFF_MANAGE)
    assert not staff_from(said | {"grants": [], "enrolling": True}).rights.may(Action.CASE_READ)
