"""Who is asked for letters as files; the printing itself is done by a process of its own."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from services.notification.domain.letter import Letter
from services.notification.domain.paper import Paper
from services.notification.printer.apart import Apart
from services.notification.printer.fonts import Fonts
from services.notification.printer.terms import Kind


class Printer:
    """Prints letters; the same letter gives the same PDF, byte for byte."""

    def __init__(self, more_fonts: Sequence[Path] = ()) -> None:
        """`more_fonts`: files asked, in this order, for characters our own font lacks."""
        self._fonts = Fonts(more_fonts)
        self._apart = Apart(more_fonts)

    def has(self, character: str) -> bool:
        """Whether some font has this character."""
        return self._fonts.has(character)

    async def pdf(self, letter: Letter) -> bytes:
        """The letter as PDF. Raises UndrawableError rather than print a box."""
        return await self._printed("pdf", letter)

    async def docx(self, letter: Letter) -> bytes:
        """The letter as a Word document that officials may edit."""
        return await self._printed("docx", letter)

    async def paper(self, paper: Paper) -> bytes:
        """A plain document as PDF. Raises UndrawableError rather than print a box."""
        return await self._printed("pdf", paper)

    async def _printed(self, kind: Kind, letter: Letter | Paper) -> bytes:
        return await asyncio.wrap_future(self._apart.printed(kind, letter))
