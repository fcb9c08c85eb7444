"""Document numbers (文号): who issued, the year in 〔〕, and a number without gaps (GB/T 9704)."""

import re
import unicodedata
from dataclasses import dataclass

_FORM = re.compile(r"(?P<word>[^\d\[(]+)[\[(](?P<year>\d{4})[\])]第?(?P<serial>\d{1,9})号?")
_BRACKETS = str.maketrans("〔［【〖「（{｛﹝", "[[[[[([[[") | str.maketrans(
    "〕］】〗」）}｝﹞", "]]]]])]]]"
)


@dataclass(frozen=True)
class DocumentNumber:
    """One number: unique per organisation, kind of letter and year (Shanghai)."""

    word: str
    """What the organisation's numbers begin with (机关代字)."""
    year: int
    serial: int
    """From 1, without leading zeros and without gaps."""

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕{self.serial}号"


def read_number(typed: str) -> DocumentNumber | None:
    """What a person typed as a document number, with any kind of brackets; None if it is none."""
    plain = unicodedata.normalize("NFKC", typed.translate(_BRACKETS)).translate(_BRACKETS)
    found = _FORM.fullmatch("".join(plain.split()))
    if found is None:
        return None
    return DocumentNumber(found["word"], int(found["year"]), int(found["serial"]))
