"""When what is due is looked at: on a new day, after another period, a hold, a reopening."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from services.mediation.tables import (
    CaseRow,
    ErasureRow,
    HoldRow,
    RetentionDueRow,
    RetentionPeriodRow,
)
from services.mediation.use_cases.hearing import erase_cases
from services.mediation.use_cases.privacy import listing
from services.mediation.use_cases.privacy.erasures import approve_due
from services.mediation.use_cases.privacy.errors import DecidedAlreadyError, MustStayError
from services.mediation.use_cases.privacy.holds import set_hold
from services.mediation.use_cases.privacy.lifting import lift_hold
from services.mediation.use_cases.privacy.listing import (
    ListDue,
    closed_after,
    list_cases,
    sorts_of_closed,
)
from services.mediation.use_cases.privacy.retention import change_period
from shared.events import ComplaintErased
from shared.ids import uuid7
from shared.work import Database
from tests.conftest import NOON
from tests.mediation.keeping import WU, ZHOU, closed, count, noted, waiting
from tests.mediation.meanwhile import stopped
from tests.mediation.things import a_colleague, walk
from tests.shared.plans import plan_of

TODAY = date(2026, 6, 23)
LAST = (date.min, UUID(int=0))


async def change(database: Database, code: str, months: int | None) -> None:
    async with database.work() as work:
        await change_period(work, "main", code, months, ZHOU)


def own_period(body: str, code: str, months: int) -> dict[str, Any]:
    """A period that a body set itself."""
    set_by = {"changed_by": ZHOU.id, "changed_at": NOON}
    return {"body": body, "code": code, "months": months, **set_by}


async def asked(database: Database, step: ListDue) -> Sequence[str]:
    """The statements of one run of the step that read a table."""
    said: list[str] = []

    def see(_: Any, __: Any, statement: str, *___: Any) -> None:
        said.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", see)
    await step(database)
    event.remove(engine, "before_cursor_execute", see)
    return [one for one in said if "FROM" in one]


async def test_a_changed_period_is_looked_at_on_the_same_day(database: Database) -> None:
    year_old, fresh = await closed(database, date(2025, 6, 23)), await closed(database, TODAY)
    step = ListDue()
    assert await step(database) == 0
    await change(database, "complaint", 12)
    assert await step(database) == 1
    assert await waiting(database) == [(year_old.id, "complaint", TODAY)]
    await change(database, "complaint", 6)
    assert await waiting(database) == []
    assert await step(database) == 1
    assert await waiting(database) == [(year_old.id, "complaint", date(2025, 12, 23))]
    await change(database, "complaint", None)
    assert await step(database) == 0
    assert await waiting(database) == []
    assert fresh.closed_on == TODAY


async def test_a_period_that_was_changed_elsewhere_is_looked_at_here_too(
    database: Database, twin: Database
) -> None:
    due = await closed(database, date(2025, 6, 23))
    here, there = ListDue(), ListDue()
    assert (await here(database), await there(twin)) == (0, 0)
    await change(twin, "complaint", 12)
    assert (await here(database), await there(twin)) == (1, 0)
    assert await waiting(twin) == [(due.id, "complaint", TODAY)]


async def test_between_two_looks_the_periods_alone_are_read(database: Database) -> None:
    await closed(database)
    step = ListDue()
    assert await step(database) == 1
    [statement] = await asked(database, step)
    assert "FROM retention_periods" in statement


async def test_each_sort_of_case_and_each_body_has_its_own_last_day(database: Database) -> None:
    day = date(2024, 6, 23)
    inquiry = await closed(database, day, kind="inquiry")
    await closed(database, day)
    await closed(database, date(2024, 6, 24), kind="inquiry")
    await closed(database, day, kind="inquiry", body="demo")
    async with database.work() as work:
        await work.insert(RetentionPeriodRow, [own_period("demo", "inquiry", 25)])
    assert await ListDue()(database) == 1
    assert await waiting(database) == [(inquiry.id, "inquiry", TODAY)]


async def test_what_is_due_is_listed_whole_however_much_it_is(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "LOT", 2)
    days = [date(2016, 6, 22)] * 3 + [date(2016, 6, 21)] * 2
    cases = [await closed(database, day) for day in days]
    assert await ListDue()(database) == 5
    assert {one for one, *_ in await waiting(database)} == {one.id for one in cases}


async def test_a_second_hold_keeps_a_case_off_the_list_when_the_first_is_lifted(
    database: Database,
) -> None:
    due = await closed(database)
    async with database.work() as work:
        first = await set_hold(work, due, "法院调取", None, ZHOU)
        second = await set_hold(work, due, "立案查处", TODAY, ZHOU)
    async with database.work() as work:
        await lift_hold(work, first, WU)
    assert await waiting(database) == []
    async with database.work() as work:
        await lift_hold(work, second, WU)
    assert await waiting(database) == [(due.id, "complaint", date(2026, 6, 22))]


async def test_lifting_a_hold_lists_nothing_whose_period_is_not_over(database: Database) -> None:
    fresh = await closed(database, TODAY)
    async with database.work() as work:
        hold = await set_hold(work, fresh, "法院调取", None, ZHOU)
    async with database.work() as work:
        await lift_hold(work, hold, WU)
    assert await count(database, RetentionDueRow) == 0


async def test_a_case_that_is_taken_up_again_leaves_the_list_at_once(database: Database) -> None:
    lin = await a_colleague(database)
    due = await closed(database)
    assert await ListDue()(database) == 1
    again = await walk(database, due, lin, "reopen")
    assert again.closed_on is None
    assert await waiting(database) == []


async def test_what_intake_erased_by_itself_is_neither_listed_nor_stays_listed(
    database: Database,
) -> None:
    listed, restored = await closed(database), await closed(database)
    async with database.work() as work:
        await list_cases(work, [listed.id], TODAY)
    events = [
        ComplaintErased(occurred_at=NOON, complaint_id=one.complaint_id, version=9)
        for one in (listed, restored)
    ]
    async with database.work() as work:
        await erase_cases(work, events)
    assert await waiting(database) == []
    assert await ListDue()(database) == 0
    assert await count(database, RetentionDueRow) == 0


async def test_what_is_listed_wrongly_is_put_right_by_the_next_look(database: Database) -> None:
    due, held, fresh = await closed(database), await closed(database), await closed(database, TODAY)
    async with database.work() as work:
        await set_hold(work, held, "法院调取", None, ZHOU)
        rows = [
            {"case_id": one.id, "body": "main", "code": "report", "due_on": TODAY}
            for one in (due, held, fresh)
        ]
        await work.insert(RetentionDueRow, [{**row, "listed_at": NOON} for row in rows])
    assert await ListDue()(database) == 1
    assert await waiting(database) == [(due.id, "complaint", date(2026, 6, 22))]


async def test_what_is_listed_by_an_old_period_cannot_be_approved(database: Database) -> None:
    due, fresh = await closed(database), await closed(database, TODAY)
    row = {"body": "main", "code": "complaint", "due_on": TODAY, "listed_at": NOON}
    async with database.work() as work:
        cases = [{"case_id": one.id, **row} for one in (due, fresh)]
        await work.insert(RetentionDueRow, cases)
    with pytest.raises(MustStayError) as refused:
        async with database.work() as work:
            await approve_due(work, [due.id, fresh.id], ZHOU)
    assert str(refused.value) == f"案件{fresh.number}的保存期限还没有到，不能删除。"
    assert await count(database, ErasureRow) == 0
    assert await noted(database, "case") == []


async def test_what_was_approved_can_be_held_no_more_and_is_told_so(database: Database) -> None:
    due = await closed(database)
    await ListDue()(database)
    async with database.work() as work:
        await approve_due(work, [due.id], ZHOU)
    with pytest.raises(DecidedAlreadyError) as refused:
        async with database.work() as work:
            await set_hold(work, due, "法院调取", None, ZHOU)
    assert str(refused.value) == "这件案件已经批准删除，来不及暂停了。"
    assert await count(database, HoldRow) == 0
    assert [action for action, *_ in await noted(database, "case")] == ["retention.applied"]


@pytest.mark.postgres
async def test_who_lists_waits_for_who_lays_a_hold_and_then_lists_nothing(
    on_postgresql: Database,
) -> None:
    database = on_postgresql
    due = await closed(database)

    async def listing() -> int:
        async with database.work() as work:
            return await list_cases(work, [due.id], TODAY)

    async with database.work() as work:
        await set_hold(work, due, "法院调取", None, ZHOU)
        task = asyncio.create_task(listing())
        assert await stopped(database, task) == 1
    assert await task == 0
    assert await waiting(database) == []


async def many_closed(database: Database, like: CaseRow, number: int) -> None:
    """As many closed cases like one, a day apart."""
    facts = {column.name: getattr(like, column.name) for column in CaseRow.__table__.columns}
    rows = [
        facts
        | {name: uuid7() for name in ("id", "complaint_id")}
        | {"number": f"250101-{one:09}", "closed_on": TODAY - timedelta(days=one)}
        for one in range(number)
    ]
    async with database.work() as work:
        await work.insert(CaseRow, rows)


async def test_the_look_reads_what_is_due_along_the_index_of_closed_cases(
    database: Database,
) -> None:
    await many_closed(database, await closed(database), 2000)
    async with database.reading() as session:
        [sort] = await sorts_of_closed(session)
        asking = closed_after(session, sort, date(2021, 6, 23), LAST)
        plan = await plan_of(database, "cases", asking)
    assert sort.first == date(2016, 6, 22)
    assert "ix_cases_closed" in " ".join(plan), plan


async def test_which_sorts_of_closed_cases_there_are_is_read_in_the_index_alone(
    on_sqlite: Database,
) -> None:
    await closed(on_sqlite)
    async with on_sqlite.reading() as session:
        plan = await plan_of(on_sqlite, "cases", sorts_of_closed(session))
    assert plan == ["SCAN cases USING COVERING INDEX ix_cases_closed"]
