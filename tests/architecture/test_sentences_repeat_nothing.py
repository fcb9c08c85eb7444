"""No refusal repeats what somebody typed: every place in a sentence is filled by us, and reviewed.

Whoever typed it may have typed a name or a telephone, wherever it does not belong; and sentences of
refusals are kept by programs and quoted in questions. The pointer says which field is meant.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parents[2]
PLACE = re.compile(r"{(\w+)}")
NUMBERS = {
    "count", "deepest", "fewest", "hour", "least", "line", "longest", "minutes", "most", "n",
    "retry_after", "right", "row", "size", "year",
}  # fmt: skip
"""Numbers: limits, rows of a file, lengths of what was typed."""
OURS = {
    "action", "address", "approved", "before", "choices", "columns", "complaint", "due", "encoding",
    "end", "header", "kinds", "known", "letter", "missing", "roles", "source", "start", "state",
    "step", "wanted", "when", "why",
}  # fmt: skip
"""Our own words and codes, days that are written as days, and single characters."""
PEOPLE, UNITS = "mediation/use_cases/people", "mediation/use_cases/people/importing"
REVIEWED = {
    ("intake/domain/attachment.py", "place"): "which of the files it is",
    ("intake/use_cases/cleaning/__init__.py", "place"): "which of the files it is",
    ("intake/domain/complaint.py", "place"): "which of the representatives it is",
    ("intake/domain/origin.py", "given"): "a channel, of our list",
    ("intake/pages/form.py", "name"): "the name of an organisation of ours",
    ("intake/use_cases/looking_up.py", "number"): "a public number, in its normal form",
    ("mediation/use_cases/cases.py", "number"): "a public number, in its normal form",
    ("mediation/use_cases/privacy/erasures.py", "number"): "of a case that exists",
    ("mediation/use_cases/privacy/persons.py", "number"): "of a case that exists",
    ("mediation/use_cases/acting.py", "who"): "a colleague (decision 54)",
    ("mediation/use_cases/assigning.py", "who"): "a colleague (decision 54)",
    ("mediation/use_cases/assigning.py", "place"): "the name of a unit (decision 46)",
    ("mediation/use_cases/recovery/deciding.py", "name"): "an account that exists",
    (f"{PEOPLE}/confirming.py", "name"): "an account that exists",
    (f"{PEOPLE}/confirming.py", "body"): "the code of an organisation of ours",
    (f"{PEOPLE}/confirming.py", "role"): "a role, of our list",
    (f"{UNITS}/lines.py", "sheet"): "of a spreadsheet of units or staff, which its sender is told",
    (f"{UNITS}/staff_deciding.py", "name"): "an account in such a spreadsheet",
    (f"{UNITS}/staff_lines.py", "code"): "a unit in such a spreadsheet",
    (f"{UNITS}/staff_lines.py", "column"): "a column of such a spreadsheet, of our list",
    (f"{UNITS}/staff_lines.py", "role"): "a role in such a spreadsheet: which of several",
    (f"{UNITS}/unit_lines.py", "code"): "a unit in such a spreadsheet",
    ("mediation/domain/calendar.py", "day"): "a day",
    ("mediation/domain/case/days.py", "day"): "a day",
    ("mediation/domain/rule_pack.py", "clock"): "a clock of a pack, asked for on the console",
    ("mediation/domain/rule_pack.py", "day"): "a day",
    ("mediation/domain/rule_pack.py", "pack"): "a pack, asked for on the console",
    ("mediation/use_cases/rules.py", "pack"): "the pack of a case that exists",
    ("notification/printer/pdf.py", "characters"): "single characters that no font has",
    ("web/queries.py", "name"): "the name of a parameter, of which the contract says so",
}
"""Places by module, and what fills them."""
CONSOLE = ("sheets/", "mediation/use_cases/calendar/")
"""Files that whoever keeps the installation reads in on the console, and what is told there."""


class Filled(NamedTuple):
    """A place in the sentence of a refusal."""

    module: str
    place: str


def filled_in(module: str, code: str) -> Iterator[Filled]:
    """The places of all refusals of a module."""
    for one in ast.walk(ast.parse(code)):
        if not isinstance(one, ast.Call) or not one.args:
            continue
        called = one.func.id if isinstance(one.func, ast.Name) else getattr(one.func, "attr", "")
        sentence = one.args[0].value if isinstance(one.args[0], ast.Constant) else None
        if called.endswith("Error") and isinstance(sentence, str):
            yield from (Filled(module, place) for place in PLACE.findall(sentence))


def everywhere() -> set[Filled]:
    found: set[Filled] = set()
    for folder in ("services", "shared"):
        for path in (HERE / folder).rglob("*.py"):
            module = path.relative_to(HERE / folder).as_posix()
            found.update(filled_in(module, path.read_text()))
    return found


def test_every_place_in_a_refusal_is_filled_by_us() -> None:
    doubtful = {
        one
        for one in everywhere()
        if one.place not in NUMBERS | OURS and not one.module.startswith(CONSOLE)
    }
    assert doubtful - {Filled(*one) for one in REVIEWED} == set()


def test_the_review_names_no_place_that_is_gone() -> None:
    assert {Filled(*one) for one in REVIEWED} - everywhere() == set()


def test_a_refusal_that_repeats_is_found() -> None:
    code = 'raise NoSuchPersonError("没有“{name}”。", name=typed)\nraise X("{most}")'
    assert list(filled_in("a.py", code)) == [Filled("a.py", "name")]
