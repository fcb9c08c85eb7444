"""The calendar in the database: read once, by readers and writers alike, and again when changed."""

from datetime import date

import pytest
from sqlalchemy import func, select

from services.mediation.domain.calendar import BrokenCalendarError
from services.mediation.domain.legal_clock import Status, deadline
from services.mediation.tables import CalendarVersionRow
from services.mediation.use_cases.calendar import import_calendar, the_calendar
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.keeping import noted
from tests.mediation.seeds import HOME, association, shipped_calendar
from tests.shared.trails import LIN

RULE_2027 = (HOME / "calendar" / "2027.csv").read_text("utf-8")
NOTICE = "2027-01-02,REST,元旦,a notice,yes\n2027-01-03,REST,元旦,a notice,yes\n"


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
        told = await import_calendar(work, RULE_2027.replace(",no\n", ",yes\n"), LIN)
    async with database.reading() as session:
        second = await the_calendar(session, clock.now)
    assert second is not first
    assert second.version == told["version"]
    assert 2027 in second.published


async def test_a_notice_makes_the_dates_of_its_year_final(
    database: Database, clock: StandingClock
) -> None:
    period = association().clock("accept").period
    async with database.reading() as session:
        before = deadline(period, date(2026, 12, 28), await the_calendar(session, clock.now))
    assert before.status is Status.PROVISIONAL
    async with database.work() as work:
        told = await import_calendar(work, RULE_2027.replace(",no\n", ",yes\n") + NOTICE, LIN)
    assert told["years"] == [2027]
    async with database.reading() as session:
        after = deadline(period, date(2026, 12, 28), await the_calendar(session, clock.now))
    assert (after.status, after.legal_due) == (Status.FINAL, date(2027, 1, 7))


async def test_who_changed_how_many_days_of_which_year_is_in_the_trail(
    database: Database,
) -> None:
    confirmed = RULE_2027.replace(",no\n", ",yes\n")
    days = len(RULE_2027.splitlines()) - 1
    versions = []
    for text in (confirmed, confirmed, confirmed + NOTICE):
        async with database.work() as work:
            versions.append((await import_calendar(work, text, LIN))["version"])
    assert [
        (action, who, said["year"], said["days"], said["days_changed"], said["version"])
        for action, who, said in await noted(database, "setting")
    ] == [
        ("calendar.changed", LIN.id, 2027, days, days, versions[0]),
        ("calendar.changed", LIN.id, 2027, days, 0, versions[1]),
        ("calendar.changed", LIN.id, 2027, days + 2, 2, versions[2]),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "第一行应当是"),
        ("date,kind,festival,source,confirmed\n", "文件里没有日期。"),
        ("date,kind,festival,source,confirmed\n2027-01-01,STATUTORY,元旦,x\n", "第2行读不懂。"),
        ("date,kind,festival,source,confirmed\n2027-13-01,STATUTORY,元旦,x,yes\n", "第2行读不懂。"),
        ("date,kind,festival,source,confirmed\n2027-01-04,REST,元旦,x,yes\n", "与星期不符"),
    ],
)
async def test_a_broken_calendar_file_is_refused_whole(
    database: Database, clock: StandingClock, text: str, sentence: str
) -> None:
    async with database.work() as work:
        with pytest.raises(BrokenCalendarError, match=sentence):
            await import_calendar(work, text, LIN)
    clock.move(minutes=2)
    async with database.reading() as session:
        kept = await the_calendar(session, clock.now)
        assert await session.scalar(select(func.max(CalendarVersionRow.number))) == 1
    assert await noted(database, "setting") == []
    assert kept.days == shipped_calendar().days
