"""Whoever reads a case is told that its words were erased, are about to be, or are held."""

from datetime import date

import httpx
import pytest

from services.mediation.tables import CaseRow
from services.mediation.use_cases.hearing import erase_cases
from services.mediation.use_cases.privacy.erasures import CarryOutErasures, approve_due
from services.mediation.use_cases.privacy.holds import set_hold
from services.mediation.use_cases.privacy.lifting import lift_hold
from services.mediation.use_cases.privacy.listing import ListDue
from services.mediation.use_cases.privacy.standing import Keeping, keeping_of
from shared.events import ComplaintErased
from shared.work import Database
from tests.conftest import NOON
from tests.mediation.keeping import ZHOU, EraserInMemory, closed
from tests.mediation.things import Colleague, a_case, logged_in, the_case

TODAY, LATER, LAST = date(2026, 6, 23), date(2026, 6, 24), date(2026, 12, 31)


async def stands(database: Database, case: CaseRow, day: date = TODAY) -> Keeping:
    async with database.reading() as session:
        return await keeping_of(session, case.id, day)


async def heard(database: Database, case: CaseRow) -> None:
    event = ComplaintErased(occurred_at=NOON, complaint_id=case.complaint_id, version=9)
    async with database.work() as work:
        await erase_cases(work, [event])


async def test_an_erasure_is_under_way_until_the_words_are_gone(database: Database) -> None:
    case = await closed(database)
    await ListDue()(database)
    assert await stands(database, case) == Keeping()
    async with database.work() as work:
        await approve_due(work, [case.id], ZHOU)
    going = Keeping(going=True, why="retention")
    assert await stands(database, case) == going
    await CarryOutErasures(EraserInMemory())(database)
    assert await stands(database, case) == going
    await heard(database, case)
    assert await stands(database, case) == Keeping(erased=True, why="retention")


async def test_what_was_erased_elsewhere_is_told_without_a_reason(database: Database) -> None:
    case = await closed(database)
    await heard(database, case)
    assert await stands(database, case) == Keeping(erased=True)


async def test_of_several_holds_the_longest_counts_until_its_last_day_is_over(
    database: Database,
) -> None:
    case = await closed(database)
    async with database.work() as work:
        await set_hold(work, case, "查处", TODAY, ZHOU)
        await set_hold(work, case, "诉讼", LAST, ZHOU)
        endless = await set_hold(work, case, "法院调取", None, ZHOU)
    assert await stands(database, case) == Keeping(held=True)
    async with database.work() as work:
        await lift_hold(work, endless, ZHOU)
    assert await stands(database, case) == Keeping(held=True, held_until=LAST)
    assert await stands(database, case, LATER) == Keeping(held=True, held_until=LAST)
    assert await stands(database, case, date(2027, 1, 1)) == Keeping()


@pytest.mark.usefixtures("knowing_intake")
async def test_the_page_tells_of_a_hold_but_not_why_there_is_one(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database)
    address = f"/mediation/cases/{case.number}"
    before = await lin.client.get(address)
    async with database.work() as work:
        await set_hold(work, case, "法院调取", LAST, ZHOU)
    page = await lin.client.get(address)
    words = "<strong>暂停删除</strong> 到2026年12月31日为止"
    assert (words in before.text, words in page.text) == (False, True)
    assert "法院调取" not in page.text


async def test_the_page_of_an_erased_case_does_not_read_as_if_nothing_had_been_written(
    lin: Colleague, database: Database
) -> None:
    case = await closed(database)
    await heard(database, case)
    page = (await lin.client.get(f"/mediation/cases/{case.number}")).text
    assert "<h1>（内容已经删除）</h1>" in page
    assert "内容已经依法删除。" in page
    assert "没有写事由" not in page
    assert "同意由本会调解" not in page
    assert "不明" not in page


async def test_who_may_take_no_step_reads_that_there_is_none(
    lin: Colleague, other: httpx.AsyncClient, database: Database
) -> None:
    zhou = await logged_in(other, database, "zhou", role="privacy_officer")
    case = await a_case(database)
    pages = [await one.client.get(f"/mediation/cases/{case.number}") for one in (lin, zhou)]
    assert ["现在没有您可以做的步骤。" in one.text for one in pages] == [False, True]


async def offered(who: Colleague, case: CaseRow) -> set[str]:
    """The steps that the API offers, on the case and beside it."""
    address = f"/mediation/api/v1/cases/{case.number}"
    whole, beside = await who.client.get(address), await who.client.get(f"{address}/steps")
    steps = {one["step"] for one in whole.json()["steps"]}
    assert steps == {one["step"] for one in beside.json()["items"]}
    return steps


REOPENING = '/steps/reopen"'


@pytest.mark.usefixtures("knowing_intake")
@pytest.mark.parametrize("state", ["going", "erased"])
async def test_a_case_whose_words_are_gone_or_going_is_not_taken_up_again(
    lin: Colleague, database: Database, state: str
) -> None:
    case = await closed(database)
    address = f"/mediation/cases/{case.number}"
    assert {"reopen", "amend", "note"} <= await offered(lin, case)
    assert REOPENING in (await lin.client.get(address)).text
    await ListDue()(database)
    async with database.work() as work:
        await approve_due(work, [case.id], ZHOU)
    if state == "erased":
        await heard(database, case)
    steps = await offered(lin, case)
    assert "note" in steps
    assert not steps & {"reopen", "amend", "name-respondent"}
    assert REOPENING not in (await lin.client.get(address)).text
    before = await the_case(database, case.number)
    refused = await lin.post_step(before, "reopen", note="投诉人又来电")
    assert (refused.status_code, refused.json()["type"]) == (409, "WordsErasedError")
    assert "按新的投诉登记" in refused.json()["detail"]
    after = await the_case(database, case.number)
    assert (after.state, after.version) == ("closed", before.version)
