"""What was shown masked comes back in a correction: nothing hidden is ever overwritten by stars."""

from typing import Any

import pytest

from services.mediation.steps import PushAmendments
from shared.work import Database
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    a_record,
    the_case,
)

TEXT = "店员骂我**。我叫周吴郑王，电话13800138000，QQ 12345678，住光明街八号。"
SHOWN = "店员骂我**。我叫周**，电话138****8000，QQ ****678，住****。"
COMPLAINANT = {
    "name": "周吴郑王",
    "phone": "13800000000",
    "address": "四川省遂宁市船山区光明街八号",
}


async def corrected(
    lin: Colleague, database: Database, intake: IntakeInMemory, pointer: str, typed: str, **of: Any
) -> tuple[int, str | None, Any]:
    """What was answered, the code of what is wrong, and what intake is told to write."""
    case = await a_case(database, kind=of.pop("kind", "complaint"))
    parts = {"complainant": COMPLAINANT, "words": {"subject": "骂人", "text": TEXT}} | of
    intake.records[case.complaint_id] = a_record(case.complaint_id, **parts)
    answer = await lin.post_step(case, "amend", changes={pointer: typed})
    await PushAmendments(intake)(database)
    errors = answer.json().get("errors") or [{"code": None}]
    version = (await the_case(database, case.number)).version
    assert version == (2 if answer.status_code == 200 else 1)
    told = [one.changes[pointer] for one in intake.amendments.values()]
    return answer.status_code, errors[0]["code"], told[-1] if told else None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (SHOWN + "又骂了一次。", TEXT + "又骂了一次。"),
        (SHOWN.replace("店员骂我", "昨天店员又骂我"), TEXT.replace("店员骂我", "昨天店员又骂我")),
        (SHOWN.replace("，QQ ****678", ""), TEXT.replace("，QQ 12345678", "")),
        (SHOWN.replace("店员骂我**。", ""), TEXT.replace("店员骂我**。", "")),
        (SHOWN.replace("*", "＊") + "又一次。", TEXT + "又一次。"),
        (SHOWN.replace("*", "﹡") + "又一次。", TEXT + "又一次。"),
        (TEXT + "又骂了一次。", TEXT + "又骂了一次。"),
        ("店员骂我，没有道歉。", "店员骂我，没有道歉。"),
    ],
)
async def test_masks_that_stand_as_they_were_shown_stay_what_they_hide(
    lin: Colleague, database: Database, intake: IntakeInMemory, typed: str, kept: str
) -> None:
    got = await corrected(lin, database, intake, "/matter/text", typed)
    assert got == (200, None, kept)


@pytest.mark.parametrize(
    "typed",
    [
        SHOWN.replace("我叫周**", "我叫李**"),
        SHOWN.replace("138****8000", "139****8000"),
        SHOWN.replace("骂我**", "骂我****"),
        SHOWN + "他们都叫周**。",
        "周**说店员骂人。" + SHOWN,
        "*" * 10_000,
    ],
)
async def test_stars_that_were_not_shown_there_are_refused(
    lin: Colleague, database: Database, intake: IntakeInMemory, typed: str
) -> None:
    got = await corrected(lin, database, intake, "/matter/text", typed)
    assert got == (422, "MaskedValueError", None)


async def test_one_mask_that_stands_for_two_people_is_kept_twice_or_not_at_all(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    words = {"text": "周晓明付的钱，周小红拿的货。", "joint": {"people": [{"name": "周小红"}]}}
    of: dict[str, Any] = {"words": words, "complainant": {"name": "周晓明"}}
    at = (lin, database, intake, "/matter/text")
    assert await corrected(*at, "周**拿的货。", **of) == (422, "MaskedValueError", None)
    both = "昨天周**付的钱，周**拿的货。"
    assert await corrected(*at, both, **of) == (200, None, "昨天周晓明付的钱，周小红拿的货。")


async def test_a_report_comes_masked_from_intake_and_its_stars_go_back_as_they_came(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    of: dict[str, Any] = {
        "kind": "report",
        "complainant": {},
        "words": {"text": "我是慕容**，看到假货。"},
    }
    at = (lin, database, intake, "/matter/text")
    wrong = await corrected(*at, "我是慕容****，看到假货。", **of)
    assert wrong == (422, "MaskedValueError", None)
    right = await corrected(*at, "我是慕容**，看到两箱假货。", **of)
    assert right == (200, None, "我是慕容**，看到两箱假货。")


@pytest.mark.parametrize(
    ("pointer", "typed"),
    [
        ("/complainant/name", "周*"),
        ("/complainant/name", "诸葛*"),
        ("/complainant/name", "张＊"),
        ("/complainant/name", "赵﹡﹡"),
        ("/complainant/name", "赵∗∗"),
        ("/complainant/phone", "138⁎⁎⁎⁎0001"),
        ("/matter/text", "我叫赵﹡﹡﹡。"),
        ("/complainant/address", "四川省遂宁市船山区*"),
        ("/complainant/phone", "139****1111"),
        ("/complainant/email", "z*@example.com"),
        ("/respondent/name", "老王*锅"),
        ("/matter/place", "城东**市场"),
    ],
)
async def test_a_single_star_in_a_name_a_number_or_an_address_is_refused(
    lin: Colleague, database: Database, intake: IntakeInMemory, pointer: str, typed: str
) -> None:
    got = await corrected(lin, database, intake, pointer, typed)
    assert got == (422, "MaskedValueError", None)


async def test_a_field_that_holds_a_star_of_its_own_may_stay_so(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    respondent = {"name": "五星*酒店", "phone": "0825-1234567"}
    at = (lin, database, intake, "/respondent/name", "五星*酒店")
    assert await corrected(*at, respondent=respondent) == (200, None, "五星*酒店")
