"""The words of a copy in both languages: headings, fields, purposes and legal grounds, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shared.i18n import Language

FILE = Path(__file__).parents[3] / "keeping" / "copy.yaml"


@cache
def data() -> Mapping[str, Any]:
    """The data file."""
    read: Mapping[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return read


@dataclass(frozen=True)
class Words:
    """The data file, read in one language."""

    language: Language

    def of(self, part: str, code: str, **facts: Any) -> str:
        """What a code of a part of the file is called; the code itself where it is not known."""
        known = data()[part].get(code)
        return known[self.language].format(**facts) if known else code

    def said(self, both: Mapping[str, str]) -> str:
        """Something that is given in both languages."""
        return both.get(self.language) or both.get("zh") or ""

    @property
    def colon(self) -> str:
        return ": " if self.language == "en" else "："

    @property
    def title(self) -> str:
        return self.said(data()["title"])

    @property
    def lead(self) -> list[str]:
        return [self.said(one) for one in data()["lead"]]
