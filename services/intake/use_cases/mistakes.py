"""Where some of what was sent cannot be read, the rules are asked about the rest all the same.

So whoever sent it learns of every mistake in one go, and of none that is not theirs.
"""

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from services.intake.domain.errors import MissingFieldError
from services.intake.use_cases.checking import Sender, faults
from services.intake.use_cases.submission import RegisteredForm
from shared.bodies import Bodies
from shared.kernel import RuleError
from shared.pointers import pointer_to

Place = Sequence[str | int]
WHOLE = frozenset({"claims", "evidence", "joint"})
"""Parts whose fields speak of each other: if one cannot be read, the rules see none of them."""
NEEDED = ("/respondent/name", "/complainant/name", "/complainant/phone")
HIDES: Mapping[str, Sequence[str]] = {
    "/kind": NEEDED,
    "/external": NEEDED,
    "/external/source": NEEDED,
    "/respondent/uscc": ("/respondent/name",),
    "/complainant/email": ("/complainant/phone",),
    "/complainant/address": ("/complainant/phone",),
}
"""What may not be called missing while the value that would do instead cannot be read."""


class Asked(NamedTuple):
    """Who asks, and when."""

    sender: Sender
    bodies: Bodies
    now: datetime


class Unreadable(Exception):  # noqa: N818 - the answer to one item, never raised
    """What cannot be read of a complaint, and what is wrong with the rest."""

    def __init__(self, shape: Sequence[Mapping[str, Any]], rules: Sequence[RuleError]) -> None:
        super().__init__(f"{len(shape)} unreadable, {len(rules)} wrong")
        self.shape = shape
        self.rules = rules


def besides(raw: Any, places: Sequence[Place], asked: Asked) -> list[RuleError]:
    """What the rules find wrong with a complaint besides what cannot be read at these places."""
    if not isinstance(raw, dict) or not all(places):
        return []
    try:
        form = RegisteredForm.model_validate(without(raw, places))
    except ValidationError:
        return []
    unreadable = {pointer_to(place) for place in places}
    found = faults(form.record(), asked.sender, asked.bodies, asked.now)
    return [one for one in found if not told(one, unreadable)]


def without(raw: Mapping[str, Any], places: Sequence[Place]) -> dict[str, Any]:
    """A copy in which the unreadable fields are as if they had been left out."""
    rest: dict[str, Any] = copy.deepcopy(dict(raw))
    for place in places:
        path = place[:1] if place[0] in WHOLE else place
        folder: Any = rest
        for part in path[:-1]:
            folder = folder.get(part) if isinstance(folder, dict) else None
        if isinstance(folder, dict):
            folder.pop(path[-1], None)
    matter = rest.setdefault("matter", {})
    if isinstance(matter, dict):
        matter.setdefault("text", "")
    return rest


def told(fault: RuleError, unreadable: set[str]) -> bool:
    """Whether a fault comes of what cannot be read, which is told by itself."""
    pointer = fault.pointer or ""
    if any(pointer == one or pointer.startswith(f"{one}/") for one in unreadable):
        return True
    hidden = {name for one in unreadable for name in HIDES.get(one, ())}
    return isinstance(fault, MissingFieldError) and pointer in hidden
