"""Chinese sentences and their English: gettext catalogues whose msgids are Chinese."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from babel.messages.pofile import read_po

Language: TypeAlias = Literal["zh", "en"]

LANGUAGES: tuple[Language, ...] = ("zh", "en")
TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
"""As HTML and HTTP write them (RFC 5646)."""
ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ("shared/web/locale", "services/*/locale", "deploy/*/locale")
"""Where `{language}.po` files lie; every part keeps the English of its own sentences."""


@runtime_checkable
class Sayable(Protocol):
    """What knows its own words in each language: the labels of data, such as rule packs."""

    def said(self, language: str, /) -> str:
        """In `language` (zh or en)."""


_spoken: ContextVar[Language] = ContextVar("language", default="zh")


def N_(sentence: str) -> str:  # noqa: N802 - the name gettext gives it
    """Mark a Chinese sentence for translation and leave it as it is."""
    return sentence


@contextmanager
def speaking(language: Language) -> Generator[None]:
    """Within this block `translated` speaks `language`."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> Language:
    """The language of the page that is being written."""
    return _spoken.get()


@cache
def catalogue(language: Language) -> Mapping[str, str | tuple[str, ...]]:
    """All translations into `language`, merged; Chinese is its own catalogue and empty."""
    merged: dict[str, str | tuple[str, ...]] = {}
    folders = [folder for pattern in CATALOGUES for folder in sorted(ROOT.glob(pattern))]
    for file in (folder / f"{language}.po" for folder in folders):
        if file.exists():
            merged |= read_catalogue(file)
    return merged


def read_catalogue(file: Path) -> dict[str, str | tuple[str, ...]]:
    """The finished entries of one .po file; plurals as (one, many)."""
    with file.open("rb") as stream:
        entries = read_po(stream)
    found: dict[str, str | tuple[str, ...]] = {}
    for entry in entries:
        if entry.id and entry.string and not entry.fuzzy:
            key = entry.id[0] if isinstance(entry.id, list | tuple) else entry.id
            plural = isinstance(entry.string, list | tuple)
            found[key] = tuple(entry.string) if plural else str(entry.string)
    return found


def translated(sentence: str, language: Language | None = None) -> str:
    """The sentence in `language` (of the page, if none is named); unknown ones stay Chinese."""
    found = catalogue(language or spoken()).get(sentence, sentence)
    return found if isinstance(found, str) else found[0]


def counted(one: str, many: str, n: int, language: Language | None = None) -> str:
    """The sentence for `n` things. Chinese does not count its nouns, English does."""
    found = catalogue(language or spoken()).get(one)
    if found is None:
        return one if n == 1 else many
    return found if isinstance(found, str) else found[0 if n == 1 else -1]


def filled(sentence: str, facts: Mapping[str, Any], language: Language | None = None) -> str:
    """The sentence in `language` with its `{named}` places filled.

    Facts that are marked sentences themselves are translated too, and those that can be said in
    each language speak for themselves; the first number among the facts chooses between one and
    many.
    """
    numbers = (fact for fact in facts.values() if isinstance(fact, int))
    words = counted(sentence, sentence, next(numbers, 1), language)
    if not facts:
        return words
    return words.format(**{name: in_words(fact, language) for name, fact in facts.items()})


def in_words(fact: Any, language: Language | None) -> Any:
    """A fact as `language` (of the page, if none is named) says it."""
    if isinstance(fact, Sayable):
        return fact.said(language or spoken())
    return translated(fact, language) if isinstance(fact, str) else fact
