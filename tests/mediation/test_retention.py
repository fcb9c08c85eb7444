"""What is due is listed; a person approves; a hold stops it; all of it is in the trail."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.mediation.domain.keeping.retention import TooShortError
from services.mediation.tables import ErasureRow, HoldRow, RetentionDueRow, RetentionPeriodRow
from services.mediation.use_cases.privacy import holds, listed
from services.mediation.use_cases.privacy.erasures import CarryOutErasures, approve_due
from services.mediation.use_cases.privacy.errors import (
    DecidedAlreadyError,
    MustStayError,
    NoSuchThingError,
    NothingFoundError,
    ReasonNeededError,
    WrongDayError,
)
from services.mediation.use_cases.privacy.lifting import lift_hold
from services.mediation.use_cases.privacy.listing import ListDue
from services.mediation.use_cases.privacy.retention import change_period
from shared.rights import NotAllowedError
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.mediation.keeping import (
    STRANGERS,
    WU,
    ZHOU,
    EraserInMemory,
    closed,
    count,
    noted,
    waiting,
)
from tests.mediation.things import a_case, a_colleague

TODAY = date(2026, 6, 23)


async def test_what_is_due_is_listed_and_nothing_goes_by_itself(database: Database) -> None:
    due = await closed(database, date(2016, 6, 23))
    await closed(database, date(2016, 6, 24))
    await a_case(database)
    step = ListDue()
    assert await step(database) == 1
    assert await waiting(database) == [(due.id, "complaint", date(2026, 6, 23))]
    assert await step(database) == 0
    assert await ListDue()(database) == 0
    assert await count(database, ErasureRow) == 0


async def test_a_new_day_is_looked_at_anew(database: Database, clock: StandingClock) -> None:
    await closed(database, date(2016, 6, 24))
    step = ListDue()
    assert await step(database) == 0
    clock.move(days=1)
    assert await step(database) == 1


async def test_whoever_approves_lets_it_go_and_intake_is_told_until_it_is_done(
    database: Database,
) -> None:
    due = await closed(database)
    await ListDue()(database)
    async with database.work() as work:
        assert await approve_due(work, [due.id], ZHOU) == 1
    eraser = EraserInMemory()
    step = CarryOutErasures(eraser)
    assert await step(database) == 1
    assert await step(database) == 0
    assert eraser.erased == [{due.complaint_id: "retention"}]
    assert await waiting(database) == []
    assert await noted(database, "case") == [("retention.applied", ZHOU.id, {"why": "retention"})]
    async with database.reading() as session:
        row = await session.get_one(ErasureRow, due.id)
    assert (row.why, row.approved_by, row.sent_at) == ("retention", ZHOU.id, NOON)


async def test_who_may_not_approve_lets_nothing_go(database: Database) -> None:
    due = await closed(database)
    await ListDue()(database)
    for who in STRANGERS:
        with pytest.raises(NotAllowedError):
            async with database.work() as work:
                await approve_due(work, [due.id], who)
    assert await count(database, ErasureRow) == 0
    assert await count(database, RetentionDueRow) == 1


async def test_what_is_not_listed_cannot_be_approved(database: Database) -> None:
    fresh = await closed(database, TODAY)
    with pytest.raises(NothingFoundError):
        async with database.work() as work:
            await approve_due(work, [fresh.id], ZHOU)
    assert await count(database, ErasureRow) == 0


async def test_a_hold_takes_a_case_off_the_list_and_lifting_it_brings_it_back_at_once(
    database: Database,
) -> None:
    due = await closed(database)
    await ListDue()(database)
    row = (due.id, "complaint", date(2026, 6, 22))
    assert await waiting(database) == [row]
    async with database.work() as work:
        hold = await holds.set_hold(work, due, "法院调取", None, ZHOU)
    assert await waiting(database) == []
    assert await ListDue()(database) == 0
    async with database.work() as work:
        await lift_hold(work, hold, WU)
    assert await waiting(database) == [row]
    said = {"hold": str(hold), "until": None, "reason": "法院调取"}
    assert await noted(database, "case") == [
        ("hold.set", ZHOU.id, said),
        ("hold.lifted", WU.id, {"hold": str(hold), "until": None}),
    ]


async def test_a_hold_that_came_after_the_list_stops_the_approval(database: Database) -> None:
    due = await closed(database)
    async with database.work() as work:
        await holds.set_hold(work, due, "立案查处", TODAY, ZHOU)
        row = {
            "case_id": due.id,
            "body": "main",
            "code": "complaint",
            "due_on": TODAY,
            "listed_at": NOON,
        }
        await work.insert(RetentionDueRow, [row])
    with pytest.raises(MustStayError) as refused:
        async with database.work() as work:
            await approve_due(work, [due.id], WU)
    assert due.number in str(refused.value)
    assert await count(database, ErasureRow) == 0


async def test_a_hold_needs_a_reason_a_day_that_is_not_over_and_the_right(
    database: Database,
) -> None:
    due = await closed(database)
    wrong = [(ReasonNeededError, " ", None, ZHOU), (WrongDayError, "查处", date(2026, 6, 22), ZHOU)]
    wrong += [(NotAllowedError, "查处", None, who) for who in STRANGERS]
    for error, reason, until, who in wrong:
        with pytest.raises(error):
            async with database.work() as work:
                await holds.set_hold(work, due, reason, until, who)
    assert await count(database, HoldRow) == 0
    assert await noted(database, "case") == []


async def test_holds_are_seen_page_by_page_and_none_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "MOST", 2)
    laid = []
    for _ in range(5):
        due = await closed(database)
        async with database.work() as work:
            laid.append(await holds.set_hold(work, due, "查处", None, ZHOU))
    seen: list[list[UUID]] = []
    on: UUID | None = None
    for _ in range(3):
        async with database.reading() as session:
            rows, on = await holds.standing_holds(session, ["main"], TODAY, on)
        seen.append([one.HoldRow.id for one in rows])
    assert (seen, on) == ([laid[:2:-1], laid[2:0:-1], laid[:1]], None)


async def test_a_hold_stands_until_its_last_day_is_over_and_says_who_laid_it(
    database: Database,
) -> None:
    lin = await a_colleague(database)
    case = await closed(database)
    laid_by = replace(ZHOU, id=lin.id or UUID(int=0))
    async with database.work() as work:
        await holds.set_hold(work, case, "查处", TODAY, laid_by)
    for day, shown in ((TODAY, [(case.number, "lin调解员")]), (date(2026, 6, 24), [])):
        async with database.reading() as session:
            rows, on = await holds.standing_holds(session, ["main"], day)
        assert ([(one.number, one.display) for one in rows], on) == (shown, None)


async def test_a_hold_is_lifted_once(database: Database) -> None:
    due = await closed(database)
    async with database.work() as work:
        hold = await holds.set_hold(work, due, "查处", None, ZHOU)
    async with database.work() as work:
        await lift_hold(work, hold, ZHOU)
    for wanted, error in ((hold, DecidedAlreadyError), (UUID(int=9), NoSuchThingError)):
        with pytest.raises(error):
            async with database.work() as work:
                await lift_hold(work, wanted, ZHOU)


async def test_while_nothing_is_due_nobody_who_writes_is_kept_waiting(database: Database) -> None:
    await closed(database, date(2026, 6, 1))
    async with asyncio.timeout(20), database.work():
        assert await ListDue()(database) == 0


async def test_a_body_changes_its_period_within_the_law_and_it_is_noted(
    database: Database,
) -> None:
    due = await closed(database, date(2025, 6, 23))
    async with database.work() as work:
        await change_period(work, "main", "complaint", 12, ZHOU)
    assert await ListDue()(database) == 1
    assert await waiting(database) == [(due.id, "complaint", TODAY)]
    async with database.work() as work:
        await change_period(work, "main", "complaint", None, ZHOU)
    assert await waiting(database) == []
    assert await noted(database, "retention") == [
        ("retention.changed", ZHOU.id, {"class": "complaint", "before": 120, "now": 12}),
        ("retention.changed", ZHOU.id, {"class": "complaint", "before": 12, "now": None}),
    ]


async def test_shorter_than_the_law_or_without_the_right_changes_nothing(
    database: Database,
) -> None:
    wrong: list[Any] = [(TooShortError, "assessments", ZHOU)]
    wrong += [(NotAllowedError, "complaint", who) for who in STRANGERS]
    for error, code, who in wrong:
        with pytest.raises(error):
            async with database.work() as work:
                await change_period(work, "main", code, 12, who)
    assert await count(database, RetentionPeriodRow) == 0
    async with database.reading() as session:
        assert await listed.due_count(session, ["main"]) == 0
