"""Letters on paper: text, pages, glyphs, hostile words, and the event loop left alone."""

import asyncio
import io
import os
import signal
from pathlib import Path

import pytest
from docx import Document
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from services.notification.domain.facts import Claim
from services.notification.printer.apart import Apart, Worker
from services.notification.printer.fonts import OWN, SERIF, Coverage, Fonts
from services.notification.printer.printer import Printer
from services.notification.printer.template import make
from services.notification.printer.terms import UndrawableError
from services.notification.printer.word import TEMPLATE
from tests.notification.builders import a_letter

HOSTILE = (
    '#import "@preview/x:1.0.0": *\n#read("/etc/passwd")\n$ x^2 $ *strong* _em_ `raw` = head\n'
    "{{ 7*7 }}{% for x in ().__class__.__bases__ %}x{% endfor %}\n"
    "<w:p/>&amp;<script>alert(1)</script>\n"
    "\\ \" ' ] ) } #sys.inputs"
)
BIG_FONTS = Path("/usr/share/fonts/opentype/noto")


@pytest.fixture(scope="module")
def printer() -> Printer:
    return Printer()


def pages(pdf: bytes) -> list[str]:
    """The words of each page, without blanks and places where a line may break."""
    return [
        "".join(page.extract_text().replace("\u200b", "").split())
        for page in PdfReader(io.BytesIO(pdf)).pages
    ]


async def test_a_letter_reads_as_it_was_written_and_stands_on_a4(printer: Printer) -> None:
    pdf = await printer.pdf(a_letter())
    text = "".join(pages(pdf))
    for words in (
        "消转〔2026〕12号",
        "投诉转送函",
        "安澜迅修手机维修店：",
        "与店方协商三次，未果。",
        "请于2026年6月29日前（含当日）",
        "投诉人称持有：保修卡、证人李某。",
        "附件：1.购物小票照片.jpg2.聊天记录.png",
        "（印章）",
        "7QK3-M9XW-D2AB",
    ):
        assert words in text
    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (210, 297)


async def test_the_same_letter_is_the_same_file(printer: Printer) -> None:
    first = await printer.pdf(a_letter())
    assert await printer.pdf(a_letter(serial=2)) != first
    assert await printer.pdf(a_letter()) == first
    assert await Printer().pdf(a_letter()) == first


async def test_ten_thousand_characters_wrap_over_numbered_pages(printer: Printer) -> None:
    text = "".join(chr(0x4E00 + n) for n in range(5000)) + "x" * 5000
    shown = pages(await printer.pdf(a_letter(text=text)))
    assert len(shown) in range(12, 25)
    assert all(f"—{place}—" in page for place, page in enumerate(shown, 1))
    assert "".join(shown).count("x") >= 5000


async def test_no_heading_stands_alone_at_the_foot_of_a_page_however_long_the_letter(
    printer: Printer,
) -> None:
    headings = ("一、投诉内容", "二、投诉请求", "三、答复要求", "二、答复要求")
    breaks = 0
    for lines in range(36):
        claims = () if lines % 2 else (Claim("退货"),)
        shown = pages(
            await printer.pdf(
                a_letter(text="\n".join("长" * 20 for _ in range(lines + 1)), claims=claims)
            )
        )
        feet = [page.partition("—")[0] for page in shown]
        assert not [foot for foot in feet if foot.endswith(headings)], lines
        breaks += len(shown) - 1
    assert breaks > 36


async def test_headings_stay_with_what_follows_in_the_word_document(printer: Printer) -> None:
    word = Document(io.BytesIO(await printer.docx(a_letter())))
    kept = [one.text for one in word.paragraphs if one.paragraph_format.keep_with_next]
    assert kept == ["一、投诉内容", "二、投诉请求", "三、答复要求"]


async def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(printer: Printer) -> None:
    found: list[tuple[str, float]] = []

    def visit(text: str, outer: list[float], inner: list[float], *_: object) -> None:
        if text.strip().startswith("—"):
            found.append((text.strip(), outer[4] + inner[4]))

    for page in PdfReader(io.BytesIO(await printer.pdf(a_letter(text="长" * 900)))).pages[:2]:
        page.extract_text(visitor_text=visit)
    (_, odd), (_, even) = found[:2]
    assert odd > 297 > even


async def test_hostile_words_come_out_as_words_and_do_nothing(printer: Printer) -> None:
    letter = a_letter(text=HOSTILE, subject=HOSTILE.splitlines()[0])
    text = "".join(pages(await printer.pdf(letter)))
    for line in HOSTILE.splitlines():
        assert "".join(line.split()) in text


async def test_hostile_words_do_nothing_in_the_word_document(printer: Printer) -> None:
    made = await printer.docx(a_letter(text=HOSTILE))
    lines = [paragraph.text for paragraph in Document(io.BytesIO(made)).paragraphs]
    for line in HOSTILE.splitlines():
        assert line in lines
    assert not any("49" in line for line in lines)


async def test_the_word_document_opens_again_with_everything_in_it(printer: Printer) -> None:
    made = await printer.docx(a_letter())
    word = Document(io.BytesIO(made))
    lines = [paragraph.text for paragraph in word.paragraphs if paragraph.text]
    assert lines[:4] == [
        "安澜市消费者权益保护委员会",
        "消转〔2026〕12号",
        "投诉转送函",
        "安澜迅修手机维修店：",
    ]
    assert "附件1：购物小票照片.jpg" in lines
    assert "（联系人：林调解员，电话：0999-12315，地址：安澜市滨江路100号）" in lines
    assert not any("{" in line for line in lines)
    width = word.sections[0].page_width
    assert width is not None
    assert round(width.mm) == 210


def test_the_kept_word_template_is_the_one_that_was_made() -> None:
    kept = Document(str(TEMPLATE))
    assert kept.element.xml == make().element.xml


@pytest.mark.parametrize("rare", "䶮㐂龑堃喆镕㛃")
async def test_rare_characters_of_our_font_are_drawn(printer: Printer, rare: str) -> None:
    assert printer.has(rare)
    text = "".join(pages(await printer.pdf(a_letter(complainant=f"王{rare}"))))
    assert f"王{rare}因与贵单位" in text


async def test_a_character_no_font_has_is_named_and_never_a_box(printer: Printer) -> None:
    assert not printer.has("𠮷")
    with pytest.raises(UndrawableError, match=r"𠮷（U\+20BB7）、\ue000（U\+E000）"):
        await printer.pdf(a_letter(complainant="𠮷\ue000"))


@pytest.mark.skipif(not BIG_FONTS.is_dir(), reason="Debian's fonts-noto-cjk is not there")
async def test_a_further_font_is_asked_for_what_ours_lacks() -> None:
    printer = Printer([BIG_FONTS])
    pdf = await printer.pdf(a_letter(complainant="𠮷野家"))
    assert "𠮷野家因与贵单位" in "".join(pages(pdf))
    fonts = {name for page in PdfReader(io.BytesIO(pdf)).pages for name in fonts_of(page)}
    assert any("NotoSerifCJK" in name for name in fonts)
    assert await printer.pdf(a_letter()) == await Printer().pdf(a_letter())


def fonts_of(page: PageObject) -> list[str]:
    resources = page["/Resources"]
    assert isinstance(resources, DictionaryObject)
    fonts = resources["/Font"]
    assert isinstance(fonts, DictionaryObject)
    return [str(font.get_object()["/BaseFont"]) for font in fonts.values()]


def test_the_tables_of_characters_are_read_as_the_fonts_have_them() -> None:
    serif = Coverage(OWN / SERIF)
    assert "和" in serif
    assert "〔" in serif
    assert "𠮷" not in serif
    assert "\U0010ffff" not in serif
    assert len(serif) == 30928
    assert Fonts().lacking("和𠮷\n😀") == ("𠮷", "😀")


async def test_printing_leaves_the_event_loop_free(printer: Printer) -> None:
    await printer.pdf(a_letter())
    turns = 0
    printing = asyncio.create_task(printer.pdf(a_letter(text="长" * 10_000)))
    while not printing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 50


def test_a_printing_process_that_fell_is_followed_by_another() -> None:
    worker = Worker()
    assert worker.pid is None
    first = worker.print("pdf", a_letter())
    fallen = worker.pid
    assert fallen is not None
    os.kill(fallen, signal.SIGKILL)
    assert worker.print("pdf", a_letter()) == first
    assert worker.pid != fallen
    worker.end()
    worker.end()
    assert worker.pid is None


def test_what_cannot_be_printed_is_told_and_the_process_goes_on() -> None:
    worker = Worker()
    with pytest.raises(UndrawableError) as refused:
        worker.print("pdf", a_letter(complainant="𠮷"))
    assert refused.value.sentence == "字库里没有这些字：{characters}。"
    assert refused.value.facts == {"characters": "𠮷（U+20BB7）"}
    process = worker.pid
    assert worker.print("docx", a_letter()).startswith(b"PK")
    assert worker.pid == process
    worker.end()


def test_thread_and_process_end_when_nothing_is_left_to_print_and_come_again() -> None:
    apart = Apart(idle=0.01)
    for _ in range(2):
        printed = apart.printed("docx", a_letter())
        thread = apart.thread
        assert thread is not None
        assert printed.result(60).startswith(b"PK")
        thread.join(60)
        assert not thread.is_alive()
        assert apart.thread is None
