"""Two corrections of a report, the second before intake has heard of the first: none is lost."""

from typing import Any
from uuid import UUID

import pytest

from services.intake.tables import ComplaintRow
from services.intake.use_cases.sealing import opened
from shared.runtime.embedded import Embedded
from tests.journeys.walking import Walker

REPORTER = {"name": "慕容线人", "phone": "13800138000", "address": "四川省遂宁市船山区光明街八号"}
TEXT = "我是慕容线人，住光明街八号，看到假货。"
SHOWN = "我是***，住******，看到假货。"
HOME, NAME = "住******，看到假货。", "我是***，看到两箱假货。"


async def a_report(walker: Walker) -> tuple[dict[str, Any], UUID]:
    """The case of a report, and the report."""
    matter = {"subject": "假货", "text": TEXT}
    receipt = await walker.complain(kind="report", complainant=REPORTER, matter=matter)
    await walker.settle()
    return await walker.case_of(receipt["number"]), UUID(receipt["id"])


async def kept(platform: Embedded, report: UUID) -> str:
    """The text as intake keeps it."""
    database = platform.running["intake"].database
    async with database.reading() as session:
        row = await session.get_one(ComplaintRow, report)
        return str((opened(row.words, row.id, database.vault) or {})["text"])


async def test_one_that_fits_what_the_first_left_is_made_after_it(
    platform: Embedded, walker: Walker
) -> None:
    case, report = await a_report(walker)
    for text in (HOME, HOME.replace("假货", "两箱假货")):
        case = await walker.went(case, "amend", changes={"/matter/text": text})
    await walker.settle()
    assert await kept(platform, report) == "住光明街八号，看到两箱假货。"


@pytest.mark.parametrize("settled", [False, True])
async def test_one_whose_stars_the_first_took_away_is_refused_and_not_shown_as_made(
    platform: Embedded,
    walker: Walker,
    settled: bool,  # noqa: FBT001 - a parameter
) -> None:
    case, report = await a_report(walker)
    case = await walker.went(case, "amend", changes={"/matter/text": HOME})
    if settled:
        await walker.settle()
        case = await walker.case_of(case["number"])
    answer = await walker.step(case, "amend", changes={"/matter/text": NAME})
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["pointer"] == "/matter/text"
    assert "星号和页面上显示的不一样" in fault["detail"]
    assert (await walker.case_of(case["number"]))["version"] == case["version"]
    await walker.settle()
    assert await kept(platform, report) == "住光明街八号，看到假货。"


async def test_the_same_stars_are_placed_where_nothing_was_corrected_before(
    platform: Embedded, walker: Walker
) -> None:
    case, report = await a_report(walker)
    case = await walker.went(case, "amend", changes={"/matter/text": NAME})
    await walker.settle()
    assert await kept(platform, report) == "我是慕容线人，看到两箱假货。"
