"""A form as it was typed: read as far as it can be, and everything wrong with it told at once."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from shared import web
from shared.kernel import RuleError, RuleErrors
from shared.web.statuses import status_of

Form = TypeVar("Form", bound=BaseModel)
UNPROCESSABLE = 422


def read(
    request: Request, form: type[Form], typed: Mapping[str, Any], blank: Mapping[str, Any]
) -> tuple[Form, dict[str, str]]:
    """A form without what cannot be read in it, and what is wrong there by field.

    `blank` stands where nothing that can be read was typed: the rule says what is missing.
    """
    try:
        return form.model_validate({**blank, **typed}), {}
    except ValidationError as error:
        unreadable = {one["loc"][0] for one in error.errors()}
        rest = {name: value for name, value in typed.items() if name not in unreadable}
        return form.model_validate({**blank, **rest}), web.wrongs(request, error)


class UnreadError(Exception):
    """A form that cannot be read in places; it tells what the rules say of the rest, too."""

    def __init__(
        self, request: Request, unreadable: Mapping[str, str], faults: Sequence[RuleError]
    ) -> None:
        super().__init__()
        rules = web.wrongs(request, RuleErrors([*faults])) if faults else {}
        self.wrong = {**rules, **unreadable}


class Faulty(NamedTuple):
    """What a page tells of a form that it did not take."""

    wrong: dict[str, str]
    status: int


def faulty(request: Request, error: RuleError | UnreadError) -> Faulty:
    """Everything that is wrong, each beside its field."""
    if isinstance(error, UnreadError):
        return Faulty(error.wrong, UNPROCESSABLE)
    return Faulty(web.wrongs(request, error), status_of(error))
