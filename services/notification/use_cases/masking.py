"""Letters as pages show them (脱敏): the names of people are hidden, the files have them whole."""

from dataclasses import replace

from services.notification.domain.facts import Enclosure, Facts
from services.notification.domain.letter import Letter


def masked_letter(letter: Letter, facts: Facts) -> Letter:
    """The words of a letter, without names, addresses and what else is somebody's own."""
    parts = (replace(one, lines=masked_lines(one.lines, facts)) for one in letter.parts)
    return replace(
        letter,
        opening=masked_lines(letter.opening, facts),
        parts=tuple(parts),
        annex=masked_lines(letter.annex, facts),
    )


def masked_lines(lines: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
    """Running text."""
    return tuple(facts.secrets.hidden_in(one) for one in lines)


def masked_files(facts: Facts) -> tuple[Enclosure, ...]:
    """The enclosures; their names are what somebody wrote."""
    return tuple(replace(one, name=facts.secrets.hidden_in(one.name)) for one in facts.files)
