"""Each forwarding gets one letter and one number; the register has no gap, whatever happens."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.notification.ports import Office
from services.notification.tables import DocumentNumberRow
from services.notification.use_cases.owe import owe_letters
from shared.work import Database
from tests.conftest import StandingClock
from tests.notification.conftest import forwarded
from tests.notification.platform import letters, only, owe


async def test_a_forwarded_case_has_a_letter_with_a_number_at_once(
    database: Database, office: Office
) -> None:
    await owe(database, office, [forwarded()])
    letter = await only(database)
    assert letter.document_number == "消转〔2026〕1号"
    assert (letter.state, letter.kind, letter.serial) == ("owed", "forwarding", 1)
    assert letter.issued_on.isoformat() == "2026-06-23"
    assert letter.reply_due.isoformat() == "2026-06-29"


async def test_a_batch_is_numbered_in_its_order_in_one_register_per_body(
    database: Database, office: Office
) -> None:
    mine, theirs = [forwarded() for _ in range(3)], [forwarded(body="demo") for _ in range(2)]
    await owe(database, office, [mine[0], theirs[0], mine[1], theirs[1], mine[2]])
    found = {one.case_id: one.document_number for one in await letters(database)}
    assert [found[event.case_id] for event in mine] == [f"消转〔2026〕{n}号" for n in (1, 2, 3)]
    assert [found[event.case_id] for event in theirs] == [f"示消转〔2026〕{n}号" for n in (1, 2)]


async def test_the_same_forwarding_told_twice_takes_one_number(
    database: Database, office: Office
) -> None:
    event = forwarded()
    again = event.model_copy(update={"id": uuid4()})
    await owe(database, office, [event, again])
    await owe(database, office, [again])
    await owe(database, office, [forwarded()])
    assert [one.number for one in await letters(database)] == [1, 2]


async def test_a_second_forwarding_of_a_case_has_a_letter_of_its_own(
    database: Database, office: Office
) -> None:
    case = uuid4()
    await owe(database, office, [forwarded(1, case), forwarded(2, case)])
    assert [(one.serial, one.number) for one in await letters(database)] == [(1, 1), (2, 2)]


async def test_the_year_is_the_year_in_shanghai(
    database: Database, office: Office, clock: StandingClock
) -> None:
    clock.now = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    await owe(database, office, [forwarded()])
    clock.now = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    await owe(database, office, [forwarded()])
    assert [one.document_number for one in await letters(database)] == [
        "消转〔2026〕1号",
        "消转〔2027〕1号",
    ]


async def test_a_transaction_that_fails_takes_no_number(database: Database, office: Office) -> None:
    with pytest.raises(ZeroDivisionError):
        await owe_and_fall(database, office)
    assert await letters(database) == []
    await owe(database, office, [forwarded()])
    assert (await only(database)).number == 1


async def owe_and_fall(database: Database, office: Office) -> None:
    async with database.work() as work:
        await owe_letters(work, [forwarded(), forwarded()], office.bodies)
        raise ZeroDivisionError


async def test_many_writers_at_once_some_of_whom_fail_leave_no_gap(
    database: Database, office: Office
) -> None:
    """Sixteen writers, each with a batch in both registers; every fourth one falls."""

    async def write(writer: int) -> None:
        async with database.work() as work:
            events = [forwarded(body=body) for body in ("demo", "main", "main")]
            await owe_letters(work, events, office.bodies)
            if writer % 4 == 0:
                raise ZeroDivisionError

    results = await asyncio.gather(*map(write, range(16)), return_exceptions=True)
    assert sum(isinstance(one, ZeroDivisionError) for one in results) == 4
    assert sum(one is None for one in results) == 12
    found = await letters(database)
    assert sorted(one.number for one in found if one.body == "main") == list(range(1, 25))
    assert sorted(one.number for one in found if one.body == "demo") == list(range(1, 13))
    async with database.reading() as session:
        registers = (await session.scalars(select(DocumentNumberRow))).all()
    assert {one.body: one.last for one in registers} == {"main": 24, "demo": 12}


async def test_two_tellings_of_one_forwarding_at_the_same_moment_give_one_letter(
    database: Database, office: Office
) -> None:
    event = forwarded()

    async def tell() -> None:
        await owe(database, office, [event, forwarded()])

    results = await asyncio.gather(tell(), tell(), tell(), return_exceptions=True)
    done = sum(one is None for one in results)
    found = await letters(database)
    assert sum(one.case_id == event.case_id for one in found) == 1
    assert [one.number for one in found] == list(range(1, done + 2))
