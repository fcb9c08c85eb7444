"""A plain document of headings, rows and paragraphs, such as the copy a person is given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.notification.domain.glyphs import Has


@dataclass(frozen=True)
class Row:
    """One line of a list: what it is called, and what it says."""

    label: str
    value: str


@dataclass(frozen=True)
class Section:
    """A heading with rows and paragraphs below it; level 1 is the highest."""

    heading: str
    level: int = 1
    rows: tuple[Row, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paper:
    """The words of a document in reading order; the template only lays them out."""

    title: str
    language: str
    """zh or en."""
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str = ""
    """Stands at the foot of each page, with its number."""

    def words(self) -> str:
        """Everything in it; each character needs a glyph."""
        return "\n".join(self._all())

    def drawable(self, has: Has) -> "Paper":
        """The same, where what no font has stands as its number: a copy is never refused."""

        def plain(text: str) -> str:
            return "".join(one if one == "\n" or has(one) else numbered(one) for one in text)

        return Paper(
            plain(self.title),
            self.language,
            tuple(map(plain, self.lead)),
            tuple(drawn(one, plain) for one in self.sections),
            plain(self.foot),
        )

    def _all(self) -> Iterable[str]:
        yield from (self.title, *self.lead, self.foot)
        for section in self.sections:
            yield section.heading
            yield from section.lines
            for row in section.rows:
                yield from (row.label, row.value)


def drawn(section: Section, plain: Callable[[str], str]) -> Section:
    """A section of which all words went through `plain`."""
    rows = tuple(Row(plain(row.label), plain(row.value)) for row in section.rows)
    lines = tuple(map(plain, section.lines))
    return Section(plain(section.heading), section.level, rows, lines)


def numbered(character: str) -> str:
    """A character that no font has, by its number in Unicode: 〔U+20BB7〕."""
    return f"〔U+{ord(character):04X}〕"
