"""Events heard late, when dead letters are replayed: what is newer stays."""

from typing import Any

from services.mediation.tables import CaseRow, HeardRow
from services.mediation.use_cases.hearing import amend_cases, count_files
from shared.events import ComplaintAmended, EvidenceAdded
from shared.work import Database
from tests.mediation.test_hearing import about, count
from tests.mediation.things import a_case, the_case


def corrected(case: CaseRow, version: int, **facts: Any) -> ComplaintAmended:
    usual = {"fields": ("/matter/region",), "respondent_known": True}
    return ComplaintAmended(**about(case, version=version, **(usual | facts)))


async def test_a_correction_replayed_after_a_newer_one_changes_no_fact(database: Database) -> None:
    case = await a_case(database)
    older = corrected(case, 2, region="110101", amount_fen=1, respondent_known=False)
    newer = corrected(case, 3, region="510904", amount_fen=5)
    async with database.work() as work:
        await amend_cases(work, [newer])
    async with database.work() as work:
        await amend_cases(work, [older])
    after = await the_case(database, case.number)
    assert (after.region, after.amount_fen, after.respondent_known, after.facts_version) == (
        "510904", 5, True, 3,
    )  # fmt: skip


async def test_of_corrections_that_come_together_the_newest_counts(database: Database) -> None:
    case = await a_case(database)
    async with database.work() as work:
        newer, older = (corrected(case, n, amount_fen=n) for n in (3, 2))
        await amend_cases(work, [newer, older])
    assert (await the_case(database, case.number)).amount_fen == 3


async def test_files_counted_long_ago_are_not_counted_again(database: Database) -> None:
    case = await a_case(database)
    for version, files in ((4, 3), (2, 1)):
        async with database.work() as work:
            event = EvidenceAdded(**about(case, version=version, files=files))
            await count_files(work, [event])
    assert (await the_case(database, case.number)).files == 3
    assert await count(database, HeardRow) == 2


async def test_a_correction_replayed_after_newer_files_still_counts(database: Database) -> None:
    """Files say nothing about the facts: each has a version of its own."""
    case = await a_case(database)
    async with database.work() as work:
        await count_files(work, [EvidenceAdded(**about(case, version=3, files=2))])
    async with database.work() as work:
        await amend_cases(work, [corrected(case, 2, region="510904")])
    after = await the_case(database, case.number)
    assert (after.region, after.files) == ("510904", 2)
