"""People who stand in for others, and people who leave: what they may do, and when it is over."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from services.mediation.tables import (
    ApiTokenRow,
    GrantRow,
    SessionRow,
    StaffRow,
    StandInRow,
)
from services.mediation.use_cases.people import standing_in
from services.mediation.use_cases.people.changing import (
    WishedPerson,
    change_person,
)
from services.mediation.use_cases.people.doing import CONSOLE, By
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.people.persons import NotToOneselfError
from services.mediation.use_cases.people.standing_in import (
    BadStandInError,
    NoSuchStandInError,
    StandsInAlreadyError,
    WishedStandIn,
)
from shared.ids import uuid7
from shared.rights import NotAllowedError, Role
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.mediation.people import Person, a_person, acting, count, noted, roles_of
from tests.mediation.things import Colleague

JUNE_23, JUNE_24, JUNE_30 = date(2026, 6, 23), date(2026, 6, 24), date(2026, 6, 30)


async def arranged(
    database: Database,
    absent: Person,
    stand_in: Person,
    by: By | None = None,
    days: tuple[date, date] = (JUNE_23, JUNE_30),
) -> UUID:
    async with database.work() as work:
        wished = WishedStandIn(absent.id, stand_in.id, *days)
        return await standing_in.arrange(work, wished, by or await acting_as(database, absent))


async def acting_as(database: Database, person: Person) -> By:
    return await acting(database, person)


async def test_a_stand_in_is_lent_exactly_what_the_absent_person_holds_and_lends_it_not_on(
    database: Database,
) -> None:
    wang = await a_person(database, "wang", Role.LEADER)
    lin, chen = await a_person(database, "lin", Role.MEDIATOR), await a_person(database, "chen")
    by_wang, by_lin = await acting(database, wang), await acting(database, lin)
    await arranged(database, wang, lin, by_wang)
    await arranged(database, lin, chen, by_lin)
    assert await roles_of(database, lin) == ["mediator own", "leader lent"]
    assert await roles_of(database, chen) == ["mediator lent"]
    assert await roles_of(database, wang) == ["leader own"]
    assert await noted(database, "staff", wang.id) == ["standin.begun"]


async def test_a_stand_in_ends_with_its_last_day_in_shanghai(
    on_sqlite: Database, clock: StandingClock
) -> None:
    wang, lin = await a_person(on_sqlite, "wang", Role.LEADER), await a_person(on_sqlite, "lin")
    by = await acting(on_sqlite, wang)
    await arranged(on_sqlite, wang, lin, by, (JUNE_24, JUNE_24))
    held = []
    for hour in (datetime(2026, 6, 23, 15, 59, tzinfo=UTC), datetime(2026, 6, 23, 16, tzinfo=UTC)):
        clock.now = hour
        held.append(await roles_of(on_sqlite, lin))
    clock.now = datetime(2026, 6, 24, 16, tzinfo=UTC)
    assert [*held, await roles_of(on_sqlite, lin)] == [[], ["leader lent"], []]


async def test_an_ended_stand_in_lends_nothing_and_is_over_once(database: Database) -> None:
    wang, lin = await a_person(database, "wang", Role.LEADER), await a_person(database, "lin")
    one = await arranged(database, wang, lin, await acting(database, wang))
    by = await acting(database, lin)
    async with database.work() as work:
        await standing_in.end(work, one, by)
    assert await roles_of(database, lin) == []
    with pytest.raises(NoSuchStandInError):
        async with database.work() as work:
            await standing_in.end(work, one, by)
    assert await noted(database, "staff", wang.id) == ["standin.begun", "standin.ended"]


async def test_a_stand_in_that_cannot_be_is_refused(database: Database) -> None:
    wang = await a_person(database, "wang", Role.LEADER)
    lin = await a_person(database, "lin")
    far = await a_person(database, "far", body="demo")
    by = await acting(database, wang)
    june_22 = date(2026, 6, 22)
    for stand_in, days, pointer in (
        (wang, (JUNE_23, JUNE_24), "/stand_in"),
        (far, (JUNE_23, JUNE_24), "/stand_in"),
        (lin, (JUNE_24, JUNE_23), "/last_on"),
        (lin, (june_22, june_22), "/last_on"),
        (lin, (JUNE_23, JUNE_23 + timedelta(days=366)), "/last_on"),
    ):
        with pytest.raises(BadStandInError) as refused:
            await arranged(database, wang, stand_in, by, days)
        assert refused.value.pointer == pointer
    assert await count(database, StandInRow) == 0
    await arranged(database, wang, lin, by)
    with pytest.raises(StandsInAlreadyError):
        await arranged(database, wang, lin, by, (JUNE_30, JUNE_30))
    assert await count(database, StandInRow) == 1


@pytest.mark.parametrize("themselves", [True, False])
async def test_an_administrators_rights_are_lent_by_themselves_and_by_nobody_else(
    database: Database, *, themselves: bool
) -> None:
    zhao = await a_person(database, "zhao", Role.ADMINISTRATOR, Role.MEDIATOR)
    qian = await a_person(database, "qian", Role.ADMINISTRATOR)
    puppet = await a_person(database, "puppet")
    await arranged(database, zhao, puppet, await acting(database, zhao if themselves else qian))
    lent = ["administrator lent", "mediator lent"] if themselves else ["mediator lent"]
    assert await roles_of(database, puppet) == lent
    assert await roles_of(database, zhao) == ["administrator own", "mediator own"]


async def test_no_administrator_makes_themselves_a_stand_in_nor_lends_what_they_do_not_manage(
    database: Database,
) -> None:
    head = await a_person(database, "head", Role.ADMINISTRATOR)
    wang = await a_person(database, "wang", Role.SECRETARY_GENERAL)
    lin = await a_person(database, "lin", Role.MEDIATOR)
    mighty = await a_person(database, "mighty", Role.LEADER)
    async with database.work() as work:
        await work.insert(GrantRow, [grant_everywhere(mighty.id)])
    by_head, by_lin = await acting(database, head), await acting(database, lin)
    with pytest.raises(NotToOneselfError):
        await arranged(database, wang, head, by_head)
    with pytest.raises(NotAllowedError):
        await arranged(database, mighty, lin, by_head)
    with pytest.raises(NotAllowedError):
        await arranged(database, wang, lin, by_lin)
    assert await count(database, StandInRow) == 0
    await arranged(database, wang, lin, by_head)
    assert await roles_of(database, lin) == ["mediator own", "secretary_general lent"]


def grant_everywhere(staff: UUID) -> dict[str, object]:
    return {
        "id": uuid7(), "staff_id": staff, "role": "administrator", "body": "", "unit": None,
        "first_on": JUNE_23, "last_on": None, "granted_by": None, "granted_at": NOON,
        "ended_at": None,
    }  # fmt: skip


async def test_who_manages_one_body_gets_no_hold_of_an_account_that_holds_more(
    database: Database,
) -> None:
    head = await a_person(database, "head", Role.ADMINISTRATOR)
    await a_person(database, "admin", Role.ADMINISTRATOR, body="")
    mighty = await a_person(database, "mighty", Role.LEADER)
    async with database.work() as work:
        await work.insert(GrantRow, [grant_everywhere(mighty.id)])
    by = await acting(database, head)
    with pytest.raises(NotAllowedError):
        async with database.work() as work:
            await end_person(work, mighty.id, by)
    async with database.reading() as session:
        account = await session.get_one(StaffRow, mighty.id)
    assert (account.password, account.ended_at) == ("", None)
    assert await noted(database, "staff", mighty.id) == []


async def test_ending_a_person_ends_sessions_tokens_roles_and_stand_ins_and_keeps_their_name(
    database: Database, lin: Colleague, stranger: httpx.AsyncClient
) -> None:
    me = Person(lin.actor.id or UUID(int=0), "lin")
    wang = await a_person(database, "wang", Role.LEADER)
    await arranged(database, wang, me, await acting(database, wang))
    form = {"name": "nightly", "scopes": ["case.read"], "days": 30}
    made = await stranger.post("/mediation/api/v1/me/tokens", json=form, headers=lin.header)
    bearer = {"Authorization": f"Bearer {made.json()['token']}"}
    stranger.cookies.clear()
    assert (await stranger.get("/mediation/api/v1/cases", headers=bearer)).status_code == 200
    async with database.work() as work:
        await end_person(work, me.id, CONSOLE)
    assert await count(database, SessionRow) == 0
    assert await count(database, ApiTokenRow, ApiTokenRow.ended_at.is_(None)) == 0
    assert await count(database, StandInRow, StandInRow.ended_at.is_(None)) == 0
    assert await roles_of(database, me) == []
    async with database.reading() as session:
        account = await session.get_one(StaffRow, me.id)
    assert (account.display, account.ended_at) == ("lin调解员", NOON)
    assert (await noted(database, "staff", me.id))[-1] == "staff.ended"


async def test_nobody_ends_their_own_account(database: Database) -> None:
    admin = await a_person(database, "admin", Role.ADMINISTRATOR, body="")
    await a_person(database, "other", Role.ADMINISTRATOR, body="")
    by = await acting(database, admin)
    with pytest.raises(NotToOneselfError):
        async with database.work() as work:
            await end_person(work, admin.id, by)
    assert await roles_of(database, admin) == ["administrator own"]


async def test_somebody_gets_another_phone_and_nothing_else_of_them_changes(
    database: Database,
) -> None:
    lin = await a_person(database, "lin", Role.MEDIATOR)
    async with database.work() as work:
        wished = WishedPerson("lin同志", " ０９９９-12315 ", None)
        await change_person(work, lin.id, wished, CONSOLE)
        await change_person(work, lin.id, wished, CONSOLE)
    async with database.reading() as session:
        account = await session.get_one(StaffRow, lin.id)
    assert (account.name, account.display, account.phone) == ("lin", "lin同志", "0999-12315")
    assert await noted(database, "staff", lin.id) == ["staff.changed"]
