"""A report is corrected by people who read it masked: what tells who reported stays in it."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest
from structlog.testing import capture_logs

from services.intake.tables import ReporterRow
from services.intake.use_cases import words
from services.intake.use_cases.amending import Amendment, apply_amendments
from services.intake.use_cases.sealing import opened
from shared.work import Database
from tests.intake.kept import receive, row_of

TEXT = "我是慕容线人，住光明街八号，电话138 0013 8000，看到假货。"
SHOWN = "我是***，住******，电话****，看到假货。"
REPORTER = {"name": "慕容线人", "address": "四川省遂宁市船山区光明街八号"}


async def a_report(database: Database) -> UUID:
    return (
        await receive(
            database,
            kind="report",
            complainant=REPORTER,
            matter_text=TEXT,
            matter_subject="慕容线人举报",
        )
    ).id


async def amended(database: Database, report: UUID, **changes: str) -> dict[str, Any]:
    """The words of the report after a correction, as they are kept."""
    told = {f"/matter/{name}": value for name, value in changes.items()}
    async with database.work() as work:
        assert await apply_amendments(work, [Amendment(UUID(int=5), report, told)]) == 1
    return opened((await row_of(database, report)).words, report, database.vault) or {}


async def test_a_correction_of_what_was_shown_keeps_who_reported(database: Database) -> None:
    report = await a_report(database)
    async with database.reading() as session:
        [told] = await words.words_of(session, database.vault, [report])
    assert told["words"]["text"] == SHOWN
    kept = await amended(database, report, text=SHOWN.replace("假货", "两箱假货"))
    assert kept["text"] == TEXT.replace("假货", "两箱假货")
    assert kept["subject"] == "慕容线人举报"
    async with database.reading() as session:
        [told] = await words.words_of(session, database.vault, [report])
    assert told["words"]["text"] == SHOWN.replace("假货", "两箱假货")


async def test_a_correction_whose_stars_fit_nothing_leaves_the_words_alone_and_is_logged(
    database: Database,
) -> None:
    report = await a_report(database)
    with capture_logs() as logs:
        kept = await amended(database, report, text="我是司马**，看到假货。", place="城东")
    assert kept["text"] == TEXT
    assert kept["place"] == "城东"
    assert [one["event"] for one in logs] == ["amendment_left_out"]
    assert "司马" not in json.dumps(logs, ensure_ascii=False, default=str)


async def test_where_it_is_no_longer_known_who_reported_words_are_corrected_as_they_come(
    database: Database,
) -> None:
    report = await a_report(database)
    async with database.work() as work:
        await work.session.delete(await work.session.get_one(ReporterRow, report))
    assert (await amended(database, report, text="看到假货**。"))["text"] == "看到假货**。"


async def test_a_name_that_was_corrected_stays_hidden_in_the_words_of_a_complaint(
    database: Database,
) -> None:
    text = "我叫周晓明，住滨江路7号。"
    person = {"name": "周晓明", "address": "四川省遂宁市船山区滨江路7号"}
    made = (await receive(database, complainant=person, matter_text=text)).id
    changes = {"/complainant/name": "周晓民", "/complainant/address": "四川省遂宁市安居区1号"}
    async with database.work() as work:
        await apply_amendments(work, [Amendment(UUID(int=6), made, changes)])
    async with database.reading() as session:
        shown = await words.shown(session, database.vault, made, whole=False)
        whole = await words.shown(session, database.vault, made, whole=True)
    assert shown["matter"]["text"] == "我叫周**，住****。"
    assert shown["complainant"]["name"] == "周**"
    assert whole["matter"]["text"] == text
    assert whole["complainant"]["name"] == "周晓民"
    assert "formerly" not in shown | whole


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("我是司马**，看到假货。", ["/matter/text"]),
        (SHOWN.replace("假货", "两箱假货"), []),
        ("看到假货。", []),
    ],
)
async def test_before_it_is_decided_mediation_hears_what_would_be_left_out(
    web: httpx.AsyncClient,
    database: Database,
    token: dict[str, str],
    text: str,
    unclear: list[str],
) -> None:
    report = await a_report(database)
    changes = {"/matter/text": text, "/matter/place": "城东"}
    asked = {"complaint_id": str(report), "changes": changes}
    answer = await web.post("/internal/amendments/check", json=asked, headers=token)
    assert answer.json() == {"unclear": unclear}
    kept = await amended(database, report, text=text)
    assert (kept["text"] == TEXT) is bool(unclear)


async def test_of_a_complaint_and_of_what_is_unknown_nothing_is_unclear(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    complaint = (await receive(database, matter_text=TEXT)).id
    for one in (complaint, UUID(int=9)):
        asked = {"complaint_id": str(one), "changes": {"/matter/text": "我是司马**"}}
        answer = await web.post("/internal/amendments/check", json=asked, headers=token)
        assert answer.json() == {"unclear": []}
    assert (await web.post("/internal/amendments/check", json={})).status_code == 401
