"""Tokens for scripts: what they open, for how long, and what passes for none."""

import base64
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from services.mediation.tables import ApiTokenRow, StaffRow
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.staff import account_of, add_staff, hold
from shared import api_tokens
from shared.api_tokens import SCOPES, WITHHELD, ApiToken, mint
from shared.rights import Action, Role
from shared.tokens import ALGORITHM, key_of
from shared.tokens import mint as mint_for_sisters
from shared.vault import LONG_LIVED, Cipher, Vault, given_up, new_vault
from shared.vault.ring import new_ring
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.mediation.doors import API, ME, rows
from tests.mediation.things import Colleague, a_case

CASES = f"{API}/cases"


async def made(who: Colleague, *scopes: str, days: int = 30) -> dict[str, Any]:
    """A token of a colleague."""
    form = {"name": "export", "scopes": list(scopes) or ["case.read"], "days": days}
    answer = await who.client.post(f"{ME}/tokens", json=form, headers=who.header)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def script(site: httpx.ASGITransport) -> Any:
    """A program without a cookie."""
    transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type] # the fixture is an app
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.usefixtures("knowing_intake")
async def test_a_token_opens_what_it_names_and_needs_no_other_header(
    lin: Colleague, script: httpx.AsyncClient, database: Database
) -> None:
    case = await a_case(database)
    token = (await made(lin, "case.read", "case.note"))["token"]
    assert (await script.get(CASES, headers=bearer(token))).status_code == 200
    headers = bearer(token) | {"If-Match": str(case.version)}
    noted = await script.post(
        f"{CASES}/{case.id}/steps/note", json={"text": "脚本写的"}, headers=headers
    )
    assert noted.status_code == 200, noted.text


@pytest.mark.usefixtures("knowing_intake")
async def test_a_token_opens_nothing_it_does_not_name(
    lin: Colleague, script: httpx.AsyncClient, database: Database
) -> None:
    case = await a_case(database)
    token = (await made(lin, "case.read"))["token"]
    headers = bearer(token) | {"If-Match": str(case.version)}
    refused = await script.post(f"{CASES}/{case.id}/steps/accept", json={}, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "NotAllowedError")
    other = (await made(lin, "figures.read"))["token"]
    assert (await script.get(CASES, headers=bearer(other))).status_code == 403


async def test_no_token_opens_what_makes_tokens_passwords_and_second_factors(
    lin: Colleague, script: httpx.AsyncClient, database: Database
) -> None:
    token = (await made(lin, *(["case.read", "case.handle", "case.assign"])))["token"]
    for method, path, form in (
        ("POST", "/tokens", {"name": "b", "scopes": ["case.read"], "days": 1}),
        ("GET", "/tokens", None),
        ("POST", "/password", {"password": "a", "new_password": "b"}),
        ("POST", "/second-factor", None),
        ("GET", "/sessions", None),
        ("POST", "/sessions/end-others", None),
    ):
        answer = await script.request(method, ME + path, json=form, headers=bearer(token))
        assert (answer.status_code, answer.json()["type"]) == (401, "NotLoggedInError")
    assert (await script.get("/mediation/me", headers=bearer(token))).status_code == 401
    assert len(await rows(database, ApiTokenRow)) == 1


async def test_a_token_is_kept_by_nothing_that_opens(lin: Colleague, database: Database) -> None:
    told = await made(lin)
    claims = json.loads(base64.urlsafe_b64decode(told["token"].split(".")[1] + "=="))
    [row] = await rows(database, ApiTokenRow)
    assert (row.name, row.scopes) == ("export", ["case.read"])
    assert row.jti != claims["jti"].encode()
    assert set(claims) == {"iss", "aud", "sub", "jti", "scope", "iat", "exp"}
    listed = (await lin.client.get(f"{ME}/tokens")).json()["items"]
    assert [set(one) for one in listed] == [
        {"id", "name", "scopes", "created_at", "expires_at", "seen_at"}
    ]


async def test_an_ended_token_an_old_one_and_one_of_who_left_open_nothing(
    lin: Colleague, script: httpx.AsyncClient, database: Database, clock: StandingClock
) -> None:
    ended, old, orphan = [await made(lin, days=days) for days in (30, 1, 30)]
    path = f"{ME}/tokens/{ended['id']}"
    assert (await lin.client.delete(path, headers=lin.header)).status_code == 204
    assert (await lin.client.delete(path, headers=lin.header)).status_code == 404
    assert (await script.get(CASES, headers=bearer(ended["token"]))).status_code == 401
    clock.move(days=1, seconds=6)
    assert (await script.get(CASES, headers=bearer(old["token"]))).status_code == 401
    assert lin.actor.id
    async with database.work() as work:
        await end_person(work, lin.actor.id, CONSOLE)
    refused = await script.get(CASES, headers=bearer(orphan["token"]))
    assert (refused.status_code, refused.json()["type"]) == (401, "BadTokenError")
    assert all(row.ended_at for row in await rows(database, ApiTokenRow) if row.name != "old")


async def test_its_last_use_is_noted_once_a_minute(
    lin: Colleague, sister: httpx.AsyncClient, database: Database, clock: StandingClock
) -> None:
    token = (await made(lin))["token"]
    jti = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))["jti"]
    seen = []
    for seconds in (0, 30, 31):
        clock.move(seconds=seconds)
        told = await sister.post("/internal/token", json={"jti": jti})
        assert (told.status_code, told.json()["only"]) == (200, ["case.read"])
        [row] = await rows(database, ApiTokenRow)
        seen.append(row.seen_at)
    assert seen == [NOON, NOON, NOON + timedelta(seconds=61)]
    assert (await sister.post("/internal/token", json={"jti": "made up"})).status_code == 404


def claims_of(lin: Colleague, **other: Any) -> dict[str, Any]:
    now = int(NOON.timestamp())
    usual = {"iss": "redress", "aud": "redress", "sub": str(lin.actor.id), "jti": "x" * 22}
    return usual | {"scope": "case.read", "iat": now, "exp": now + 600} | other


def part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


async def test_forged_tokens_open_nothing(
    lin: Colleague, script: httpx.AsyncClient, vault: Vault
) -> None:
    good = (await made(lin))["token"]
    head, body, signature = good.split(".")
    own = key_of(vault.derived_for(vault.active, LONG_LIVED))
    header = {"alg": ALGORITHM, "kid": own.kid, "typ": api_tokens.TYPE}
    widened = json.loads(base64.urlsafe_b64decode(body + "==")) | {"scope": "staff.manage"}
    public = own.as_pem(private=False)
    foreign = key_of(new_vault().derived_for("k1", LONG_LIVED))
    unsigned = f"{part(header | {'alg': 'none'})}.{part(claims_of(lin))}."
    forged = {
        "no signature": unsigned,
        "signature left out": f"{head}.{body}.",
        "widened": f"{head}.{part(widened)}.{signature}",
        "public key as a secret": confused(header, claims_of(lin), public),
        "another installation's key": signed(header, claims_of(lin), foreign),
        "another kid": signed(header | {"kid": "x"}, claims_of(lin), own),
        "unknown jti": signed(header, claims_of(lin), own),
        "another audience": signed(header, claims_of(lin, aud="other"), own),
        "over": signed(header, claims_of(lin, exp=int(NOON.timestamp()) - 6), own),
        "no end": signed(header, {"sub": "x"}, own),
        "no type": signed(header | {"typ": "JWT"}, claims_of(lin), own),
        "no token": "abc",
        "somebody else's": mint(
            vault, ApiToken("x" * 22, uuid4(), frozenset({Action.CASE_READ}), 9e9), NOON
        ),
    }
    for what, token in forged.items():
        answer = await script.get(CASES, headers=bearer(token))
        assert (answer.status_code, answer.json()["type"]) == (401, "BadTokenError"), what
    assert (await script.get(CASES, headers=bearer(good))).status_code == 200


def signed(header: dict[str, Any], claims: dict[str, Any], key: OKPKey) -> str:
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def confused(header: dict[str, Any], claims: dict[str, Any], public: bytes) -> str:
    """A token signed with the public key as if it were a secret (RFC 8725, 2.1)."""
    text = f"{part(header | {'alg': 'HS256'})}.{part(claims)}"
    mac = hmac.digest(public, text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


async def test_tokens_of_scripts_and_of_sisters_do_not_pass_for_each_other(
    lin: Colleague, script: httpx.AsyncClient, vault: Vault
) -> None:
    token = (await made(lin))["token"]
    inner = await script.post("/internal/session", json={"cookie": "x"}, headers=bearer(token))
    assert inner.status_code == 401
    sisters = mint_for_sisters(vault, "intake", "mediation", NOON)
    assert api_tokens.read(vault, sisters, NOON) is None
    assert not api_tokens.is_one(sisters)


async def test_a_token_in_the_cookie_is_no_session_and_a_cookie_no_token(
    lin: Colleague, script: httpx.AsyncClient
) -> None:
    token = (await made(lin))["token"]
    cookie = lin.client.cookies["redress_session"]
    script.cookies.set("redress_session", token)
    assert (await script.get(CASES)).status_code == 401
    script.cookies.clear()
    assert (await script.get(CASES, headers=bearer(cookie))).status_code == 401


def test_a_token_outlives_the_key_that_signed_it_and_that_key_signs_no_other() -> None:
    first = new_ring()
    both = first.with_next(Cipher.AES, NOON)
    alone = given_up(both.with_next(Cipher.AES, NOON))
    said = ApiToken("x" * 22, uuid4(), frozenset({Action.CASE_READ}), NOON.timestamp() + 60)
    for signing in (first, both):
        token = mint(Vault(signing), said, NOON)
        assert api_tokens.read(Vault(both), token, NOON) == said
        assert api_tokens.read(Vault(alone), token, NOON) == said
    assert (alone.generations, list(alone.past)) == (("k3",), ["k1", "k2"])
    assert api_tokens.read(new_vault(), token, NOON) is None


@pytest.mark.parametrize("scope", sorted(WITHHELD))
async def test_no_token_is_made_for_power_over_people_rights_keys_and_erasure(
    lin: Colleague, database: Database, scope: Action
) -> None:
    """Not even by somebody who holds every role; and nothing else of the wish is made."""
    async with database.work() as work:
        account = await account_of(work.session, "lin")
        await hold(work, account.id, list(Role))
    form = {"name": "x", "scopes": ["case.read", scope.value], "days": 9}
    refused = await lin.client.post(f"{ME}/tokens", json=form, headers=lin.header)
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert (error["pointer"], scope.chinese in error["detail"]) == ("/scopes", True)
    assert "不能交给令牌" in error["detail"]
    assert await rows(database, ApiTokenRow) == []


async def test_an_older_token_with_such_power_has_it_no_more(
    lin: Colleague, script: httpx.AsyncClient, database: Database, vault: Vault
) -> None:
    """Made before this was refused: what else it names still works."""
    async with database.work() as work:
        account = await account_of(work.session, "lin")
        await hold(work, account.id, [Role.ADMINISTRATOR])
        await add_staff(work, "chen", display="陈", role="mediator", body="main")
        chen = await account_of(work.session, "chen")
    told = await made(lin, "case.read")
    said = api_tokens.read(vault, told["token"], NOON)
    assert said
    async with database.work() as work:
        row = await work.session.get_one(ApiTokenRow, UUID(told["id"]))
        row.scopes = ["case.read", "staff.manage", "unit.manage"]
    both = frozenset({Action.CASE_READ, Action.STAFF_MANAGE, Action.UNIT_MANAGE})
    old = bearer(mint(vault, replace(said, only=both), NOON))
    assert (await script.get(CASES, headers=old)).status_code == 200
    new = {"name": "puppet", "display": "影子", "roles": [{"role": "administrator"}]}
    for path, form in (
        ("/staff", new),
        (f"/staff/{chen.id}/grants", {"role": "leader"}),
        (f"/staff/{chen.id}/end", None),
        (f"/staff/{chen.id}/recoveries", {"reason": "手机丢了，见过本人"}),
        ("/units", {"code": "x", "name": "x"}),
    ):
        answer = await script.post(API + path, json=form, headers=old)
        assert (answer.status_code, answer.json()["type"]) == (401, "NotLoggedInError"), path
    assert [one.name for one in await rows(database, StaffRow)] == ["lin", "chen"]
    told_to_sisters = api_tokens.read(vault, old["Authorization"].removeprefix("Bearer "), NOON)
    assert told_to_sisters
    assert told_to_sisters.only == {Action.CASE_READ}


async def test_sisters_hear_nothing_of_what_is_withheld(
    lin: Colleague, sister: httpx.AsyncClient, database: Database
) -> None:
    told = await made(lin, "case.read")
    jti = json.loads(base64.urlsafe_b64decode(told["token"].split(".")[1] + "=="))["jti"]
    async with database.work() as work:
        row = await work.session.get_one(ApiTokenRow, UUID(told["id"]))
        row.scopes = [one.value for one in Action]
    heard = (await sister.post("/internal/token", json={"jti": jti})).json()["only"]
    assert heard == list(SCOPES)
    assert set(heard).isdisjoint(one.value for one in WITHHELD)
