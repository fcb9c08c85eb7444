"""In which language the console says what is wrong."""

from pydantic_settings import BaseSettings

from shared.i18n import LANGUAGES, Language, filled
from shared.kernel import RuleError
from shared.settings import CommonSettings


class Surroundings(BaseSettings):
    """The locale of who types, in the environment variables of POSIX (8.2)."""

    lc_all: str = ""
    lc_messages: str = ""
    lang: str = ""

    @property
    def messages(self) -> str:
        """In which locale programs speak: the first of the three that says anything."""
        return self.lc_all or self.lc_messages or self.lang


def language_of(common: CommonSettings, chosen: Language | None = None) -> Language:
    """What the command line says (`--lang`), else the locale, else REDRESS_LANGUAGE."""
    for wish in (chosen, Surroundings().messages[:2].lower(), common.language):
        if wish in LANGUAGES:
            return wish
    return LANGUAGES[0]


def in_words(error: Exception, language: Language) -> str:
    """The sentence of a broken rule in a language; other errors as they are."""
    if isinstance(error, RuleError):
        return filled(error.sentence, error.facts, language)
    return str(error)
