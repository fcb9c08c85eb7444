"""Letters and plain papers as PDF: typst sets them; data goes in by `sys_inputs` alone."""

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import segno
import typst

from services.notification.domain.glyphs import named
from services.notification.domain.letter import Letter
from services.notification.domain.paper import Paper
from services.notification.printer.fonts import OWN, Fonts
from services.notification.printer.terms import UndrawableError, UnprintableError

LETTERS = Path(__file__).parents[1] / "letters"
MASK = 2
LETTER, PAPER = LETTERS / "forwarding.typ", LETTERS / "paper.typ"
REGULAR = 400


class Press:
    """One warm compiler for each template, and one more for each set of extra fonts."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self._compilers: dict[tuple[Path, ...], tuple[typst.Compiler, list[str]]] = {}

    def pdf(self, printed: Letter | Paper) -> bytes:
        """Set one letter or paper. Not to be called by two threads at once."""
        words = printed.words()
        lacking = self._fonts.lacking(words)
        if lacking:
            raise UndrawableError(
                "字库里没有这些字：{characters}。", characters="、".join(map(named, lacking))
            )
        template = LETTER if isinstance(printed, Letter) else PAPER
        compiler, families = self._compiler(template, self._fonts.folders_for(words))
        given = json.dumps(laid_out(printed, families), ensure_ascii=False)
        try:
            made = compiler.compile(format="pdf", sys_inputs={"letter": given})
        except typst.TypstError as error:
            raise UnprintableError("函件排版失败，请联系系统管理员。") from error
        if not isinstance(made, bytes):
            raise TypeError("A PDF is one file.")
        return made

    def _compiler(self, template: Path, more: tuple[Path, ...]) -> tuple[typst.Compiler, list[str]]:
        key = (template, *more)
        if key not in self._compilers:
            families = [family for folder in more for family in families_of(folder)]
            self._compilers[key] = new_compiler(template, more), families
        return self._compilers[key]


def new_compiler(template: Path, more: tuple[Path, ...]) -> typst.Compiler:
    """A compiler that sees the templates' folder and these fonts, and nothing else."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[OWN, *more]
    )
    return typst.Compiler(template, root=LETTERS, font_paths=fonts, ignore_system_fonts=True)


def laid_out(printed: Letter | Paper, families: list[str]) -> dict[str, Any]:
    """What the template reads."""
    given = asdict(printed) | {"fallback": families}
    if isinstance(printed, Paper):
        return given
    return given | {
        "issued_on": printed.issued_on.isoformat(),
        "issued": printed.issued,
        "qr": qr_code(printed.check_url),
    }


def qr_code(address: str) -> str:
    """The address as a QR code (ISO/IEC 18004, error correction M), SVG.

    Readers take any of the eight masks; looking for the best one would cost as much as the letter.
    """
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=MASK).save(
        drawn, kind="svg", border=0, xmldecl=False
    )
    return drawn.getvalue().decode()


def families_of(folder: Path) -> list[str]:
    """The families of a folder, those for simplified Chinese first, with serifs before without."""
    families = {font.family for font in regular_fonts(folder)}
    return sorted(families, key=lambda name: (not name.endswith(" SC"), "Serif" not in name, name))


def regular_fonts(folder: Path) -> list[typst.FontInfo]:
    there = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
    return [one for one in there.fonts() if one.weight == REGULAR and one.style == "normal"]
