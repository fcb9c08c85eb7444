"""Words fetched from intake: never after an erasure, never over a correction, never given up."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.mediation.ports import Record
from services.mediation.steps import FetchWords, PushAmendments
from services.mediation.tables import CaseLookupRow, CaseRow, WordsWantedRow
from services.mediation.use_cases.fetching import LONGEST, pause
from services.mediation.use_cases.hearing import amend_cases, erase_cases
from services.mediation.use_cases.standing import status_of
from services.mediation.use_cases.words import Copy, copy_in, keep_words
from shared.events import ComplaintAmended, ComplaintErased
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.test_hearing import about
from tests.mediation.things import IntakeInMemory, a_case, a_colleague, a_record, step

NOTHING: Copy = {"complainant": {}, "respondent": {}, "matter": {}}


@dataclass
class SlowIntake(IntakeInMemory):
    """Intake, with something happening between its looking and its answer."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Record]:
        found = await super().words(ids)
        if self.meanwhile:
            await self.meanwhile()
        return found


def knowing(*cases: CaseRow) -> SlowIntake:
    return SlowIntake({one.complaint_id: a_record(one.complaint_id) for one in cases})


async def kept(database: Database, case: CaseRow) -> Copy:
    async with database.reading() as session:
        return await copy_in(session, database.vault, case.id)


async def count(database: Database, table: type[Any]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def erase(database: Database, *cases: CaseRow) -> None:
    async with database.work() as work:
        await erase_cases(work, [ComplaintErased(**about(one)) for one in cases])


async def test_words_erased_while_they_were_fetched_are_not_kept(database: Database) -> None:
    case = await a_case(database)
    intake = knowing(case)
    intake.meanwhile = lambda: erase(database, case)
    await FetchWords(intake)(database)
    assert await kept(database, case) == NOTHING
    assert (await count(database, CaseLookupRow), await count(database, WordsWantedRow)) == (0, 0)


async def test_words_fetched_and_erased_at_the_same_moment_are_not_kept(
    database: Database,
) -> None:
    cases = [await a_case(database) for _ in range(20)]
    await asyncio.gather(FetchWords(knowing(*cases))(database), erase(database, *cases))
    assert [await kept(database, one) for one in cases] == [NOTHING] * 20
    assert await count(database, CaseLookupRow) == 0


async def test_an_erased_copy_stays_empty_whoever_writes_later(database: Database) -> None:
    case = await a_case(database)
    await FetchWords(knowing(case))(database)
    read_before = await kept(database, case)
    await erase(database, case)
    async with database.work() as work:
        await keep_words(work, {case.id: read_before})
    assert await kept(database, case) == NOTHING
    assert await count(database, CaseLookupRow) == 0


async def test_words_fetched_twice_at_once_are_kept_once(database: Database) -> None:
    case = await a_case(database)
    await asyncio.gather(*(FetchWords(knowing(case))(database) for _ in range(4)))
    assert (await kept(database, case))["complainant"]["name"] == "周晓明"
    assert await count(database, CaseLookupRow) == 4


async def test_a_correction_intake_does_not_know_yet_is_not_overwritten(
    database: Database,
) -> None:
    lin = await a_colleague(database)
    case = await step(database, await a_case(database), "name-respondent", lin, name="甲公司")
    await FetchWords(knowing(case))(database)
    copy = await kept(database, case)
    assert (copy["respondent"]["name"], copy["complainant"]["name"]) == ("甲公司", "周晓明")


async def test_a_correction_made_and_pushed_while_intake_answers_is_not_overwritten(
    database: Database, clock: StandingClock
) -> None:
    lin = await a_colleague(database)
    case = await a_case(database)
    intake = knowing(case)

    async def correct() -> None:
        clock.move(seconds=1)
        await step(database, case, "amend", lin, changes={"/matter/subject": "桌腿开裂"})
        await PushAmendments(intake)(database)

    intake.meanwhile = correct
    await FetchWords(intake)(database)
    assert (await kept(database, case))["matter"]["subject"] == "桌腿开裂"


async def test_what_was_asked_for_once_more_is_fetched_once_more(
    database: Database, clock: StandingClock
) -> None:
    case = await a_case(database)
    intake = knowing(case)

    async def corrected() -> None:
        clock.move(seconds=1)
        event = ComplaintAmended(
            **about(case, fields=("/complainant/name",), respondent_known=True)
        )
        async with database.work() as work:
            await amend_cases(work, [event])

    intake.meanwhile = corrected
    await FetchWords(intake)(database)
    assert await kept(database, case) == NOTHING
    assert await count(database, WordsWantedRow) == 1
    intake.meanwhile = None
    await FetchWords(intake)(database)
    assert (await kept(database, case))["complainant"]["name"] == "周晓明"


async def test_a_complaint_that_intake_does_not_know_is_asked_for_again_and_shown(
    database: Database, intake: IntakeInMemory, clock: StandingClock
) -> None:
    case = await a_case(database)
    fetch = FetchWords(intake)
    assert [await fetch(database) for _ in range(3)] == [1, 0, 0]
    told = await status_of(database)
    assert (told["words_wanted"], told["words_unknown_to_intake"]) == (1, 1)
    clock.move(minutes=1)
    assert [await fetch(database) for _ in range(2)] == [1, 0]
    clock.move(minutes=1)
    assert await fetch(database) == 0
    clock.move(minutes=1)
    intake.records[case.complaint_id] = a_record(case.complaint_id)
    assert await fetch(database) == 1
    assert (await kept(database, case))["complainant"]["name"] == "周晓明"
    told = await status_of(database)
    assert (told["words_wanted"], told["words_unknown_to_intake"]) == (0, 0)


def test_the_pauses_grow_to_six_hours() -> None:
    assert [pause(tries) for tries in (0, 1, 2, 8)] == [
        timedelta(minutes=amount) for amount in (1, 2, 4, 256)
    ]
    assert pause(9) == pause(10_000) == LONGEST == timedelta(hours=6)
