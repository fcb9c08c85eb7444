"""Forms: reading them, checking them, and saying beside each field what is wrong."""

import re
from collections.abc import AsyncGenerator, Collection, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse

from shared.kernel import ConflictError, RuleError
from shared.web.csrf import FIELD, check_origin, is_fresh, session_of
from shared.web.problems import each_of, said
from shared.web.refused import tell
from shared.web.requests import language_of
from shared.web.sentences import pointer_of, sentence_of

MOST_FILES = 20
MOST_FIELDS = 300
LARGEST_FIELD = 2**20
DEEPEST = 8
"""Levels of names (`claims.0.kind` has three); ours have at most four."""
NUMBER = re.compile("[0-9]{1,4}")
"""A name that is a place in a list."""


class FormExpiredError(ConflictError):
    """A form that was open too long, or in another session. What was typed is shown again."""

    def __init__(self, typed: FormData) -> None:
        super().__init__("这一页打开得太久，或者中途换了登录，还没有提交。")
        self.typed = [
            (name, value) for name, value in typed.multi_items() if isinstance(value, str)
        ]


async def checked_form(request: Request) -> AsyncGenerator[FormData]:
    """The form, sent from a page of ours not too long ago; its files are closed afterwards.

    Raises ForeignOriginError, FormExpiredError.
    """
    check_origin(request)
    async with request.form(
        max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD
    ) as form:
        database = request.app.state.database
        token = form.get(FIELD)
        now, session = database.clock(), session_of(request)
        if not isinstance(token, str) or not is_fresh(database.vault, session, token, now):
            raise FormExpiredError(form)
        yield form


CheckedForm = Annotated[FormData, Depends(checked_form)]


def nested(form: FormData, many: Collection[str] = ()) -> dict[str, Any]:
    """Dotted names as a nested dict for a model; blank fields, files and our own are left out.

    Names in `many` become lists, and so do numbered ones (`claims.0.kind`). A name with more levels
    than any of ours is no field, and left out.
    """
    found: dict[str, Any] = {}
    for name in form:
        values = [one for one in form.getlist(name) if isinstance(one, str) and one.strip()]
        if name == FIELD or not values or name.count(".") >= DEEPEST:
            continue
        *folders, last = name.split(".")
        place = found
        for folder in folders:
            if not isinstance(place.get(folder), dict):
                place[folder] = {}
            place = place[folder]
        place[last] = values if name in many else values[-1]
    return {name: listed(value) for name, value in found.items()}


def listed(value: Any) -> Any:
    """A dict whose names are all numbers is a list, in their order."""
    if not isinstance(value, dict):
        return value
    inner = {name: listed(one) for name, one in value.items()}
    if not all(NUMBER.fullmatch(name) for name in inner):
        return inner
    return [inner[name] for name in sorted(inner, key=int)]


def uploads(form: FormData, name: str) -> list[UploadFile]:
    """The files that were chosen in this field."""
    return [one for one in form.getlist(name) if isinstance(one, UploadFile) and one.filename]


def name_of(pointer: str) -> str:
    """The form field that a JSON pointer means."""
    return pointer.removeprefix("/").replace("/", ".").replace("~1", "/").replace("~0", "~")


Wrong = RuleError | ValidationError | RequestValidationError


def wrongs(request: Request, error: Wrong) -> dict[str, str]:
    """What is wrong by field name, in the reader's language; "" is the form as a whole."""
    language = language_of(request)
    found: dict[str, str] = {}
    if isinstance(error, RuleError):
        tell(request, error)
        for one in each_of(error):
            found.setdefault(name_of(one.pointer or ""), said(one, language))
        return found
    for each in error.errors():
        found.setdefault(field_of(each, error), sentence_of(each, language))
    return found


def field_of(each: Mapping[str, Any], error: Wrong) -> str:
    place = tuple(each["loc"])
    whole = place if isinstance(error, RequestValidationError) else ("body", *place)
    return name_of(pointer_of(whole))


def see_other(path: str) -> RedirectResponse:
    """After a form: go and look (303)."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def safe_next(path: str | None, default: str) -> str:
    """Where to go after the login: an address of ours, nothing else."""
    own = path is not None and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if own and path is not None and path.isprintable() else default
