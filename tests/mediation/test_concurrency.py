"""Two people acting at once: one success, one clear conflict, on both databases."""

import asyncio

from services.mediation.domain.case import ImpossibleStepError
from services.mediation.use_cases.acting import ChangedMeanwhileError
from services.mediation.use_cases.audit import verify
from services.mediation.use_cases.opening import open_cases
from shared.kernel import ConflictError
from shared.work import Database
from tests.mediation.things import a_case, a_colleague, a_complaint, log_of, said, step, the_case


async def test_of_many_who_decide_at_once_exactly_one_succeeds(database: Database) -> None:
    lin = await a_colleague(database)
    seen = await a_case(database)
    decisions = [("accept", {}), ("refuse", {"reason": "private_deal"}), ("withdraw", {})] * 3
    answers = await asyncio.gather(
        *(step(database, seen, what, lin, **facts) for what, facts in decisions),
        return_exceptions=True,
    )
    refused = [one for one in answers if isinstance(one, ConflictError)]
    assert len(refused) == len(decisions) - 1
    assert all(isinstance(one, ChangedMeanwhileError | ImpossibleStepError) for one in refused)
    case = await the_case(database, seen.number)
    async with database.reading() as session:
        assert [row.seq for row in await log_of(session, case)] == [1, 2]
        assert (await verify(session, database.vault))["intact"]
    assert case.version == len(await said(database)) == 2


async def test_the_same_complaints_heard_twice_at_once_open_one_case_each(
    database: Database,
) -> None:
    complaints = [a_complaint() for _ in range(20)]

    async def hear() -> None:
        async with database.work() as work:
            await open_cases(work, complaints)

    await asyncio.gather(*(hear() for _ in range(4)))
    assert len(await said(database)) == 20
    async with database.reading() as session:
        assert (await verify(session, database.vault))["rows"] == 20
