"""Whoever asked for a copy or an erasure is forgotten three years after the answer."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from services.mediation.tables import PrivacyRequestRow
from services.mediation.use_cases.audit import LOGS
from services.mediation.use_cases.privacy import holds
from services.mediation.use_cases.privacy.deciding import decide
from services.mediation.use_cases.privacy.forgetting import ForgetRequests
from services.mediation.use_cases.privacy.requests import Subject, take_down
from services.mediation.use_cases.privacy.retention import change_period
from shared.trail.tables import AuditRow
from shared.trail.verifying import verify
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.mediation.keeping import WU, ZHOU, closed

ZHANG = Subject("张三", "13800138000", "", "当面核对身份证", "不想再被联系")
OVER = datetime(2029, 6, 23, tzinfo=NOON.tzinfo)
"""The first instant that lies on the day three years after, in Shanghai too."""


async def refused(database: Database, *, held: bool = False) -> UUID:
    """A request that was refused today, about a case that is kept for years to come."""
    case = await closed(database, date(2026, 6, 22))
    async with database.work() as work:
        if held:
            await holds.set_hold(work, case, "诉讼", None, ZHOU)
        request = await take_down(work, "erasure", ZHANG, [case], ZHOU)
    async with database.work() as work:
        await decide(work, request, "张三13800138000来电", WU, erase=False)
    return request


async def words_left(database: Database, request: UUID) -> list[tuple[str, bool]]:
    """What the request and the rows of its chain are, and whether anything is sealed in them."""
    async with database.reading() as session:
        row = await session.get_one(PrivacyRequestRow, request)
        ours = select(AuditRow).where(AuditRow.key == str(request)).order_by(AuditRow.seq)
        log = [(one.action, one.sealed is not None) for one in await session.scalars(ours)]
    return [(row.state, not row.subject is row.decision is None), *log]


WHOLE = [("refused", True), ("erasure.asked", True), ("erasure.refused", True)]
EMPTY = [
    ("refused", False),
    ("erasure.asked", False),
    ("erasure.refused", False),
    ("erasure.request_emptied", True),
]


def at(clock: StandingClock, instant: datetime) -> None:
    clock.move(seconds=(instant - clock()).total_seconds())


async def test_three_years_after_a_refusal_nobody_knows_who_asked_and_the_chain_is_whole(
    database: Database, clock: StandingClock
) -> None:
    request, forget = await refused(database), ForgetRequests()
    at(clock, OVER - timedelta(hours=9))
    assert await forget(database) == 0
    assert await words_left(database, request) == WHOLE
    at(clock, OVER)
    assert await forget(database) == 1
    assert await words_left(database, request) == EMPTY
    assert await forget(database) == 0
    assert await ForgetRequests()(database) == 0, "nothing is left to empty"
    assert (await verify(database, LOGS)).breaks == []


async def test_a_hold_on_the_case_keeps_who_asked_about_it(
    database: Database, clock: StandingClock
) -> None:
    request = await refused(database, held=True)
    at(clock, OVER)
    assert await ForgetRequests()(database) == 0
    assert await words_left(database, request) == WHOLE


async def test_a_request_that_waits_for_its_answer_is_never_emptied(
    database: Database, clock: StandingClock
) -> None:
    case = await closed(database)
    async with database.work() as work:
        request = await take_down(work, "erasure", ZHANG, [case], ZHOU)
    at(clock, OVER + timedelta(days=3650))
    assert await ForgetRequests()(database) == 0
    assert await words_left(database, request) == [("asked", True), ("erasure.asked", True)]


async def test_a_body_may_keep_its_requests_for_another_period(
    database: Database, clock: StandingClock
) -> None:
    request = await refused(database)
    async with database.work() as work:
        await change_period(work, "main", "requests", 48, ZHOU)
    at(clock, OVER)
    assert await ForgetRequests()(database) == 0
    at(clock, OVER.replace(year=2030))
    assert await ForgetRequests()(database) == 1
    assert await words_left(database, request) == EMPTY


async def test_a_shorter_period_of_requests_counts_on_the_same_day(
    database: Database, clock: StandingClock
) -> None:
    request, forget = await refused(database), ForgetRequests()
    at(clock, OVER.replace(year=2028))
    assert await forget(database) == 0
    async with database.work() as work:
        await change_period(work, "main", "requests", 12, ZHOU)
    assert await forget(database) == 1
    assert await words_left(database, request) == EMPTY
