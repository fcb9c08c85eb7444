"""The calendar in the database: read once, by readers and writers alike, and again when changed."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from services.mediation.domain.calendar import BrokenCalendarError
from services.mediation.domain.legal_clock import Status, deadline
from services.mediation.tables import CalendarVersionRow, CaseRow
from services.mediation.use_cases.calendar import (
    Plan,
    calendar_for,
    calendar_of_work,
    import_calendar,
    plan_import,
    provisional_cases,
    read_days,
)
from shared.database import open_engine
from shared.sheets.csv import split
from shared.work import Database, Work
from tests.conftest import StandingClock
from tests.mediation.keeping import noted
from tests.mediation.seeds import HOME, association, shipped_calendar
from tests.mediation.things import a_case, a_colleague, walk
from tests.shared.trails import LIN

RULE_2027 = (HOME / "calendar" / "2027.csv").read_text("utf-8")
HEAD = "date,kind,festival,source,confirmed\n"
NOTICE = "2027-01-02,REST,元旦,a notice,yes\n2027-01-03,REST,元旦,a notice,yes\n"


async def imported(work: Work, text: str) -> Plan:
    """The calendar after this file."""
    return await import_calendar(work, read_days(split(text)), LIN)


async def test_the_table_holds_the_shipped_calendar(
    database: Database, clock: StandingClock
) -> None:
    kept = await calendar_for(database, clock.now)
    assert kept.version == shipped_calendar().version
    assert kept.days == shipped_calendar().days


async def test_readers_and_writers_share_what_was_read_until_it_changes(
    database: Database, clock: StandingClock
) -> None:
    first = await calendar_for(database, clock.now)
    async with database.work() as work:
        assert await calendar_of_work(work) is first
        clock.move(seconds=59)
        assert await calendar_for(database, clock.now) is first
    async with database.work() as work:
        told = await imported(work, RULE_2027.replace(",no\n", ",yes\n"))
        assert await calendar_for(database, clock.now) is first
    second = await calendar_for(database, clock.now)
    assert second is not first
    assert second.version == told.after.version
    assert 2027 in second.published


async def test_a_notice_makes_the_dates_of_its_year_final(
    database: Database, clock: StandingClock
) -> None:
    period = association().clock("accept").period
    before = deadline(period, date(2026, 12, 28), await calendar_for(database, clock.now))
    assert before.status is Status.PROVISIONAL
    async with database.work() as work:
        told = await imported(work, RULE_2027.replace(",no\n", ",yes\n") + NOTICE)
    assert told.years == [2027]
    after = deadline(period, date(2026, 12, 28), await calendar_for(database, clock.now))
    assert (after.status, after.legal_due) == (Status.FINAL, date(2027, 1, 7))


async def test_who_changed_how_many_days_of_which_year_is_in_the_trail(
    database: Database,
) -> None:
    confirmed = RULE_2027.replace(",no\n", ",yes\n")
    days = len(RULE_2027.splitlines()) - 1
    versions = []
    for text in (confirmed, confirmed, confirmed + NOTICE):
        async with database.work() as work:
            versions.append((await imported(work, text)).after.version)
    assert [
        (action, who, said["year"], said["days"], said["days_changed"], said["version"])
        for action, who, said in await noted(database, "setting")
    ] == [
        ("calendar.changed", LIN.id, 2027, days, days, versions[0]),
        ("calendar.changed", LIN.id, 2027, days, 0, versions[1]),
        ("calendar.changed", LIN.id, 2027, days + 2, 2, versions[2]),
    ]


async def test_another_process_works_with_a_changed_calendar_a_minute_later(
    database: Database, clock: StandingClock
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    other = Database(open_engine(url), clock, database.vault)
    try:
        before = await calendar_for(other, clock.now)
        async with database.work() as work:
            told = await imported(work, RULE_2027.replace(",no\n", ",yes\n"))
        clock.move(seconds=59)
        assert await calendar_for(other, clock.now) is before
        clock.move(seconds=1)
        after = await calendar_for(other, clock.now)
    finally:
        await other.close()
    assert (2027 in before.published, 2027 in after.published) == (False, True)
    assert after.version == told.after.version


async def test_a_plan_names_each_day_that_becomes_another_and_changes_nothing(
    database: Database, clock: StandingClock
) -> None:
    text = RULE_2027.replace(",no\n", ",yes\n") + NOTICE
    text += "2027-01-10,ADJUSTED_WORK,元旦,a notice,yes\n2027-02-08,IN_LIEU,春节,x,yes\n"
    days = read_days(split(text.replace("2027-02-08,STATUTORY", "2027-02-09,STATUTORY")))
    async with database.reading() as session:
        plan = await plan_import(session, days)
    assert [
        (was.day.isoformat(), was.kind, becomes.kind, becomes.festival)
        for was, becomes in plan.moved()
    ] == [
        ("2027-01-02", "REST", "REST", "元旦"),
        ("2027-01-03", "REST", "REST", "元旦"),
        ("2027-01-10", "REST", "ADJUSTED_WORK", "元旦"),
        ("2027-02-08", "STATUTORY", "IN_LIEU", "春节"),
        ("2027-02-09", "WORK", "STATUTORY", "春节"),
    ]
    assert plan.counts(2027) == {"days": len(days), "days_changed": len(days)}
    clock.move(minutes=2)
    assert (await calendar_for(database, clock.now)).days == shipped_calendar().days
    assert await noted(database, "setting") == []


async def test_a_date_that_a_case_has_stays_and_the_next_one_follows_the_new_calendar(
    database: Database, clock: StandingClock
) -> None:
    clock.now = datetime(2026, 12, 28, 2, tzinfo=UTC)
    lin = await a_colleague(database)
    case = await a_case(database, received_at=clock.now)
    before = (case.due_on, case.due_for, case.due_status)
    assert before == (date(2027, 1, 7), "accept", "PROVISIONAL")
    async with database.work() as work:
        await imported(work, RULE_2027.replace(",no\n", ",yes\n") + NOTICE)
    async with database.reading() as session:
        kept = await session.get_one(CaseRow, case.id)
        assert await provisional_cases(session) == 1
    assert (kept.due_on, kept.due_for, kept.due_status) == before
    kept = await walk(database, case, lin, "accept")
    assert {name: one["status"] for name, one in kept.clocks.items()} == {
        "accept": "PROVISIONAL",
        "forward": "FINAL",
        "mediate": "FINAL",
    }
    async with database.reading() as session:
        assert await provisional_cases(session) == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "第一行应当是：date,kind,festival,source,confirmed"),
        ("日期,类别\n2027-01-01,STATUTORY\n", "第一行应当是：date,kind,festival,source,confirmed"),
        (HEAD, "文件里没有日期。"),
        (HEAD + "2027-01-01,STATUTORY,元旦,x\n", "第2行应当有"),
        (HEAD + "2027-01-01,STATUTORY,元旦,x,yes,more\n", "第2行应当有"),
        (HEAD + "2027-01-01,STATUTORY,,x,yes\n", "第2行应当有"),
        (HEAD + "2027-13-01,STATUTORY,元旦,x,yes\n", "第2行的日期“2027-13-01”读不懂"),
        (HEAD + "\n2027-01-01,OFF,元旦,x,yes\n", "第3行的类别“OFF”不认识"),
        (HEAD + "2027-01-01,STATUTORY,元旦,x,是\n", "第2行的 confirmed 不能是“是”"),
        (HEAD + "2027-01-04,REST,元旦,x,yes\n", "2027-01-04 的类别与星期不符"),
        (RULE_2027 + "2027-01-01,STATUTORY,元旦,x,no\n", "第15行：2027-01-01 在第2行已经写了"),
        (RULE_2027 + NOTICE, "2027 年不能一半确认、一半未确认"),
        ("".join(RULE_2027.splitlines(keepends=True)[:-3]), "2027 年不完整：没有国庆节的放假日"),
        (
            RULE_2027 + "2026-12-31,IN_LIEU,元旦,x,yes\n",
            "2026 年不完整：没有春节、清明节、劳动节、端午节、国庆节的放假日",
        ),
    ],
)
async def test_a_broken_calendar_file_is_refused_whole(
    database: Database, clock: StandingClock, text: str, sentence: str
) -> None:
    async with database.work() as work:
        with pytest.raises(BrokenCalendarError, match=sentence):
            await imported(work, text)
    clock.move(minutes=2)
    kept = await calendar_for(database, clock.now)
    async with database.reading() as session:
        assert await session.scalar(select(func.max(CalendarVersionRow.number))) == 1
    assert await noted(database, "setting") == []
    assert kept.days == shipped_calendar().days
