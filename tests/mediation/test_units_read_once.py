"""How often the table of units is read, however many people and roles are looked at."""

from collections.abc import Generator
from typing import Any

import pytest
from sqlalchemy import event

from services.mediation.tables import UnitRow
from services.mediation.use_cases.people.persons import managed_wholly, person_in
from services.mediation.use_cases.recovery import ask, waiting
from shared.acting import Staff
from shared.rights import Role
from shared.work import Database
from tests.mediation.people import a_person, acting


@pytest.fixture
def read(database: Database) -> Generator[list[str]]:
    """Each statement that reads units."""
    found: list[str] = []
    table = f"FROM {UnitRow.__tablename__}"

    def asked(*args: Any) -> None:
        found.extend([args[2]] if table in args[2] else [])

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", asked)
    yield found
    event.remove(engine, "before_cursor_execute", asked)


async def test_the_tree_is_read_once_for_all_who_wait_for_a_way_back(
    database: Database, read: list[str]
) -> None:
    boss = await a_person(database, "boss", Role.ADMINISTRATOR, body="")
    await a_person(database, "other", Role.ADMINISTRATOR, body="")
    rights = (await acting(database, boss)).rights
    who = Staff(boss.id, "boss", "boss", "administrator", "", grants=rights.grants)
    for name in ("lin", "wang", "li"):
        await a_person(database, name, Role.MEDIATOR)
        async with database.work() as work:
            await ask(work, who, name, "手机丢了，见过本人和工作证")
    read.clear()
    async with database.reading() as session:
        found = await waiting(session, database.vault, who, database.clock())
    assert [one.name for one in found] == ["lin", "wang", "li"]
    assert len(read) == 1


async def test_the_tree_is_read_once_for_all_that_somebody_holds(
    database: Database, read: list[str]
) -> None:
    boss = await a_person(database, "boss", Role.ADMINISTRATOR, body="")
    lin = await a_person(database, "lin", Role.MEDIATOR, Role.STATISTICIAN)
    by = await acting(database, boss)
    read.clear()
    async with database.reading() as session:
        doer = await managed_wholly(session, by, await person_in(session, lin.id))
    assert doer.id == boss.id
    assert len(read) == 1
