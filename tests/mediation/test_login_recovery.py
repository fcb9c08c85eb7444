"""A way back in takes two administrators, and the person hears of it."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import delete

from services.mediation.tables import (
    ApiTokenRow,
    GrantRow,
    RecoveryRow,
    SecondFactorRow,
    SessionRow,
    StaffRow,
)
from services.mediation.use_cases.people.changing import reset_at_console
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.granting import end_grant, grant_of
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.people.seconds import AloneError, StandInError
from services.mediation.use_cases.recovery import (
    BadReasonError,
    NoSuchRecoveryError,
    OwnRecoveryError,
    RecoveryOpenError,
    approve,
    ask,
    untold,
    waiting,
)
from services.mediation.use_cases.staff import (
    NoSuchAccountError,
    account_of,
    add_staff,
)
from shared.acting import Staff
from shared.kernel import RuleError
from shared.rights import Grant, Rights, Role
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import API, LOGIN, ME, enrolled, log_in, rows
from tests.mediation.things import PASSWORD, Colleague, logged_in

REASON = "手机丢了，见过本人和工作证"


async def administrator(database: Database, name: str, body: str = "") -> Staff:
    """Somebody who may manage accounts."""
    async with database.work() as work:
        await add_staff(work, name, display=f"{name}管理员", role="administrator", body=body)
        account = await account_of(work.session, name)
    return Staff(account.id, name, account.display, "administrator", body)


@pytest.fixture
async def wang(database: Database) -> Staff:
    return await administrator(database, "wang")


@pytest.fixture
async def zhao(database: Database) -> Staff:
    return await administrator(database, "zhao")


async def asked(database: Database, who: Staff, name: str = "lin", reason: str = REASON) -> UUID:
    async with database.work() as work:
        return await ask(work, who, name, reason)


async def password_of(database: Database, name: str) -> str:
    async with database.reading() as session:
        return (await account_of(session, name)).password


async def test_one_asks_another_approves_and_the_person_is_told_once(
    lin: Colleague, database: Database, clock: StandingClock, wang: Staff, zhao: Staff
) -> None:
    await enrolled(lin, clock)
    token = {"name": "a", "scopes": ["case.read"], "days": 9}
    await lin.client.post(f"{ME}/tokens", json=token, headers=lin.header)
    which = await asked(database, wang)
    assert (await lin.client.get(f"{ME}/sessions")).status_code == 200
    done = await approve(database, zhao, which)
    assert done.name == "lin"
    assert await rows(database, SecondFactorRow) == []
    assert await rows(database, SessionRow) == []
    [ended] = await rows(database, ApiTokenRow)
    assert ended.ended_at == clock.now
    lin.client.cookies.clear()
    assert (await log_in(lin.client, "lin")).status_code == 401
    form = {"name": "lin", "password": done.password, "new_password": "quite another word"}
    assert (await lin.client.post(LOGIN, json=form)).status_code == 200
    first = await lin.client.get("/mediation/me", headers={"Accept": "text/html"})
    second = await lin.client.get("/mediation/me", headers={"Accept": "text/html"})
    assert "您的账号恢复过" in first.text
    assert "您的账号恢复过" not in second.text
    assert await untold_of(database, lin.actor.id) is None


async def untold_of(database: Database, staff: UUID | None) -> object:
    assert staff
    async with database.reading() as session:
        return await untold(session, staff)


async def refused(database: Database, who: Staff, which: UUID, why: type[RuleError]) -> None:
    """It is refused, and everything stays as it was."""
    before = await password_of(database, "lin"), len(await rows(database, SessionRow))
    with pytest.raises(why):
        await approve(database, who, which)
    assert (await password_of(database, "lin"), len(await rows(database, SessionRow))) == before
    [row] = [one for one in await rows(database, RecoveryRow) if one.id == which]
    assert row.approved_by is None


@pytest.mark.usefixtures("lin", "zhao")
async def test_who_asked_cannot_approve(database: Database, wang: Staff) -> None:
    await refused(database, wang, await asked(database, wang), OwnRecoveryError)


async def test_nobody_asks_for_or_approves_their_own(
    database: Database, wang: Staff, zhao: Staff
) -> None:
    with pytest.raises(OwnRecoveryError):
        await asked(database, wang, "wang")
    await administrator(database, "qian")
    which = await asked(database, zhao, "wang")
    before = await password_of(database, "wang")
    with pytest.raises(OwnRecoveryError):
        await approve(database, wang, which)
    assert await password_of(database, "wang") == before
    [row] = await rows(database, RecoveryRow)
    assert row.approved_by is None


@pytest.mark.usefixtures("lin")
async def test_two_who_approve_at_once_get_one_password_between_them(
    database: Database, wang: Staff, zhao: Staff
) -> None:
    qian = await administrator(database, "qian")
    which = await asked(database, wang)
    tries = [approve(database, who, which) for who in (zhao, qian, wang, wang)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(one, BaseException) for one in answers) == 1
    kinds = sorted(type(one).__name__ for one in answers if isinstance(one, RuleError))
    assert kinds == ["NoSuchRecoveryError", "OwnRecoveryError", "OwnRecoveryError"]


@pytest.mark.usefixtures("lin")
async def test_a_request_waits_a_day(
    database: Database, clock: StandingClock, wang: Staff, zhao: Staff
) -> None:
    which = await asked(database, wang)
    with pytest.raises(RecoveryOpenError):
        await asked(database, zhao)
    clock.move(hours=24)
    await refused(database, zhao, which, NoSuchRecoveryError)
    async with database.reading() as session:
        assert await waiting(session, database.vault, zhao, clock.now) == []
    assert await asked(database, zhao) != which
    assert len(await rows(database, RecoveryRow)) == 2


@pytest.mark.usefixtures("lin")
async def test_what_somebody_asked_who_has_left_since_is_worth_nothing(
    database: Database, wang: Staff, zhao: Staff
) -> None:
    which = await asked(database, wang)
    async with database.work() as work:
        await end_person(work, wang.id, CONSOLE)
    await refused(database, zhao, which, NoSuchRecoveryError)


@pytest.mark.usefixtures("lin", "zhao")
async def test_only_who_manages_accounts_there_asks_or_approves(
    database: Database, wang: Staff
) -> None:
    elsewhere = await administrator(database, "sun", "demo")
    with pytest.raises(NoSuchAccountError):
        await asked(database, elsewhere)
    which = await asked(database, wang)
    await refused(database, elsewhere, which, NoSuchRecoveryError)
    async with database.reading() as session:
        assert await waiting(session, database.vault, elsewhere, database.clock()) == []
        [seen] = await waiting(session, database.vault, wang, database.clock())
    assert (seen.name, seen.reason, seen.asked_by, seen.mine) == ("lin", REASON, "wang管理员", True)


@pytest.mark.usefixtures("lin", "zhao")
async def test_a_request_says_why_and_for_whom(database: Database, wang: Staff) -> None:
    for name, reason, why in (
        ("lin", "忘了", BadReasonError),
        ("lin", "长" * 501, BadReasonError),
        ("nobody", REASON, NoSuchAccountError),
    ):
        with pytest.raises(why):
            await asked(database, wang, name, reason)
    assert await rows(database, RecoveryRow) == []


@pytest.mark.usefixtures("lin", "zhao")
async def test_the_reason_lies_sealed(database: Database, wang: Staff) -> None:
    await asked(database, wang)
    [row] = await rows(database, RecoveryRow)
    assert REASON.encode() not in row.reason.blob


async def test_a_mediator_has_no_such_page(lin: Colleague) -> None:
    answer = await lin.client.get("/mediation/recoveries", headers={"Accept": "text/html"})
    assert answer.status_code == 403


async def test_one_administrator_alone_gets_into_nobodys_account(
    lin: Colleague, database: Database, wang: Staff
) -> None:
    """Neither of somebody without a second factor, nor with the help of another body's."""
    await administrator(database, "sun", "demo")
    before = await password_of(database, "lin")
    with pytest.raises(AloneError, match="redress staff reset lin"):
        await asked(database, wang)
    assert await rows(database, RecoveryRow) == []
    assert await password_of(database, "lin") == before
    assert (await lin.client.get(f"{ME}/sessions")).status_code == 200


@pytest.mark.usefixtures("lin")
async def test_a_stand_in_counts_neither_as_the_first_nor_as_the_second(
    database: Database, wang: Staff, zhao: Staff
) -> None:
    """Wang asks, and whoever stands in for Zhao is still no administrator."""
    lent = Rights((Grant(Role.ADMINISTRATOR, zhao.id),))
    puppet = replace(await administrator(database, "puppet"), grants=lent.grants)
    async with database.work() as work:
        await work.session.execute(delete(GrantRow).where(GrantRow.staff_id == puppet.id))
    with pytest.raises(StandInError):
        await asked(database, puppet)
    await refused(database, puppet, await asked(database, wang), StandInError)


@pytest.mark.usefixtures("lin")
async def test_what_an_administrator_asked_who_is_none_any_more_is_worth_nothing(
    database: Database, wang: Staff, zhao: Staff
) -> None:
    which = await asked(database, wang)
    async with database.work() as work:
        await end_grant(
            work, await grant_of(work.session, wang.id, "administrator", "", None), CONSOLE
        )
    await refused(database, zhao, which, NoSuchRecoveryError)


async def test_over_the_api_one_asks_and_another_approves(
    lin: Colleague, database: Database, zhao: Staff
) -> None:
    lin.client.cookies.clear()
    boss = await logged_in(lin.client, database, "boss", body="", role="administrator")
    one = f"{API}/staff/{lin.actor.id}/recoveries"
    made = await boss.client.post(one, json={"reason": REASON}, headers=boss.header)
    assert made.status_code == 201, made.text
    which = made.json()["id"]
    [told] = (await boss.client.get(f"{API}/recoveries")).json()["items"]
    assert (told["id"], told["name"], told["mine"]) == (which, "lin", True)
    alone = await boss.client.post(f"{API}/recoveries/{which}/approve", headers=boss.header)
    assert (alone.status_code, alone.json()["type"]) == (403, "OwnRecoveryError")
    gone = f"{API}/staff/{lin.actor.id}/password"
    assert (await boss.client.post(gone, headers=boss.header)).status_code == 404
    done = await approve(database, zhao, UUID(which))
    form = {"name": "lin", "password": done.password, "new_password": "quite another word"}
    assert (await boss.client.post(LOGIN, json=form)).status_code == 200


async def test_a_reset_on_the_console_takes_the_second_factor_away_too(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    await enrolled(lin, clock)
    async with database.work() as work:
        account = await account_of(work.session, "lin")
        password = await reset_at_console(work, account, CONSOLE)
    assert await rows(database, SecondFactorRow) == []
    assert await rows(database, SessionRow) == []
    form = {"name": "lin", "password": password, "new_password": "quite another word"}
    assert (await lin.client.post(LOGIN, json=form)).status_code == 200
    [account] = await rows(database, StaffRow)
    assert account.password != PASSWORD
