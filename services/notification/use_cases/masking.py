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
    """Running text; one mask in place of all of it where it is not known whom to hide."""
    shown = lines if facts.knows_whom_to_hide else lines[:1]
    return tuple(map(facts.hidden_in, shown))


def masked_files(facts: Facts) -> tuple[Enclosure, ...]:
    """The enclosures; their names are what somebody wrote."""
    return tuple(replace(one, name=facts.hidden_in(one.name)) for one in facts.files)
