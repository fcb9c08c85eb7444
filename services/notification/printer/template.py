"""Where the Word template comes from: `python -m services.notification.printer.template`.

The template itself (letters/forwarding.docx) is kept in the repository, because officials edit it
in Word; this is its first version, so that a change of it can be read line by line.
"""

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.font import CT_RPr
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from services.notification.printer.word import TEMPLATE

BODY, HEADING, TITLE = "仿宋", "黑体", "小标宋体"
RED = RGBColor(0xC0, 0, 0)
CENTER, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def make() -> Word:
    """The layout of GB/T 9704-2012: A4, 37 mm top, 28 mm binding, 22 lines of 28 characters."""
    word = Document()
    lay_out(word)
    number_pages(word)
    head(word)
    body(word)
    end(word)
    return word


def lay_out(word: Word) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(21)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(16)
    in_chinese(normal.element.get_or_add_rPr(), BODY)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = Pt(28.9)
    normal.paragraph_format.space_after = Pt(0)


def head(word: Word) -> None:
    """Red letterhead, number, red rule, title."""
    written(word, "{{ letter.letterhead }}", CENTER, size=30, font=TITLE, colour=RED, exact=False)
    number = written(word, "{{ letter.document_number }}", CENTER)
    number.paragraph_format.space_before = Pt(24)
    rule_below(number)
    title = written(word, "{{ letter.title }}", CENTER, size=22, font=TITLE, exact=False)
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(24), Pt(16)


def body(word: Word) -> None:
    """Addressee, what is forwarded, what is asked for, and the list of material."""
    written(word, "{{ letter.to }}：")
    repeated(word, "line in letter.opening", "{{ line }}")
    control(word, "for part in letter.parts")
    heading = indented(word, "{{ part.heading }}", font=HEADING)
    heading.paragraph_format.keep_with_next = True
    repeated(word, "line in part.lines", "{{ line }}")
    control(word, "endfor")
    repeated(word, "line in letter.closing", "{{ line }}")
    repeated(word, "name in letter.annex", "附件{{ loop.index }}：{{ name }}")


def end(word: Word) -> None:
    """Signer and date with room for the seal, contact, and how to verify the letter."""
    signer = written(word, "{{ letter.signer }}", RIGHT)
    signer.paragraph_format.space_before = Pt(58)
    signer.paragraph_format.right_indent = Pt(32)
    written(word, "{{ letter.issued }}", RIGHT).paragraph_format.right_indent = Pt(64)
    written(word, "（印章）", RIGHT, size=9).paragraph_format.right_indent = Pt(96)
    indented(word, "（{{ letter.contact }}）")
    written(word, "核对本函真伪：{{ letter.check_url }}  校验码：{{ letter.check_code }}", size=9)


def repeated(word: Word, over: str, words: str) -> None:
    control(word, f"for {over}")
    indented(word, words)
    control(word, "endfor")


def control(word: Word, words: str) -> None:
    """A paragraph that docxtpl takes away."""
    written(word, "{%p " + words + " %}")


def indented(word: Word, words: str, font: str = BODY) -> Paragraph:
    paragraph = written(word, words, font=font)
    paragraph.paragraph_format.first_line_indent = Pt(32)
    return paragraph


def written(  # noqa: PLR0913 - one paragraph, its words and its look
    word: Word,
    words: str,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    *,
    size: float = 16,
    font: str = BODY,
    colour: RGBColor | None = None,
    exact: bool = True,
) -> Paragraph:
    paragraph = word.add_paragraph()
    paragraph.alignment = align
    if not exact:
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    run = paragraph.add_run(words)
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    in_chinese(run.element.get_or_add_rPr(), font)
    if colour:
        run.font.color.rgb = colour
    return paragraph


def in_chinese(properties: CT_RPr, font: str) -> None:
    """Chinese characters take a font of their own beside the Western one."""
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)


def rule_below(paragraph: Paragraph) -> None:
    """The red rule under the number, 4 mm below it."""
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", "C00000")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    paragraph.paragraph_format.element.get_or_add_pPr().append(border)


def number_pages(word: Word) -> None:
    """— 1 — in size 4 (14 pt)."""
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.alignment = RIGHT
    paragraph.add_run("— ").font.size = Pt(14)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no page fields of its own
    paragraph.add_run(" —").font.size = Pt(14)


if __name__ == "__main__":
    make().save(str(TEMPLATE))
