"""Where some of what was sent cannot be read, the rules are asked about the rest all the same.

So whoever sent it learns of every mistake in one go, and of none that is not theirs.
"""

import copy
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.responses import Response

from services.intake.domain.errors import MissingFieldError
from services.intake.use_cases.checking import Sender, faults
from services.intake.use_cases.submission import RegisteredForm
from shared.bodies import Bodies
from shared.i18n import Language
from shared.kernel import RuleError
from shared.web.problems import answer, document, said, several
from shared.web.requests import language_of
from shared.web.sentences import pointer_of, sentence_of

Place = Sequence[str | int]
MOST_TOLD = 100
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
    unreadable = {pointer_of(("body", *place)) for place in places}
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


def telling_all(asked: Callable[[Request], Awaitable[Asked]], ending: str) -> type[APIRoute]:
    """A kind of route that takes one complaint, at addresses with this ending.

    What cannot be read is told together with what the rules say of the rest.
    """

    class TellingAll(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()
            return handle if not self.path.endswith(ending) else partial(all_told, handle, asked)

    return TellingAll


async def all_told(
    handle: Callable[[Request], Coroutine[Any, Any, Response]],
    asked: Callable[[Request], Awaitable[Asked]],
    request: Request,
) -> Response:
    """Answer a request; where its body cannot be read, with everything wrong with it."""
    try:
        return await handle(request)
    except RequestValidationError as error:
        found = error.errors()[:MOST_TOLD]
        places = [one["loc"][1:] for one in found if one["loc"][0] == "body"]
        rules = besides(error.body, places, await asked(request)) if places else []
        if not rules:
            raise
    language = language_of(request)
    errors = every(Unreadable(found, rules), language)
    detail = several(len(errors), language)
    return answer(
        request, document(request, 422, detail, kind="InvalidRequestError", errors=errors)
    )


def every(unreadable: Unreadable, language: Language) -> list[dict[str, Any]]:
    """All that must be mended, as a problem document lists it."""
    shape = [
        {
            "pointer": pointer_of(one["loc"]),
            "detail": sentence_of(one, language),
            "code": one["type"],
        }
        for one in unreadable.shape
    ]
    return shape + broken(unreadable.rules, language)


def broken(rules: Sequence[RuleError], language: Language) -> list[dict[str, Any]]:
    """Broken rules, as a problem document lists them."""
    return [
        {"pointer": one.pointer, "detail": said(one, language), "code": type(one).__name__}
        for one in rules
    ]
