"""Every refusal and every failure as a problem document (RFC 9457), or as a page for people."""

import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from shared.i18n import N_, TAGS, Language, filled, translated
from shared.kernel import RuleError, RuleErrors, TooManyError
from shared.web.access import ENROL, EnrolFirstError
from shared.web.callers import recognise
from shared.web.plainly import plainly
from shared.web.refused import tell
from shared.web.requests import SAFE, language_of, told_path, wants_html
from shared.web.sentences import pointer_of, sentence_of
from shared.web.statuses import DETAILS, TITLES, status_of

PROBLEM_JSON = "application/problem+json"

RETRY_SOON = 5


class SeveralWrong(RuleError):  # noqa: N818 - the name of a document, not raised
    """More than one thing to mend."""


def said(error: RuleError, language: Language) -> str:
    """The sentence of a broken rule in a language."""
    return filled(error.sentence, error.facts, language)


def each_of(error: RuleError) -> Sequence[RuleError]:
    return error.errors if isinstance(error, RuleErrors) else [error]


def document(
    request: Request, status: int, detail: str, *, kind: str = "about:blank", **more: Any
) -> dict[str, Any]:
    """A problem document. `kind` is the class of the error; `errors` names the fields."""
    title = translated(
        TITLES.get(status, TITLES[400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500]),
        language_of(request),
    )
    body = {
        "type": kind,
        "title": title,
        "status": status,
        "detail": detail,
        "instance": told_path(request.url.path),
        "errors": [],
    }
    return body | more


def answer(
    request: Request, problem: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """The problem as the caller reads it: a page for people, a document for programs."""
    status = int(problem["status"])
    if wants_html(request):
        from shared.web.pages import page  # noqa: PLC0415 - pages answer problems themselves

        recognise(request)
        said = plainly(request, problem)
        response = page(request, "problem.html", status, problem=problem, said=said)
        response.headers.update(headers or {})
        return response
    return for_programs(request, problem, headers)


def for_programs(
    request: Request, problem: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """The problem document itself."""
    spoken = {"Content-Language": TAGS[language_of(request)]}
    sent = {**(headers or {}), **spoken}
    return JSONResponse(dict(problem), int(problem["status"]), sent, media_type=PROBLEM_JSON)


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
    errors = [
        {"pointer": one.pointer, "detail": said(one, language), "code": type(one).__name__}
        for one in each_of(error)
        if one.pointer is not None
    ]
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
    from shared.web.pages import local_path  # noqa: PLC0415 - see `answer`

    return RedirectResponse(f"/mediation/login?{local_path(request)}", HTTPStatus.SEE_OTHER)


def several(count: int, language: Language) -> str:
    return filled(N_("有{count}处要改，改好就能提交。"), {"count": count}, language)


async def invalid(request: Request, error: Exception) -> Response:
    """Answer what pydantic found: every field with a sentence of its own."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    found = error.errors()
    if lacks_json(request, found):
        return plain(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    language = language_of(request)
    errors = [
        {
            "pointer": pointer_of(one["loc"]),
            "detail": sentence_of(one, language),
            "code": one["type"],
        }
        for one in found[:100]
    ]
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


def packed(request: Request) -> Response:
    """A body that would have to be unpacked first: none is (RFC 9110, 8.4; RFC 7694)."""
    sentence, status = N_("不收压缩过的请求内容，请去掉Content-Encoding再发。"), 415
    detail = translated(sentence, language_of(request))
    problem = document(request, status, detail, kind="PackedBodyError")
    return answer(request, problem, {"Accept-Encoding": "identity"})


def in_words(size: int) -> str:
    """A size in bytes as people read it."""
    return f"{size / 2**20:.4g} MB" if size >= 2**20 else f"{size / 2**10:.4g} KB"


def plain(
    request: Request,
    status: int,
    headers: Mapping[str, str] | None = None,
    kind: str = "about:blank",
    **facts: Any,
) -> Response:
    """A problem that its status explains."""
    sentence = DETAILS.get(status, TITLES.get(status, DETAILS[400]))
    facts = {"method": request.method, "most": "", "reference": "", **facts}
    detail = filled(sentence, facts, language_of(request))
    return answer(request, document(request, status, detail, kind=kind), headers)


def unexpected(request: Request, reference: str) -> Response:
    """A failure of ours: no details, only a number to ask about."""
    status, kind = HTTPStatus.INTERNAL_SERVER_ERROR, "InternalError"
    try:
        return plain(request, status, kind=kind, reference=reference)
    except Exception:  # the page itself may be what is broken
        detail = filled(DETAILS[status], {"reference": reference}, language_of(request))
        return for_programs(request, document(request, status, detail, kind=kind))


def unavailable(request: Request) -> Response:
    """A database or a sister is away."""
    headers = {"Retry-After": str(RETRY_SOON)}
    return plain(request, HTTPStatus.SERVICE_UNAVAILABLE, headers, kind="UnavailableError")


def overloaded(request: Request) -> Response:
    """More come at once than can be served: told at once, rather than after a long wait."""
    sentence, status = N_("现在同时办理的人太多，内容没有保存，请稍等几秒再试。"), 503
    detail = translated(sentence, language_of(request))
    problem = document(request, status, detail, kind="OverloadedError")
    return answer(request, problem, {"Retry-After": str(RETRY_SOON)})


def new_reference() -> str:
    """A number that page and log share."""
    return f"R-{secrets.token_hex(4).upper()}"
