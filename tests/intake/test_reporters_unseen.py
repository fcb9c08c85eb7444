"""Of who reported a text tells nothing at all: no family name, no digits, no region."""

from typing import Any
from uuid import UUID

from services.intake.use_cases import words
from services.intake.use_cases.amending import Amendment, apply_amendments, unclear_in
from services.intake.use_cases.sealing import opened
from shared.masks import Unseen
from shared.work import Database
from tests.intake.kept import receive, row_of

REPORTER = {
    "name": "冯线人（市医院护士）",
    "phone": "13812345678",
    "id_type": "resident_id",
    "id_number": "510902199001011231",
    "address": "四川省遂宁市船山区光明街八号",
}
TEXT = (
    "我是冯 线 人，住四川省遂宁市船山区光明街八号，电话1-3-8-1-2-3-4-5-6-7-8，另一个13700001111，"
    "身份证5109 0219 9001 0112 31，邮箱feng@example.com，看到假货，花了12800元。"
)
SHOWN = "我是***，住******，电话****，另一个****，身份证****，邮箱****，看到假货，花了12800元。"


async def told(database: Database, report: UUID) -> dict[str, Any]:
    """What leaves intake of a report."""
    async with database.reading() as session:
        [one] = await words.words_of(session, database.vault, [report])
    return one


async def a_report(database: Database) -> UUID:
    parts = {"matter_text": TEXT, "matter_subject": "冯线人举报", "evidence": ["冯线人的照片"]}
    return (await receive(database, kind="report", complainant=REPORTER, **parts)).id


async def test_words_evidence_and_the_record_of_a_report_show_stars_alone(
    database: Database,
) -> None:
    report = await a_report(database)
    left = (await told(database, report))["words"]
    assert left["text"] == SHOWN
    assert left["subject"] == "***举报"
    assert left["evidence"] == ["***的照片"]
    async with database.reading() as session:
        shown = await words.shown(session, database.vault, report, whole=False)
    assert shown["matter"]["text"] == SHOWN


async def test_an_edit_of_what_was_shown_keeps_all_that_is_hidden(database: Database) -> None:
    report = await a_report(database)
    change = {"/matter/text": SHOWN.replace("看到假货", "看到两箱假货")}
    async with database.work() as work:
        assert await apply_amendments(work, [Amendment(UUID(int=5), report, change)]) == 1
    kept = opened((await row_of(database, report)).words, report, database.vault) or {}
    assert kept["text"] == TEXT.replace("看到假货", "看到两箱假货")
    assert (await told(database, report))["words"]["text"] == change["/matter/text"]


async def test_an_edit_may_drop_a_name_and_an_address_but_not_one_of_several_numbers(
    database: Database,
) -> None:
    report = await a_report(database)
    change = {"/matter/text": SHOWN.replace("，邮箱****", ""), "/matter/subject": "假货"}
    dropped = {"/matter/text": SHOWN.replace("我是***，住******，", "")}
    async with database.reading() as session:
        unclear = await unclear_in(session, database.vault, report, change)
        clear = await unclear_in(session, database.vault, report, dropped)
    assert (unclear, clear) == (("/matter/text",), ())


def test_what_is_unseen_is_told_from_nothing_else() -> None:
    unseen = Unseen(("冯线人",), ("光明街八号",), ("13812345678",), ("E12345678",))
    assert (
        unseen.hidden_in("冯线人住光明街八号，13812345678，E12345678") == "***住******，****，****"
    )
    assert unseen.also(unseen) == unseen
    assert isinstance(unseen.also(unseen), Unseen)
