"""Letters as PDF (typst) and DOCX (docxtpl), off the event loop.

typst lets go of the interpreter lock while it sets a letter (about 9 ms of processor time), so one
thread with one warm compiler is enough; fonts and compiler take about 50 MiB, and only once the
first letter is printed.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from services.notification.domain.letter import Letter
from services.notification.printer.fonts import Fonts
from services.notification.printer.pdf import Press

__all__ = ["Printer"]


class Printer:
    """Prints letters; the same letter gives the same PDF, byte for byte."""

    def __init__(self, more_fonts: Sequence[Path] = ()) -> None:
        """`more_fonts`: files asked, in this order, for characters our own font lacks."""
        self._fonts = Fonts(more_fonts)
        self._press = Press(self._fonts)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")

    def has(self, character: str) -> bool:
        """Whether some font has this character."""
        return self._fonts.has(character)

    async def pdf(self, letter: Letter) -> bytes:
        """The letter as PDF. Raises UndrawableError rather than print a box."""
        return await self._away(partial(self._press.pdf, letter))

    async def docx(self, letter: Letter) -> bytes:
        """The letter as a Word document that officials may edit."""
        from services.notification.printer.word import (  # noqa: PLC0415 - 9 MiB, rarely needed
            word_document,
        )

        return await self._away(partial(word_document, letter))

    async def _away(self, job: Callable[[], bytes]) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._thread, job)
