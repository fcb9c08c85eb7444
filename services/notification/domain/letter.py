"""A letter as words in reading order, and how letters write a day."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Identity:
    """What makes one letter this letter and can be verified."""

    document_number: str
    issued_on: date
    check_code: str
    check_url: str


@dataclass(frozen=True)
class Part:
    """A numbered part of the letter."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """The words of a letter in reading order; the templates only lay them out."""

    letterhead: str
    document_number: str
    title: str
    to: str
    opening: tuple[str, ...]
    parts: tuple[Part, ...]
    closing: tuple[str, ...]
    annex: tuple[str, ...]
    signer: str
    issued_on: date
    contact: str
    copies: tuple[str, ...] = field(default=())
    check_code: str = ""
    check_url: str = ""

    @property
    def issued(self) -> str:
        """The day of issue in Arabic numerals (GB/T 9704-2012, 7.3.5.4)."""
        return in_words(self.issued_on)

    def words(self) -> str:
        """Everything a person wrote or a form filled in; each character of it needs a glyph."""
        lines = (line for part in self.parts for line in (part.heading, *part.lines))
        heads = (self.letterhead, self.document_number, self.title, self.to, self.signer)
        rest = (*self.opening, *lines, *self.closing, *self.annex, self.contact, *self.copies)
        return "\n".join((*heads, *rest))


def in_words(day: date) -> str:
    """A day as letters write it: 2026年6月5日."""
    return f"{day.year}年{day.month}月{day.day}日"
