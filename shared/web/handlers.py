"""What rules, the models of routes and the framework refuse, answered as problems."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from shared.i18n import translated
from shared.kernel import RuleError, TooManyError
from shared.web.access import ENROL, EnrolFirstError
from shared.web.pages import local_path
from shared.web.problems import (
    MOST_TOLD,
    answer,
    broken,
    document,
    each_of,
    plain,
    said,
    several,
    unreadable,
)
from shared.web.refused import tell
from shared.web.requests import SAFE, language_of, wants_html
from shared.web.statuses import status_of


class SeveralWrong(RuleError):  # noqa: N818 - the name of a document, not raised
    """More than one thing to mend."""


async def broken_rule(request: Request, error: Exception) -> Response:
    """Answer a RuleError; whoever is not logged in and looks at a page is sent to the login."""
    assert isinstance(error, RuleError)  # noqa: S101 - registered for nothing else
    status = status_of(error)
    if wants_html(request) and request.method in SAFE:
        if status == HTTPStatus.UNAUTHORIZED:
            return to_login(request)
        if isinstance(error, EnrolFirstError):
            return RedirectResponse(ENROL, HTTPStatus.SEE_OTHER)
    tell(request, error)
    language = language_of(request)
    errors = broken([one for one in each_of(error) if one.pointer is not None], language)
    alone = each_of(error)[0] if len(each_of(error)) == 1 else None
    detail = said(alone, language) if alone else several(len(each_of(error)), language)
    kind = type(alone or SeveralWrong("")).__name__
    problem = document(request, status, detail, kind=kind, errors=errors)
    return answer(request, problem, headers_of(error, status))


def headers_of(error: RuleError, status: int) -> dict[str, str]:
    if isinstance(error, TooManyError):
        return {"Retry-After": str(error.retry_after)}
    return {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}


def to_login(request: Request) -> Response:
    """The login page, which leads back here."""
    return RedirectResponse(f"/mediation/login?{local_path(request)}", HTTPStatus.SEE_OTHER)


async def invalid(request: Request, error: Exception) -> Response:
    """Answer what pydantic found: every field with a sentence of its own."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    found = error.errors()
    if lacks_json(request, found):
        return plain(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    language = language_of(request)
    errors = unreadable(found[:MOST_TOLD], language)
    first = errors[0]
    named = first["pointer"].removeprefix("/").replace("/", ".")
    alone = f"{named}: {first['detail']}" if named else first["detail"]
    detail = alone if len(errors) == 1 else several(len(errors), language)
    problem = document(
        request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, kind="InvalidRequestError", errors=errors
    )
    return answer(request, problem)


def lacks_json(request: Request, found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the body was not read as JSON because nobody said that it is JSON."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    whole = any(tuple(one["loc"]) == ("body",) and one["type"] != "missing" for one in found)
    return whole and not media.endswith(("/json", "+json"))


async def refused(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses: unknown address, wrong method, unreadable body."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    headers, kind = dict(error.headers or {}), type(error).__name__
    if sentence := getattr(error, "sentence", ""):
        detail = translated(sentence, language_of(request))
        return answer(request, document(request, error.status_code, detail, kind=kind), headers)
    most = in_words(getattr(error, "most", 0))
    return plain(request, error.status_code, headers, most=most)


def in_words(size: int) -> str:
    """A size in bytes as people read it."""
    return f"{size / 2**20:.4g} MB" if size >= 2**20 else f"{size / 2**10:.4g} KB"
