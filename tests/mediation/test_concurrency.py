"""Many people acting at once: one success and clear conflicts, neighbours unharmed; on both."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from services.mediation.domain.case import ImpossibleStepError, Step
from services.mediation.tables import CaseRow
from services.mediation.use_cases.acting import ChangedMeanwhileError, Request, take_step
from services.mediation.use_cases.audit import CASES
from services.mediation.use_cases.cases import NoSuchCaseError, case_of
from services.mediation.use_cases.hearing import withdraw_cases
from services.mediation.use_cases.keeping import CITIZEN, Actor
from services.mediation.use_cases.opening import open_cases
from services.mediation.use_cases.taking import Wanted, take, take_together
from shared.events import ComplaintWithdrawn, encode
from shared.kernel import ConflictError
from shared.messaging.delivery import deliver
from shared.messaging.inbox import Subscriber
from shared.messaging.replay import buried
from shared.messaging.subscriptions import Subscriptions
from shared.trail.verifying import verify
from shared.work import Database, Work
from tests.conftest import NOON
from tests.mediation.things import (
    IntakeInMemory,
    a_case,
    a_colleague,
    a_complaint,
    caller_as,
    log_of,
    said,
    step,
    the_case,
)


def wanted(case: CaseRow, what: str, actor: Actor, version: int | None = None) -> Wanted:
    facts = {"reason": "private_deal"} if what == "refuse" else {}
    return Wanted(str(case.id), caller_as(actor), Request(Step(what), facts, version))


async def kept_once(database: Database, case: CaseRow, steps: int) -> None:
    """Each step left one log row and one event, and the chain is whole."""
    async with database.reading() as session:
        assert [row.seq for row in await log_of(session, case)] == list(range(1, steps + 2))
        assert (await verify(database, [CASES])).breaks == []
    told = [one for one in await said(database) if one.subject == case.complaint_id]
    assert [one.version for one in told] == list(range(1, steps + 2))


async def test_of_many_who_decide_at_once_exactly_one_succeeds(
    database: Database, twin: Database
) -> None:
    lin = await a_colleague(database)
    seen = await a_case(database)
    decisions: list[tuple[str, dict[str, Any]]] = [
        ("accept", {}),
        ("refuse", {"reason": "private_deal"}),
        ("withdraw", {}),
    ] * 3
    answers = await asyncio.gather(
        *(
            step(database if at % 2 else twin, seen, what, lin, **facts)
            for at, (what, facts) in enumerate(decisions)
        ),
        return_exceptions=True,
    )
    refused = [one for one in answers if isinstance(one, ConflictError)]
    assert len(refused) == len(decisions) - 1
    assert all(isinstance(one, ChangedMeanwhileError) for one in refused)
    assert (await the_case(database, seen.number)).version == 2
    await kept_once(database, seen, 1)


async def test_a_person_and_an_event_at_once_leave_one_step_and_one_conflict(
    database: Database, twin: Database
) -> None:
    lin = await a_colleague(database)
    cases = [await a_case(database) for _ in range(5)]

    async def heard(case: CaseRow) -> CaseRow:
        async with twin.work() as work:
            fresh = await case_of(work.session, str(case.id))
            return await take_step(work, fresh, Request(Step.WITHDRAW, {}, 1), CITIZEN)

    for case in cases:
        answers = await asyncio.gather(
            step(database, case, "accept", lin), heard(case), return_exceptions=True
        )
        assert sorted(isinstance(one, ConflictError) for one in answers) == [False, True]
        await kept_once(database, case, 1)


@pytest.mark.postgres
async def test_a_withdrawal_that_meets_one_step_after_the_other_is_heard_and_not_buried(
    on_postgresql: Database,
) -> None:
    database = on_postgresql
    lin = await a_colleague(database)
    case = await a_case(database)
    steps, read_early = ["accept", "take"], list[CaseRow | None]()
    subscriptions = Subscriptions("mediation")

    @subscriptions.on(ComplaintWithdrawn)
    async def withdraw(work: Work, events: Sequence[ComplaintWithdrawn]) -> None:
        """Between reading the case and writing it, a clerk is quicker; twice."""
        read_early.append(await work.session.get(CaseRow, case.id))
        if steps:
            await step(database, await the_case(database, case.number), steps.pop(0), lin)
        await withdraw_cases(work, events)

    event = ComplaintWithdrawn(complaint_id=case.complaint_id, occurred_at=NOON, version=2)
    await deliver(Subscriber(subscriptions, database, pauses=(0, 0)), [encode(event)])
    assert len(read_early) == 3
    after = await the_case(database, case.number)
    assert (after.state, after.version) == ("withdrawn", 4)
    assert await buried(database) == 0
    await kept_once(database, case, 3)


async def test_steps_of_one_group_are_answered_each_by_itself(database: Database) -> None:
    lin, chen, wu = [await a_colleague(database, name) for name in ("lin", "chen", "wu")]
    one, two, old = [await a_case(database) for _ in range(3)]
    await step(database, old, "accept", lin)
    unknown = Wanted(str(uuid4()), caller_as(lin), Request(Step.ACCEPT, {}))
    foreign = Wanted(two.number, caller_as(lin, "demo"), Request(Step.ACCEPT, {}))
    group = [
        wanted(one, "accept", lin, 1),
        unknown,
        wanted(one, "refuse", chen, 1),
        wanted(one, "take", wu),
        foreign,
        wanted(old, "refuse", chen, 1),
        wanted(two, "close", lin, 1),
        Wanted(two.number.lower(), caller_as(lin, "main"), Request(Step.ACCEPT, {}, 1)),
        Wanted(str(two.complaint_id), caller_as(lin, "main"), Request(Step.WITHDRAW, {}, 2)),
    ]
    answers = await take_together(database, group)
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [
        NoSuchCaseError, ChangedMeanwhileError, NoSuchCaseError, ChangedMeanwhileError,
        ImpossibleStepError,
    ]  # fmt: skip
    done = [answer for answer in answers if not isinstance(answer, Exception)]
    assert [(case.number, case.state, case.version) for case in done] == [
        (one.number, "accepted", 2),
        (one.number, "accepted", 3),
        (two.number, "accepted", 2),
        (two.number, "withdrawn", 3),
    ]
    assert str(answers[2]).startswith("wu调解员在2026-06-23 12:00已经做了「接办」")
    assert str(answers[5]).startswith("lin调解员在2026-06-23 12:00已经做了「受理投诉」")
    assert done[1].assignee == wu.id
    for case, steps in ((one, 2), (two, 2), (old, 1)):
        assert (await the_case(database, case.number)).version == steps + 1
        await kept_once(database, case, steps)


async def test_whoever_names_no_version_is_never_too_late(
    database: Database, twin: Database
) -> None:
    lin = await a_colleague(database)
    case = await a_case(database)
    both = [database, twin] * 5
    answers = await asyncio.gather(
        *(take(one, wanted(case, "take", lin), IntakeInMemory()) for one in both)
    )
    assert sorted(one.version for one in answers) == list(range(2, 12))
    await kept_once(database, case, 10)


async def test_what_breaks_one_step_of_a_group_breaks_no_other(database: Database) -> None:
    lin = await a_colleague(database)
    good, bad = await a_case(database), await a_case(database)
    broken = Wanted(str(bad.id), caller_as(lin), Request(Step.NOTE, {"text": "\ud800"}, 1))
    answers = await asyncio.gather(
        take(database, wanted(good, "accept", lin, 1), IntakeInMemory()),
        take(database, broken, IntakeInMemory()),
        take(database, wanted(good, "withdraw", lin, 2), IntakeInMemory()),
        return_exceptions=True,
    )
    assert isinstance(answers[1], UnicodeEncodeError)
    assert (await the_case(database, good.number)).state == "withdrawn"
    assert (await the_case(database, bad.number)).version == 1
    await kept_once(database, good, 2)
    await kept_once(database, bad, 0)


async def test_the_same_complaints_heard_twice_at_once_open_one_case_each(
    database: Database,
) -> None:
    complaints = [a_complaint() for _ in range(20)]

    async def hear() -> None:
        async with database.work() as work:
            await open_cases(work, complaints)

    await asyncio.gather(*(hear() for _ in range(4)))
    assert len(await said(database)) == 20
    assert (await verify(database, [CASES])).rows == 20
