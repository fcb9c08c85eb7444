"""Codes that are long over are forgotten, by a step that looks now and then."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from services.intake.steps import ForgetCodes
from services.intake.tables import MailedCodeRow
from services.intake.use_cases.letters_sending import send_due
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.kept import receive
from tests.intake.office import OfficeInMemory


async def a_code(database: Database, over: timedelta) -> UUID:
    """A code that has been over for so long."""
    complaint, identity = await receive(database), uuid4()
    async with database.work() as work:
        row = {
            "id": identity,
            "complaint_id": complaint.id,
            "purpose": "letters-code",
            "code_mac": b"",
            "mailed_at": work.now - over,
            "until": work.now - over,
        }
        await work.insert(MailedCodeRow, [row])
    return identity


async def codes(database: Database) -> set[UUID]:
    async with database.reading() as session:
        return set(await session.scalars(select(MailedCodeRow.id)))


async def test_what_still_counts_against_the_most_of_a_day_stays(database: Database) -> None:
    old = await a_code(database, timedelta(hours=24, seconds=1))
    young = await a_code(database, timedelta(hours=24))
    assert await codes(database) == {old, young}
    assert await ForgetCodes()(database) == 1
    assert await codes(database) == {young}


async def test_it_looks_once_an_hour_and_sending_forgets_nothing(
    database: Database, clock: StandingClock
) -> None:
    forget = ForgetCodes()
    assert await forget(database) == 0
    old = await a_code(database, timedelta(days=2))
    assert await send_due(database, OfficeInMemory()) == 0
    clock.move(minutes=59)
    assert await forget(database) == 0
    assert await codes(database) == {old}
    clock.move(minutes=1)
    assert await forget(database) == 1
    assert await codes(database) == set()
