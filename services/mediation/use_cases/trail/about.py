"""Which case a line of the trail is about, wherever it was noted: at its letter, its complaint."""

from services.mediation.use_cases.trail.naming import Names, as_id
from shared.trail.reading import Line

NAMES_CASE = ("case", "complaint")
"""What rows of letters call the case and the complaint they belong to."""


def case_number(line: Line, names: Names) -> str:
    """The number of the case; empty where it is about none that may be known."""
    said = line.said or {}
    for text in (line.key, *(said.get(name) for name in NAMES_CASE)):
        one = as_id(text) if isinstance(text, str) else None
        if one and one in names.numbers:
            return names.numbers[one]
    return ""


def subject(line: Line, names: Names) -> str:
    """What was looked at: equal for the same case, or for the same search."""
    return case_number(line, names) or line.key
