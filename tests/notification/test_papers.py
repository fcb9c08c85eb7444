"""A plain document is printed whole: both languages, long words, characters that no font has."""

import io

import httpx
import pytest
from pypdf import PdfReader

from services.notification.domain.paper import Paper, Row, Section
from services.notification.internal_papers import internal_papers
from services.notification.printer.printer import Printer
from shared.net import in_process
from shared.tokens import mint
from shared.web import EdgeOptions, edge
from shared.work import Database

RARE = "\U0003134f"
FORM = {
    "title": "个人信息副本",
    "language": "zh",
    "lead": ["依据第四十五条提供。"],
    "sections": [
        {
            "heading": "260618-7QK3M9XWD",
            "rows": [{"label": "姓名", "value": f"张{RARE}"}, {"label": "经过", "value": "一\n二"}],
        },
        {"heading": "办理经过", "level": 2, "lines": ["没有。"]},
    ],
    "foot": "个人信息副本",
}


def words_in(pdf: bytes) -> str:
    return "".join("".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages).split())


async def asked(database: Database, printer: Printer, **changes: object) -> httpx.Response:
    """Ask as mediation does."""
    app = edge("notification", [internal_papers(printer)], database, options=EdgeOptions())
    vault, clock = database.vault, database.clock
    client = in_process(app, lambda: mint(vault, "mediation", "notification", clock()))
    async with client:
        return await client.post("/internal/papers", json=FORM | changes)


async def test_a_document_is_printed_and_a_character_without_a_glyph_is_named(
    database: Database, printer: Printer
) -> None:
    answer = await asked(database, printer)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    words = words_in(answer.content)
    for one in ("个人信息副本", "260618-7QK3M9XWD", "张〔U+3134F〕", "办理经过", "没有。", "1/1"):
        assert one in words


async def test_it_may_be_long_and_in_english(database: Database, printer: Printer) -> None:
    rows = [{"label": "Text", "value": "word " * 400 + "A" * 200} for _ in range(20)]
    sections = [{"heading": "Matter", "rows": rows}]
    answer = await asked(database, printer, language="en", sections=sections)
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) > 5
    assert f"{len(pages)}/{len(pages)}" in words_in(answer.content)


@pytest.mark.parametrize("wrong", [{"language": "fr"}, {"sections": [{"heading": "", "level": 3}]}])
async def test_what_is_no_document_is_not_printed(
    database: Database, printer: Printer, wrong: dict[str, object]
) -> None:
    assert (await asked(database, printer, **wrong)).status_code == 422


def test_drawable_keeps_what_fonts_have_and_names_the_rest_everywhere() -> None:
    section = Section(RARE, 2, (Row(RARE, "b"),), (RARE,))
    paper = Paper(RARE, "zh", (f"a{RARE}",), (section,), RARE)
    drawn = paper.drawable(lambda one: one != RARE)
    assert RARE not in drawn.words()
    assert drawn.lead == ("a〔U+3134F〕",)
    assert drawn.sections[0].rows == (Row("〔U+3134F〕", "b"),)
    assert drawn.sections[0].level == 2
