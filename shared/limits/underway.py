"""Bodies on their way in: what one caller, and what all of them, may have under way at a time."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Full(StrEnum):
    """What there is no place for."""

    CALLER = "caller"
    """One more body of this caller."""
    BODIES = "bodies"
    """One more body at all."""
    BYTES = "bytes"
    """More of a large body, of this caller or at all."""


@dataclass(frozen=True)
class Room:
    """What one process takes at the same time."""

    of_caller: int
    """Bodies of one caller that have not come whole."""
    bodies: int
    """Bodies of everybody that have not come whole."""
    small: int
    """Bytes of each body that are not counted: words get in where files do not."""
    most: int
    """Bytes beyond those, of all requests that are not answered yet; half of it for one caller."""


@dataclass
class Underway:
    """Everything that is under way to one service in one process."""

    room: Room
    _coming: Counter[str] = field(default_factory=Counter)
    _bytes: Counter[str] = field(default_factory=Counter)

    def begin(self, caller: str) -> Full | None:
        """One more body begins, unless there is no place for it."""
        if self._coming[caller] >= self.room.of_caller:
            return Full.CALLER
        if self._coming.total() >= self.room.bodies:
            return Full.BODIES
        self._coming[caller] += 1
        return None

    def end(self, caller: str) -> None:
        """A body has come whole, or never will."""
        less(self._coming, caller, 1)

    def grow(self, caller: str, size: int) -> Full | None:
        """A large body has `size` bytes more, unless there is no room for them."""
        most = self.room.most
        if self._bytes[caller] + size > most // 2 or self._bytes.total() + size > most:
            return Full.BYTES
        self._bytes[caller] += size
        return None

    def shrink(self, caller: str, size: int) -> None:
        """A request is answered: what came with it is not kept any longer."""
        less(self._bytes, caller, size)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._coming and not self._bytes


def less(counted: Counter[str], caller: str, by: int) -> None:
    """Count down, and forget who has nothing under way."""
    counted[caller] -= by
    if counted[caller] <= 0:
        del counted[caller]


@dataclass
class Place:
    """One body's place among them."""

    underway: Underway
    caller: str
    received: int = 0
    counted: int = 0
    begun: bool = False
    coming: bool = False

    def begin(self) -> Full | None:
        """Before the first piece. What there is no place for."""
        if self.begun:
            return None
        full = self.underway.begin(self.caller)
        self.begun = self.coming = full is None
        return full

    def came(self, size: int) -> Full | None:
        """A piece of `size` bytes came. What there is no room for."""
        self.received += size
        more = max(self.received - self.underway.room.small, 0) - self.counted
        full = self.underway.grow(self.caller, more) if more else None
        self.counted += 0 if full else more
        return full

    def whole(self) -> None:
        """The last piece came."""
        if self.coming:
            self.coming = False
            self.underway.end(self.caller)

    def leave(self) -> None:
        """The request is answered, or its caller is gone."""
        self.whole()
        if self.counted:
            self.underway.shrink(self.caller, self.counted)
            self.counted = 0
