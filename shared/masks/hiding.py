"""Whom running text must not tell, and the text without them (脱敏)."""

from collections.abc import Iterator
from typing import NamedTuple

from shared.masks.said import said
from shared.masks.spellings import spelled
from shared.masks.spots import Stage, replaced
from shared.masks.texts import ANYBODYS, names_in
from shared.masks.values import HIDDEN, masked_address
from shared.masks.veils import Veiled

STREET, NUMBER, NAME = "street", "number", "name"
"""What a look at a text looks for."""
UNSEEN = {STREET: "******", NUMBER: HIDDEN, NAME: "***"}
"""Masks that tell nothing else, and unlike 张**, which people write themselves.

Of two that were equal an edit could not drop one.
"""


class Secrets(NamedTuple):
    """What is hidden in running text besides anybody's numbers, however it is written there."""

    names: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    """Addresses as people repeat them."""
    phones: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    """Numbers of identity cards and other documents (证件号码)."""

    def hidden_in(self, text: str) -> str:
        """The text without them, and without personal numbers."""
        for spots in self.stages():
            text = replaced(text, spots(text))
        return text

    def without_numbers(self, text: str) -> str:
        """The text without their own numbers; names, addresses and numbers of others stay."""
        return replaced(text, spelled(self.phones, self.documents)(text))

    def also(self, other: "Secrets") -> "Secrets":
        """These, and others."""
        both = (dict.fromkeys((*mine, *more)) for mine, more in zip(self, other, strict=True))
        return type(self)(*map(tuple, both))

    def veiled(self, text: str) -> Veiled:
        """The same, with what lies behind each mask."""
        made = Veiled(text)
        for spots in self.stages():
            made = made.hide(spots(made.shown))
        return made

    def stages(self) -> Iterator[Stage]:
        """The looks at a text, in their order."""
        return (stage for _, stage in self.looks())

    def looks(self) -> Iterator[tuple[str, Stage]]:
        """The same, each with what it looks for."""
        if self.streets:
            yield STREET, said(self.streets, masked_address)
        if self.phones or self.documents:
            yield NUMBER, spelled(self.phones, self.documents)
        yield from ((NUMBER, stage) for stage in ANYBODYS)
        yield from ((NAME, stage) for stage in names_in(self.names))


class Unseen(Secrets):
    """The same, of which a text tells nothing at all: no family name, no digit, no region."""

    def stages(self) -> Iterator[Stage]:
        """The looks at a text, in their order."""
        return (wholly(stage, UNSEEN[what]) for what, stage in self.looks())


def wholly(stage: Stage, mask: str) -> Stage:
    """The same look, which shows nothing of what it finds."""
    return lambda text: ((start, end, mask) for start, end, _ in stage(text))
