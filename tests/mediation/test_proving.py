"""A stolen session becomes no lasting takeover: what lasts takes the password once more."""

from typing import Any

import httpx
import pytest

from services.mediation.settings import MediationSettings
from services.mediation.tables import (
    ApiTokenRow,
    RecoveryCodeRow,
    SecondFactorRow,
    SessionRow,
    StaffRow,
)
from services.mediation.use_cases.hashing import NOBODYS
from services.mediation.use_cases.sessions import Login, log_in
from shared.trail import Deed
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import HTML, ME, MY_PAGE, Telephone, enrolled, post, rows
from tests.mediation.things import PASSWORD, Colleague, form_token

TOKEN = {"name": "nightly", "scopes": ["case.read"], "days": 9}
FACTOR = f"{MY_PAGE}/second-factor"


async def sent(who: Colleague, path: str, **form: Any) -> httpx.Response:
    return await who.client.post(ME + path, json=form, headers=who.header)


async def everything(database: Database) -> tuple[Any, ...]:
    """What somebody who takes over would change."""
    factors = [(one.confirmed_at, one.last_step) for one in await rows(database, SecondFactorRow)]
    papers = sorted(one.code for one in await rows(database, RecoveryCodeRow))
    return (
        factors,
        papers,
        len(await rows(database, ApiTokenRow)),
        len(await rows(database, SessionRow)),
    )


@pytest.mark.parametrize("seconds", [0, 299])
async def test_five_minutes_after_the_log_in_nothing_is_asked(
    lin: Colleague, clock: StandingClock, seconds: int
) -> None:
    clock.move(seconds=seconds)
    assert (await sent(lin, "/tokens", **TOKEN)).status_code == 201
    assert (await sent(lin, "/second-factor")).status_code == 200


async def test_later_the_password_is_asked_for_and_nothing_happens_without_it(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    telephone, paper = await enrolled(lin, clock)
    clock.move(seconds=300)
    before = await everything(database)
    code = telephone.code()
    for path, form in (
        ("/tokens", TOKEN),
        ("/second-factor", {}),
        ("/second-factor/paper", {"code": code}),
        ("/second-factor/off", {"code": paper[0]}),
    ):
        refused = await sent(lin, path, **form)
        assert (refused.status_code, refused.json()["type"]) == (403, "ProofNeededError"), path
        assert refused.json()["errors"][0]["pointer"] == "/password"
        wrong = await sent(lin, path, **form, password="guess")
        assert (wrong.status_code, wrong.json()["type"]) == (403, "WrongPasswordError"), path
    assert await everything(database) == before
    done = await sent(lin, "/second-factor/paper", code=code, password=PASSWORD)
    assert (done.status_code, len(done.json()["paper"])) == (200, 10)


async def test_a_secret_that_waits_is_neither_shown_to_nor_confirmed_by_a_stolen_session(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    begun = await sent(lin, "/second-factor")
    telephone = Telephone(begun.json()["secret"], clock)
    assert telephone.secret in (await lin.client.get(FACTOR, headers=HTML)).text
    clock.move(minutes=5)
    page = (await lin.client.get(FACTOR, headers=HTML)).text
    assert telephone.secret not in page
    assert "svg" not in page.split("<main")[1]
    refused = await sent(lin, "/second-factor/confirm", code=telephone.code())
    assert (refused.status_code, refused.json()["type"]) == (403, "ProofNeededError")
    [row] = await rows(database, SecondFactorRow)
    assert row.confirmed_at is None


async def test_the_password_opens_five_more_minutes_and_is_noted(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    clock.move(minutes=30)
    assert (await sent(lin, "/tokens", **TOKEN, password=PASSWORD)).status_code == 201
    clock.move(seconds=299)
    assert (await sent(lin, "/tokens", **TOKEN)).status_code == 201
    clock.move(seconds=1)
    assert (await sent(lin, "/tokens", **TOKEN)).status_code == 403
    proved = [
        row for row in await rows(database, AuditRow) if row.action == Deed.SESSION_PROVED.value
    ]
    assert [(row.kind, row.key) for row in proved] == [("session", str(lin.actor.id))]


async def test_a_session_that_is_renewed_is_proved_no_later_than_it_was(
    lin: Colleague, clock: StandingClock
) -> None:
    """Or each step would open the next: enrolling gives a new session, and no new proof."""
    clock.move(seconds=240)
    await enrolled(lin, clock)
    clock.move(seconds=60)
    assert (await sent(lin, "/tokens", **TOKEN)).status_code == 403


async def test_guesses_within_a_session_are_counted_as_at_the_log_in(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    """Ten by whoever has the session's cookie alone; then not even the right one is looked at."""
    clock.move(minutes=5)
    lin.client.cookies.delete("redress_known")
    kinds = [
        (await sent(lin, "/tokens", **TOKEN, password="guess")).json()["type"] for _ in range(11)
    ]
    assert kinds == ["WrongPasswordError"] * 10 + ["AddressLockedError"]
    refused = await sent(lin, "/tokens", **TOKEN, password=PASSWORD)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
    assert await rows(database, ApiTokenRow) == []
    elsewhere = Login("lin", PASSWORD, "198.51.100.7")
    assert await log_in(database, elsewhere, MediationSettings())


async def test_the_pages_ask_in_place_and_keep_what_was_typed(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    assert 'id="proof"' not in (await lin.client.get(MY_PAGE, headers=HTML)).text
    clock.move(minutes=5)
    assert 'id="proof"' in (await lin.client.get(MY_PAGE, headers=HTML)).text
    form = {"name": "夜间", "days": "9", "scopes": "case.read"}
    refused = await post(lin.client, f"{MY_PAGE}/tokens", **form)
    assert (refused.status_code, 'id="proof-error"' in refused.text) == (403, True)
    assert 'value="夜间"' in refused.text
    assert await rows(database, ApiTokenRow) == []
    done = await post(lin.client, f"{MY_PAGE}/tokens", **form, proof=PASSWORD)
    assert done.status_code == 303
    assert len(await rows(database, ApiTokenRow)) == 1
    clock.move(minutes=5)
    refused = await post(lin.client, FACTOR, FACTOR)
    assert (refused.status_code, 'id="proof-error"' in refused.text) == (403, True)
    assert await rows(database, SecondFactorRow) == []
    assert (await post(lin.client, FACTOR, FACTOR, proof=PASSWORD)).status_code == 303
    assert len(await rows(database, SecondFactorRow)) == 1


async def test_who_has_no_password_here_signs_on_again(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    async with database.work() as work:
        account = await work.session.get_one(StaffRow, lin.actor.id)
        account.password = NOBODYS
    assert (await sent(lin, "/tokens", **TOKEN)).status_code == 201
    clock.move(minutes=5)
    refused = await sent(lin, "/tokens", **TOKEN)
    assert (refused.status_code, refused.json()["type"]) == (403, "SignOnAgainError")
    page = await lin.client.get(FACTOR, headers=HTML)
    assert f"/mediation/login/oidc?again=1&amp;next={FACTOR}" in page.text
    assert 'id="proof"' not in page.text
    token = form_token(page)
    answer = await lin.client.post(FACTOR, data={"form_token": token}, headers=HTML)
    assert answer.status_code == 403
    assert len(await rows(database, ApiTokenRow)) == 1
    assert await rows(database, SecondFactorRow) == []
