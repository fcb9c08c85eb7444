"""In which language the console speaks: as POSIX programs choose it."""

import subprocess

import pytest

from deploy.cli.words import language_of
from shared.i18n import Language
from shared.settings import CommonSettings
from tests.deploy.installation import PATIENCE, REDRESS

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


def test_a_terminal_without_chinese_gets_escapes_and_no_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    asked = ["clock", "explain", "--clock", "accept", "--from", "2026-03-02", "--lang", "zh"]
    done = subprocess.run(  # noqa: S603 - our own program
        [*REDRESS, *asked], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.encode().decode("unicode_escape").startswith("自2026-03-02收到之次日起")
