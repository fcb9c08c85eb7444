"""In which language the console speaks: as POSIX programs choose it."""

import pytest

from deploy.cli.words import language_of
from shared.i18n import Language
from shared.settings import CommonSettings

NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        (("en_US.UTF-8", "zh_CN.UTF-8", "zh_CN.UTF-8"), "en"),
        (("", "zh_CN.UTF-8", "en_US.UTF-8"), "zh"),
        (("", "", "en"), "en"),
        (("C", "", "en_US.UTF-8"), "zh"),
        (("", "", "POSIX"), "zh"),
        (("", "", "de_DE.UTF-8"), "zh"),
        (("", "", ""), "zh"),
    ],
)
def test_the_first_variable_that_says_anything_counts(
    monkeypatch: pytest.MonkeyPatch, locale: tuple[str, str, str], language: Language
) -> None:
    for name, value in zip(NAMES, locale, strict=True):
        monkeypatch.setenv(name, value)
    assert language_of(CommonSettings()) == language
    assert language_of(CommonSettings(), "zh") == "zh"
    assert language_of(CommonSettings(), "en") == "en"


def test_where_the_locale_says_nothing_the_installation_does() -> None:
    assert language_of(CommonSettings(language="en")) == "en"
