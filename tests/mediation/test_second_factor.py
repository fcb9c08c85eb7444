"""The second factor: one code, one log-in; whoever has no code does not get in."""

import asyncio

import httpx
import pytest

from services.mediation.settings import MediationSettings
from services.mediation.tables import RecoveryCodeRow, SecondFactorRow, SessionRow
from services.mediation.use_cases.sessions import Login, finish, prove
from shared.kernel import RuleError
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import API, ME, Telephone, enrolled, log_in, rows
from tests.mediation.things import PASSWORD, Colleague

SETTINGS = MediationSettings()


async def test_without_a_code_nobody_with_a_second_factor_gets_in(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    telephone, _ = await enrolled(lin, clock)
    lin.client.cookies.clear()
    answer = await log_in(lin.client, "lin")
    assert answer.status_code == 401
    assert answer.json()["type"] == "SecondFactorNeededError"
    assert answer.json()["errors"][0]["pointer"] == "/code"
    assert "set-cookie" not in answer.headers
    assert len(await rows(database, SessionRow)) == 1
    answer = await log_in(lin.client, "lin", code=telephone.next_code())
    assert answer.status_code == 200
    assert len(await rows(database, SessionRow)) == 2


async def test_a_secret_that_nobody_confirmed_is_worth_nothing_after_an_hour(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    """Who saw it on an open screen has not the one that is confirmed weeks later."""
    address = f"{ME}/second-factor"
    proved = {"password": PASSWORD}

    async def begun() -> Telephone:
        answer = await lin.client.post(address, json=proved, headers=lin.header)
        assert answer.status_code == 200, answer.text
        return Telephone(answer.json()["secret"], clock)

    seen = await begun()
    clock.move(hours=1)
    assert (await begun()).secret == seen.secret
    clock.move(seconds=1)
    form = proved | {"code": seen.code()}
    late = await lin.client.post(f"{address}/confirm", json=form, headers=lin.header)
    assert (late.status_code, late.json()["type"]) == (409, "NotEnrolledError")
    fresh = await begun()
    assert fresh.secret != seen.secret
    form = proved | {"code": seen.code()}
    refused = await lin.client.post(f"{address}/confirm", json=form, headers=lin.header)
    assert refused.json()["type"] == "WrongOwnCodeError"
    assert [row.confirmed_at for row in await rows(database, SecondFactorRow)] == [None]


async def test_who_has_no_second_factor_needs_no_code(lin: Colleague) -> None:
    lin.client.cookies.clear()
    assert (await log_in(lin.client, "lin")).status_code == 200


async def test_a_wrong_password_says_nothing_of_a_second_factor(
    lin: Colleague, clock: StandingClock
) -> None:
    telephone, _ = await enrolled(lin, clock)
    form = {"name": "lin", "password": "wrong", "code": telephone.next_code()}
    answer = await lin.client.post(f"{API}/login", json=form)
    assert answer.json()["type"] == "WrongNameOrPasswordError"


@pytest.mark.parametrize(("later", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_a_telephone_may_be_half_a_minute_off(
    lin: Colleague, clock: StandingClock, later: int, status: int
) -> None:
    telephone, _ = await enrolled(lin, clock)
    clock.move(minutes=5)
    answer = await log_in(lin.client, "lin", code=telephone.code(later))
    assert answer.status_code == status


async def test_a_code_opens_once_and_those_before_it_never_again(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    telephone, _ = await enrolled(lin, clock)
    replayed = await log_in(lin.client, "lin", code=telephone.code())
    assert replayed.json()["type"] == "WrongCodeError"
    clock.move(minutes=5)
    code = telephone.code()
    assert (await log_in(lin.client, "lin", code=code)).status_code == 200
    kept = len(await rows(database, SessionRow))
    for stale in (code, telephone.code(-1)):
        assert (await log_in(lin.client, "lin", code=stale)).status_code == 401
    assert len(await rows(database, SessionRow)) == kept


async def test_a_code_sent_twice_at_once_opens_once(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    telephone, paper = await enrolled(lin, clock)
    clock.move(minutes=5)
    for code in (telephone.code(), paper[0]):
        login = Login("lin", PASSWORD, "192.0.2.1", code=code)
        proof = await prove(database, login, SETTINGS)
        before = len(await rows(database, SessionRow))
        tries = (finish(database, proof, login, SETTINGS) for _ in range(4))
        answers = await asyncio.gather(*tries, return_exceptions=True)
        refused = [one for one in answers if isinstance(one, RuleError)]
        assert [type(one).__name__ for one in refused] == ["WrongCodeError"] * 3
        assert len(await rows(database, SessionRow)) == before + 1


async def test_a_code_on_paper_opens_once_however_it_is_typed(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    _, paper = await enrolled(lin, clock)
    assert len(set(paper)) == 10
    typed = paper[0].lower().replace("-", " ").replace("0", "o")
    assert (await log_in(lin.client, "lin", code=typed)).status_code == 200
    assert len(await rows(database, RecoveryCodeRow)) == 9
    assert (await log_in(lin.client, "lin", code=paper[0])).status_code == 401
    assert (await log_in(lin.client, "lin", code=paper[1])).status_code == 200


async def test_new_codes_on_paper_make_the_old_ones_worthless(
    lin: Colleague, clock: StandingClock
) -> None:
    telephone, old = await enrolled(lin, clock)
    form = {"code": telephone.next_code()}
    answer = await lin.client.post(f"{ME}/second-factor/paper", json=form, headers=lin.header)
    fresh = answer.json()["paper"]
    assert len(set(fresh) | set(old)) == 20
    assert (await log_in(lin.client, "lin", code=old[0])).status_code == 401
    assert (await log_in(lin.client, "lin", code=fresh[0])).status_code == 200


async def test_the_secret_lies_sealed_and_the_paper_hashed(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    telephone, paper = await enrolled(lin, clock)
    [factor] = await rows(database, SecondFactorRow)
    assert telephone.secret.encode() not in factor.secret.blob
    kept = {row.code for row in await rows(database, RecoveryCodeRow)}
    assert len(kept) == 10
    assert kept.isdisjoint({one.encode() for one in paper})


async def test_ten_wrong_codes_close_the_door_until_a_while_has_passed(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    telephone, _ = await enrolled(lin, clock)
    clock.move(minutes=5)
    for _ in range(10):
        assert (await log_in(lin.client, "lin", code="000000")).status_code == 401
    kept = len(await rows(database, SessionRow))
    answer = await log_in(lin.client, "lin", code=telephone.code())
    assert (answer.status_code, answer.json()["type"]) == (429, "CodesLockedError")
    assert int(answer.headers["Retry-After"]) == 900
    assert len(await rows(database, SessionRow)) == kept
    clock.move(minutes=16)
    assert (await log_in(lin.client, "lin", code=telephone.code())).status_code == 200


async def test_nobody_without_the_password_can_close_that_door(
    lin: Colleague, stranger: httpx.AsyncClient, clock: StandingClock
) -> None:
    telephone, _ = await enrolled(lin, clock)
    for _ in range(9):
        form = {"name": "lin", "password": "wrong", "code": "000000"}
        await stranger.post(f"{API}/login", json=form)
    assert (await log_in(lin.client, "lin", code=telephone.next_code())).status_code == 200


async def test_many_wrong_codes_at_once_are_all_counted(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    await enrolled(lin, clock)
    clock.move(minutes=5)
    login = Login("lin", PASSWORD, "192.0.2.1", code="000000")
    proof = await prove(database, login, SETTINGS)
    tries = (finish(database, proof, login, SETTINGS) for _ in range(15))
    answers = await asyncio.gather(*tries, return_exceptions=True)
    kinds = sorted(type(one).__name__ for one in answers)
    assert kinds == ["CodesLockedError"] * 5 + ["WrongCodeError"] * 10


async def test_turning_it_off_needs_a_code_and_ends_the_other_sessions(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    telephone, _ = await enrolled(lin, clock)
    off = f"{ME}/second-factor/off"
    refused = await lin.client.post(off, json={"code": "000000"}, headers=lin.header)
    assert (refused.status_code, refused.json()["type"]) == (403, "WrongOwnCodeError")
    assert len(await rows(database, SecondFactorRow)) == 1
    done = await lin.client.post(off, json={"code": telephone.next_code()}, headers=lin.header)
    assert done.status_code == 200
    assert await rows(database, SecondFactorRow) == []
    assert await rows(database, RecoveryCodeRow) == []
    assert len(await rows(database, SessionRow)) == 1


async def test_a_secret_that_was_not_confirmed_is_asked_of_nobody(
    lin: Colleague, clock: StandingClock
) -> None:
    begun = await lin.client.post(f"{ME}/second-factor", headers=lin.header)
    again = await lin.client.post(f"{ME}/second-factor", headers=lin.header)
    assert begun.json() == again.json()
    assert begun.json()["uri"].startswith("otpauth://totp/")
    assert (await log_in(lin.client, "lin")).status_code == 200
    telephone = Telephone(begun.json()["secret"], clock)
    assert len(telephone.code()) == 6


async def test_it_is_confirmed_once_and_with_the_right_code(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    confirm = f"{ME}/second-factor/confirm"
    early = await lin.client.post(confirm, json={"code": "123456"}, headers=lin.header)
    assert (early.status_code, early.json()["type"]) == (409, "NotEnrolledError")
    await lin.client.post(f"{ME}/second-factor", headers=lin.header)
    wrong = await lin.client.post(confirm, json={"code": "123456"}, headers=lin.header)
    assert wrong.status_code == 403
    [factor] = await rows(database, SecondFactorRow)
    assert factor.confirmed_at is None
    telephone, _ = await enrolled(lin, clock)
    twice = await lin.client.post(confirm, json={"code": telephone.next_code()}, headers=lin.header)
    assert (twice.status_code, twice.json()["type"]) == (409, "AlreadyEnrolledError")


@pytest.fixture
def demanding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mediators must have a second factor here."""
    monkeypatch.setenv("MEDIATION_SECOND_FACTOR_ROLES", "mediator,administrator")


@pytest.mark.usefixtures("demanding")
async def test_where_a_role_demands_it_nothing_else_can_be_done_before(
    lin: Colleague, clock: StandingClock
) -> None:
    lin.client.cookies.clear()
    told = await log_in(lin.client, "lin")
    assert told.json()["enrolling"] is True
    header = {"X-CSRF-Token": told.headers["X-CSRF-Token"]}
    desk = await lin.client.get(f"{API}/cases")
    assert (desk.status_code, desk.json()["type"]) == (403, "EnrolFirstError")
    token = {"name": "x", "scopes": ["case.read"], "days": 1}
    assert (await lin.client.post(f"{ME}/tokens", json=token, headers=header)).status_code == 403
    page = await lin.client.get("/mediation/cases", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/mediation/me/second-factor")
    await enrolled(Colleague(lin.client, lin.actor, header), clock)
    assert (await lin.client.get(f"{ME}/tokens")).status_code == 200


def test_a_role_that_is_none_is_named_at_the_start() -> None:
    with pytest.raises(ValueError, match="kings: no role"):
        MediationSettings(second_factor_roles="mediator, kings")
