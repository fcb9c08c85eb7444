"""The edge answers only for what is committed, and lets nobody in by accident."""

from pathlib import Path

import pytest
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text

from shared.tokens import BadTokenError, mint, minting, verify
from shared.vault import Vault, new_vault
from shared.web import (
    CheckedForm,
    MaybeWho,
    OpenRead,
    OpenWork,
    Who,
    csrf_token,
    edge,
    log_ids,
    public,
    service,
    staff,
    staff_or_token,
)
from shared.web.edge import UndeclaredRouteError
from tests.conftest import NOON, StandingClock
from tests.shared.webs import COOKIE, HTML, LIN, LogIns, Ticks, database_of, options, serving

router = APIRouter()


@router.post("/x/api/v1/promise", status_code=201, dependencies=[public()])
async def promise(work: OpenWork) -> None:
    """Break a constraint that SQLite checks only at the commit."""
    for line in (
        "CREATE TABLE a (id INTEGER PRIMARY KEY)",
        "CREATE TABLE b (a INTEGER REFERENCES a DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO b VALUES (1)",
    ):
        await work.session.execute(text(line))


@router.get("/x/api/v1/one", dependencies=[public()])
async def one(session: OpenRead) -> int:
    found = await session.execute(text("SELECT 1"))
    return int(found.scalar_one())


@router.get("/x/api/v1/me", dependencies=[staff()])
async def me(who: Who, request: Request) -> str:
    log_ids(request, case_id=who.id)
    return who.name


@router.get("/x/api/v1/maybe", dependencies=[public()])
async def maybe(who: MaybeWho) -> str | None:
    return who.name if who else None


@router.post("/x/api/v1/change", dependencies=[staff()])
async def change(who: Who) -> str:
    return who.name


@router.post("/x/api/v1/both", dependencies=[staff_or_token()])
async def both(who: Who) -> list[str]:
    return [who.name, who.role]


@router.post("/internal/thing", dependencies=[service()])
async def thing(who: Who) -> str:
    return who.name


@router.get("/x/page", dependencies=[staff()])
async def a_page() -> str:
    return "seen"


@router.get("/x/home/", dependencies=[staff()])
async def home() -> str:
    return "home"


@router.get("/x/api/v1/token", dependencies=[public()])
async def header_token(request: Request) -> str:
    return csrf_token(request, COOKIE)


async def test_a_failed_commit_is_never_a_201(
    tmp_path: Path, vault: Vault, clock: StandingClock
) -> None:
    database = database_of(vault, clock, f"sqlite+aiosqlite:///{tmp_path}/x.db")
    async with serving([router], database) as client:
        answer = await client.post("/x/api/v1/promise")
        assert answer.status_code == 500
        assert answer.json()["type"] == "InternalError"
        assert (await client.get("/x/api/v1/one")).json() == 1


async def test_without_a_session_staff_pages_lead_to_the_login_and_apis_refuse(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        page = await client.get("/x/page?q=1", headers=HTML)
        assert (page.status_code, page.headers["location"]) == (
            303,
            "/mediation/login?next=%2Fx%2Fpage%3Fq%3D1",
        )
        answer = await client.get("/x/api/v1/me")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["detail"] == "请先登录。"


async def test_a_forgotten_slash_leads_on_within_the_site_and_through_the_same_door(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        assert (await client.get("/x/home?q=1")).status_code == 401
        client.cookies.set("redress_session", COOKIE)
        led = await client.get("/x/home?q=1")
        assert (led.status_code, led.headers["location"]) == (308, "/x/home/?q=1")
        assert (await client.get("/x/home/")).json() == "home"
        assert (await client.get("/x/page/")).status_code == 404


async def test_a_session_is_asked_for_once_in_thirty_seconds(
    vault: Vault, clock: StandingClock
) -> None:
    log_ins, ticks = LogIns(), Ticks()
    around = options(ticks, log_ins)
    async with serving([router], database_of(vault, clock), around) as client:
        client.cookies.set("redress_session", COOKIE)
        for _ in range(3):
            assert (await client.get("/x/api/v1/me")).json() == LIN.name
        assert log_ins.asked == 1
        log_ins.known.clear()
        ticks.now = 29.9
        assert (await client.get("/x/api/v1/me")).status_code == 200
        ticks.now = 30
        assert (await client.get("/x/api/v1/me")).status_code == 401
        assert log_ins.asked == 2


async def test_an_open_page_knows_who_looks_if_somebody_is_logged_in(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        assert (await client.get("/x/api/v1/maybe")).json() is None
        client.cookies.set("redress_session", COOKIE)
        assert (await client.get("/x/api/v1/maybe")).json() == "lin"


async def test_json_with_a_session_needs_the_header_that_login_returned(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        token = (await client.get("/x/api/v1/token")).json()
        client.cookies.set("redress_session", COOKIE)
        without = await client.post("/x/api/v1/change")
        assert (without.status_code, without.json()["type"]) == (403, "MissingHeaderTokenError")
        wrong = await client.post("/x/api/v1/change", headers={"X-CSRF-Token": token[:-1]})
        assert wrong.status_code == 403
        right = await client.post("/x/api/v1/change", headers={"X-CSRF-Token": token})
        assert (right.status_code, right.json()) == (200, "lin")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://test"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
    ids=str,
)
async def test_what_another_site_sends_is_not_carried_out(
    vault: Vault, clock: StandingClock, headers: dict[str, str], status: int
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        token = (await client.get("/x/api/v1/token")).json()
        client.cookies.set("redress_session", COOKIE)
        answer = await client.post("/x/api/v1/change", headers={"X-CSRF-Token": token} | headers)
        assert answer.status_code == status


async def test_a_service_token_opens_the_doors_for_sisters_and_no_other(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([router], database_of(vault, clock)) as client:

        async def knock(path: str, token: str | None) -> tuple[int, object]:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answer = await client.post(path, headers=headers)
            return answer.status_code, answer.json() if answer.is_success else None

        good = mint(vault, "intake", "x", NOON)
        assert await knock("/internal/thing", good) == (200, "intake")
        assert await knock("/x/api/v1/both", good) == (200, ["intake", "service"])
        console = mint(vault, "console", "x", NOON)
        assert await knock("/internal/thing", console) == (200, "console")
        for bad in (
            None,
            "nonsense",
            mint(new_vault(), "intake", "x", NOON),
            mint(vault, "intake", "another", NOON),
            mint(vault, "stranger", "x", NOON),
        ):
            assert await knock("/internal/thing", bad) == (401, None)
        clock.move(seconds=66)
        assert await knock("/internal/thing", good) == (401, None)
        # A token does not open what is for people.
        fresh = mint(vault, "intake", "x", clock())
        assert await knock("/x/api/v1/change", fresh) == (401, None)


def test_a_token_is_used_for_half_its_life(vault: Vault, clock: StandingClock) -> None:
    token = minting(vault, "intake", "x", clock)
    first = token()
    clock.move(seconds=29)
    assert token() == first
    clock.move(seconds=1)
    assert token() != first


def test_a_token_without_signature_is_no_token(vault: Vault) -> None:
    unsigned = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJpbnRha2UiLCJhdWQiOiJ4IiwiZXhwIjo5OTk5OTk5OTk5fQ."
    with pytest.raises(BadTokenError):
        verify(vault, unsigned, "x", NOON)


def test_a_route_that_does_not_say_who_may_call_it_is_not_built(
    vault: Vault, clock: StandingClock
) -> None:
    def undeclared() -> APIRouter:
        made = APIRouter()
        made.add_api_route("/x/a", maybe)
        return made

    def twice() -> APIRouter:
        made = APIRouter(dependencies=[public()])
        made.add_api_route("/x/a", maybe, dependencies=[staff()])
        return made

    def open_inside() -> APIRouter:
        made = APIRouter(dependencies=[public()])
        made.add_api_route("/internal/a", maybe)
        return made

    def unchecked_form() -> APIRouter:
        made = APIRouter(dependencies=[public()])
        made.add_api_route("/x/a", maybe, methods=["POST"])
        return made

    def nested() -> APIRouter:
        made = APIRouter(dependencies=[public()])
        made.include_router(router)
        return made

    for make in (undeclared, twice, open_inside, unchecked_form, nested):
        with pytest.raises(UndeclaredRouteError):
            edge("x", [make()], database_of(vault, clock))


def test_a_form_that_is_checked_is_built(vault: Vault, clock: StandingClock) -> None:
    made = APIRouter(dependencies=[public()])

    @made.post("/x/form")
    async def post_form(form: CheckedForm) -> JSONResponse:
        return JSONResponse(dict(form))

    edge("x", [made], database_of(vault, clock))
