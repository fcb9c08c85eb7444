"""What is wrong with a file or a cell, in a sentence that says what to mend."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.i18n import N_, Language, Sayable, translated
from shared.kernel import RuleError

COMMA = N_("、")


class Several(tuple[str, ...]):
    """Names within a sentence, listed as its language lists them."""

    __slots__ = ()

    def __format__(self, _: str) -> str:
        return COMMA.join(self)

    def said(self, language: str, /) -> str:
        """In this language (zh or en)."""
        return translated(COMMA, "en" if language == "en" else "zh").join(self)


@dataclass(frozen=True)
class Remark:
    """A Chinese sentence and what fills its `{named}` places, in nobody's language yet."""

    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def in_words(self, language: Language) -> str:
        """The sentence in a language; what the file says itself is quoted as it stands there."""
        words = translated(self.sentence, language)
        if not self.facts:
            return words
        listed = {
            name: fact.said(language) if isinstance(fact, Sayable) else fact
            for name, fact in self.facts.items()
        }
        return words.format(**listed)


class ImportRefusedError(RuleError):
    """Something cannot be imported as it is."""

    @property
    def remark(self) -> Remark:
        """Why, to be said in the user's language."""
        return Remark(self.sentence, self.facts)


class FileRefusedError(ImportRefusedError):
    """The file as a whole cannot be read; nothing was taken from it."""


class CellRefusedError(ImportRefusedError):
    """One cell cannot be what its column says."""
