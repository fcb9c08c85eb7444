"""The calendar in the database: read once, by readers and writers alike, and again when changed."""

from services.mediation.use_cases.calendar import import_calendar, the_calendar
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.seeds import HOME, shipped_calendar

RULE_2027 = (HOME / "calendar" / "2027.csv").read_text("utf-8")


async def test_the_table_holds_the_shipped_calendar(
    database: Database, clock: StandingClock
) -> None:
    async with database.reading() as session:
        kept = await the_calendar(session, clock.now)
    assert kept.version == shipped_calendar().version
    assert kept.days == shipped_calendar().days


async def test_readers_and_writers_share_what_was_read_until_it_changes(
    database: Database, clock: StandingClock
) -> None:
    async with database.reading() as session:
        first = await the_calendar(session, clock.now)
    async with database.work() as work:
        assert await the_calendar(work.session, clock.now) is first
        clock.move(minutes=2)
        assert await the_calendar(work.session, clock.now) is first
        told = await import_calendar(work, RULE_2027.replace(",no\n", ",yes\n"))
    async with database.reading() as session:
        second = await the_calendar(session, clock.now)
    assert second is not first
    assert second.version == told["version"]
    assert 2027 in second.published
