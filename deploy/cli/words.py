"""In which language the console says why a rule refused something."""

from shared.i18n import Language, filled
from shared.kernel import RuleError
from shared.settings import CommonSettings


def language_of(common: CommonSettings, chosen: str | None = None) -> Language:
    """What the command line says (`--lang`), else REDRESS_LANGUAGE."""
    return "en" if (chosen or common.language) == "en" else "zh"


def in_words(error: Exception, language: Language) -> str:
    """The sentence of a broken rule in a language; other errors as they are."""
    if isinstance(error, RuleError):
        return filled(error.sentence, error.facts, language)
    return str(error)
