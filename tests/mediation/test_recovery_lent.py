"""A way into an account opens what is lent to it (代理): who gives it manages that, too."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.mediation.tables import GrantRow, RecoveryRow, StaffRow, StandInRow
from services.mediation.use_cases.people import standing_in
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.holding import grants_of
from services.mediation.use_cases.people.seconds import AloneError
from services.mediation.use_cases.people.standing_in import WishedStandIn
from services.mediation.use_cases.recovery import LentMoreError, approve, ask
from services.mediation.use_cases.staff import account_of, hold
from shared.acting import Staff
from shared.kernel import RuleError
from shared.rights import Role
from shared.work import Database
from tests.mediation.people import Person, a_person, acting, count, noted, roles_of

JUNE_23 = date(2026, 6, 23)
REASON = "手机丢了，见过本人和工作证"


@pytest.fixture
async def peng(database: Database) -> Person:
    """A mediator of the main body, which has two administrators, Xu and Yu."""
    for name in ("xu", "yu"):
        await a_person(database, name, Role.ADMINISTRATOR)
    return await a_person(database, "peng", Role.MEDIATOR)


async def the(database: Database, name: str) -> Staff:
    """Somebody with what they hold now, as a session knows them."""
    async with database.reading() as session:
        row = await account_of(session, name)
        grants = await grants_of(session, row.id, database.clock())
    return Staff(row.id, name, row.display, "administrator", row.body, grants=grants)


async def standing(
    database: Database, absent: Person, stand_in: Person, by: Person, first: date = JUNE_23
) -> UUID:
    async with database.work() as work:
        days = WishedStandIn(absent.id, stand_in.id, first, first + timedelta(days=7))
        return await standing_in.arrange(work, days, await acting(database, by))


async def asked(database: Database, who: str) -> UUID:
    async with database.work() as work:
        return await ask(work, await the(database, who), "peng", REASON)


async def nothing_happened(database: Database, peng: Person, waiting: int) -> None:
    async with database.reading() as session:
        assert (await session.get_one(StaffRow, peng.id)).password == ""
    assert await count(database, RecoveryRow, RecoveryRow.approved_at.is_(None)) == waiting
    assert await count(database, RecoveryRow, RecoveryRow.approved_at.is_not(None)) == 0
    assert await noted(database, "staff", peng.id) == ["recovery.asked"] * waiting


@pytest.mark.parametrize("first", [JUNE_23, JUNE_23 + timedelta(days=30)])
async def test_who_manages_one_body_gets_into_no_account_that_acts_for_who_manages_all(
    database: Database, peng: Person, first: date
) -> None:
    """Not today, nor where it is to act for them later: the password would wait for that day."""
    wang = await a_person(database, "wang", Role.ADMINISTRATOR, body="")
    one = await standing(database, wang, peng, wang, first)
    with pytest.raises(LentMoreError) as refused:
        await asked(database, "xu")
    assert refused.value.pointer == "/name"
    await nothing_happened(database, peng, waiting=0)
    async with database.work() as work:
        await standing_in.end(work, one, CONSOLE)
    which = await asked(database, "xu")
    assert (await approve(database, await the(database, "yu"), which)).name == "peng"


async def test_what_is_lent_after_it_was_asked_counts_when_it_is_approved(
    database: Database, peng: Person
) -> None:
    wang = await a_person(database, "wang", Role.ADMINISTRATOR, body="")
    which = await asked(database, "xu")
    await standing(database, wang, peng, wang)
    with pytest.raises(LentMoreError):
        await approve(database, await the(database, "yu"), which)
    mighty = await a_person(database, "mighty", Role.ADMINISTRATOR, body="")
    with pytest.raises(RuleError):
        await approve(database, await the(database, mighty.name), which)
    await nothing_happened(database, peng, waiting=1)
    assert "administrator lent" in await roles_of(database, peng)


async def test_two_who_manage_both_let_the_stand_in_back_in(
    database: Database, peng: Person
) -> None:
    wang = await a_person(database, "wang", Role.ADMINISTRATOR, body="")
    await standing(database, wang, peng, wang)
    with pytest.raises(AloneError):
        await asked(database, "wang")
    await a_person(database, "zhao", Role.ADMINISTRATOR, body="")
    which = await asked(database, "wang")
    assert (await approve(database, await the(database, "zhao"), which)).name == "peng"


async def test_what_a_stand_in_is_not_lent_counts_not(database: Database, peng: Person) -> None:
    """The duty of an auditor is nobody else's; an administrator's is where they lent it alone."""
    auditor = await a_person(database, "auditor", Role.LEADER)
    async with database.work() as work:
        await hold(work, auditor.id, [Role.AUDITOR], "")
    await standing(database, auditor, peng, auditor)
    assert await roles_of(database, peng) == ["mediator own", "leader lent"]
    assert await count(database, GrantRow, GrantRow.body == "") == 1
    assert await count(database, StandInRow) == 1
    which = await asked(database, "xu")
    assert (await approve(database, await the(database, "yu"), which)).name == "peng"
