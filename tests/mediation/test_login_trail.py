"""What happens at the door is in the trail, and what was tried there too."""

import httpx
from sqlalchemy import select

from services.mediation.settings import MediationSettings
from shared.trail.refusals import refusals_of
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import API, ME, enrolled, log_in, post
from tests.mediation.things import PASSWORD, Colleague

FIRST = ["staff.password_changed", "session.begun"]
"""A first log-in, at which a password of one's own takes the place of the one-time one."""


async def told(database: Database, kind: str) -> list[str]:
    """What the chains of one kind say, in order."""
    async with database.reading() as session:
        mine = select(AuditRow.action).where(AuditRow.kind == kind)
        return list(await session.scalars(mine.order_by(AuditRow.key, AuditRow.seq)))


async def test_logging_in_and_out_and_what_is_changed_on_ones_own_page(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    form = {"name": "a", "scopes": ["case.read"], "days": 1}
    made = await lin.client.post(f"{ME}/tokens", json=form, headers=lin.header)
    gone = f"{ME}/tokens/{made.json()['id']}"
    await lin.client.delete(gone, headers=lin.header)
    assert await told(database, "token") == ["token.made", "token.ended"]
    telephone, _ = await enrolled(lin, clock)
    code = {"code": telephone.next_code()}
    off = await lin.client.post(f"{ME}/second-factor/off", json=code, headers=lin.header)
    lin.header["X-CSRF-Token"] = off.headers["X-CSRF-Token"]
    assert (await told(database, "staff"))[-2:] == ["factor.set", "factor.removed"]
    change = {"password": PASSWORD, "new_password": "quite another word"}
    fresh = await lin.client.post(f"{ME}/password", json=change, headers=lin.header)
    header = {"X-CSRF-Token": fresh.headers["X-CSRF-Token"]}
    await lin.client.post(f"{ME}/sessions/end-others", headers=header)
    await lin.client.post(f"{API}/logout", headers=header)
    assert await told(database, "session") == [
        *FIRST,
        "staff.password_changed",
        "session.all_ended",
        "session.ended",
    ]


async def test_wrong_passwords_codes_and_tokens_are_among_the_refusals(
    lin: Colleague, stranger: httpx.AsyncClient, database: Database, clock: StandingClock
) -> None:
    await enrolled(lin, clock)
    stranger.cookies.clear()
    form = {"name": "lin", "password": "wrong"}
    await stranger.post(f"{API}/login", json=form)
    await log_in(stranger, "lin")
    await log_in(stranger, "lin", code="000000")
    await stranger.get(f"{API}/cases", headers={"Authorization": "Bearer forged"})
    refusals = refusals_of(database)
    found = [said.action for _, said in refusals.waiting]
    assert found == ["password.wrong", "factor.wrong", "token.wrong"]
    tried = [said.values.get("tried") for _, said in refusals.waiting]
    account = {"kind": "account", "id": str(lin.actor.id)}
    assert tried == [account, account, None]
    written = str([said.values for _, said in refusals.waiting])
    assert "127.0.0.1" not in written
    assert PASSWORD not in written


async def test_a_name_nobody_has_is_kept_as_a_hash_as_it_may_be_a_password(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    for name in ("S3cret Hund!", " s3cret hund! ", "another"):
        await log_in(stranger, name)
    tried = [said.values["tried"] for _, said in refusals_of(database).waiting]
    assert [set(one) for one in tried] == [{"kind", "hash"}] * 3
    assert tried[0] == tried[1] != tried[2]
    assert len(tried[0]["hash"]) == 16
    assert "hund" not in str([said.values for _, said in refusals_of(database).waiting]).casefold()


async def test_who_is_locked_out_and_a_token_that_is_over_name_the_account(
    lin: Colleague, stranger: httpx.AsyncClient, database: Database
) -> None:
    form = {"name": "台账", "scopes": ["case.read"], "days": 1}
    made = (await lin.client.post(f"{ME}/tokens", json=form, headers=lin.header)).json()
    await lin.client.delete(f"{ME}/tokens/{made['id']}", headers=lin.header)
    stranger.cookies.clear()
    wrong = {"name": "lin", "password": "wrong"}
    failures = MediationSettings().login_failures
    for _ in range(failures):
        assert (await stranger.post(f"{API}/login", json=wrong)).status_code == 401
    assert (await log_in(stranger, "lin")).status_code == 429
    bearer = {"Authorization": f"Bearer {made['token']}"}
    assert (await stranger.get(f"{API}/cases", headers=bearer)).status_code == 401
    told = [(said.action, said.values["tried"]) for _, said in refusals_of(database).waiting]
    account = {"kind": "account", "id": str(lin.actor.id)}
    assert told == [("password.wrong", account)] * (failures + 1) + [("token.wrong", account)]


async def test_a_right_password_without_its_code_is_told_each_time_wherever_it_is_typed(
    lin: Colleague, stranger: httpx.AsyncClient, database: Database, clock: StandingClock
) -> None:
    """Or a stolen password could be tried unseen."""
    telephone, _ = await enrolled(lin, clock)
    stranger.cookies.clear()
    before = await told(database, "session")
    assert (await log_in(stranger, "lin")).status_code == 401
    assert (await log_in(stranger, "lin", new_password="weak")).status_code == 422
    page = "/mediation/login"
    half = await post(stranger, page, page, name="lin", password=PASSWORD)
    assert half.headers["location"] == "/mediation/login/code"
    assert await told(database, "session") == [*before, *["session.half_begun"] * 3]
    assert (await log_in(stranger, "lin", code=telephone.next_code())).status_code == 200
    assert (await told(database, "session"))[len(before) + 3 :] == ["session.begun"]


async def test_who_has_no_second_factor_or_types_a_wrong_password_begins_no_half_log_in(
    lin: Colleague, stranger: httpx.AsyncClient, database: Database
) -> None:
    stranger.cookies.clear()
    assert (await log_in(stranger, "lin")).status_code == 200
    stranger.cookies.clear()
    assert (await log_in(stranger, "lin", password="wrong")).status_code == 401
    assert await told(database, "session") == [*FIRST, "session.begun"]


async def test_a_password_that_is_changed_at_the_log_in_is_told_with_the_log_in(
    lin: Colleague, stranger: httpx.AsyncClient, database: Database
) -> None:
    stranger.cookies.clear()
    before = await told(database, "session")
    assert (await log_in(stranger, "lin", new_password="quite another word")).status_code == 200
    assert (await told(database, "session"))[len(before) :] == [
        "staff.password_changed",
        "session.begun",
    ]
