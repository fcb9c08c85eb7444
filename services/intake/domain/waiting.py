"""How much may wait for forms that came back with errors: of one sender, and of all."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from services.intake.domain.errors import TooMuchWaitsError

MEGA = 10**6


class Lying(NamedTuple):
    """Bytes that wait already."""

    of_sender: int
    in_all: int


@dataclass
class Room:
    """The room for waiting files, in bytes; 0: as much as comes.

    What is on its way is counted besides what lies there, so that many at once get no more. Each
    process counts for itself what is on its way to it.
    """

    per_sender: int = 0
    in_all: int = 0
    _coming: Counter[bytes] = field(default_factory=Counter, repr=False)

    @contextmanager
    def coming(self, sender: bytes, size: int) -> Generator[None]:
        """While a file of so many bytes is on its way."""
        self._coming[sender] += size
        try:
            yield
        finally:
            self._coming[sender] -= size
            if not self._coming[sender]:
                del self._coming[sender]

    def refuse_beyond(self, sender: bytes, lying: Lying) -> None:
        """Raises TooMuchWaitsError where what lies there and what comes is more than may wait."""
        mine = lying.of_sender + self._coming[sender]
        everything = lying.in_all + self._coming.total()
        if 0 < self.per_sender < mine or 0 < self.in_all < everything:
            raise TooMuchWaitsError(
                "别的内容都在，只是这次选的文件现在没有地方先存着。请先改好标出的地方，"
                "再重新选好文件一起提交；表填对了，文件就收。",
                pointer="/files",
            )
