"""The categories of goods and services, from their versioned file."""

import tomllib
from importlib.resources import files
from typing import NamedTuple


class Category(NamedTuple):
    """One category: its code, Chinese and English name."""

    code: str
    zh: str
    en: str


_FILE = tomllib.loads(files(__package__).joinpath("categories.toml").read_text("utf-8"))

CATEGORIES_VERSION: str = _FILE["version"]
CATEGORIES: dict[str, Category] = {
    one["code"]: Category(one["code"], one["zh"], one["en"]) for one in _FILE["categories"]
}
"""By code, in the order of the file."""


def category_label(code: str | None, language: str = "zh") -> str:
    """The name of a category; the code itself where it is not known, empty for none."""
    if not code:
        return ""
    known = CATEGORIES.get(code)
    return code if known is None else known.en if language == "en" else known.zh
