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
from shared.kernel import (
    ConflictError,
    ForbiddenError,
    RuleError,
    RuleErrors,
    TooLargeError,
    TooManyError,
    UnauthenticatedError,
    UnknownError,
)
from shared.web.access import recognise
from shared.web.requests import SAFE, language_of, wants_html
from shared.web.sentences import pointer_of, sentence_of

PROBLEM_JSON = "application/problem+json"

STATUS: dict[type[RuleError], int] = {
    UnknownError: 404,
    ConflictError: 409,
    UnauthenticatedError: 401,
    ForbiddenError: 403,
    TooManyError: 429,
    TooLargeError: 413,
    RuleError: 422,
}

TITLES: dict[int, str] = {
    400: N_("看不懂这个请求"),
    401: N_("要先登录"),
    403: N_("不能这样做"),
    404: N_("没有找到"),
    405: N_("不能用这种方法"),
    406: N_("给不了这种格式"),
    409: N_("和现在的情况不一致"),
    413: N_("内容太大"),
    414: N_("地址太长"),
    415: N_("请写明内容的格式"),
    421: N_("不是这里的地址"),
    422: N_("有内容要改"),
    429: N_("太频繁了"),
    431: N_("请求头太多"),
    500: N_("系统出错了"),
    503: N_("暂时不能办理"),
}

DETAILS: dict[int, str] = {
    400: N_("请求读不出来，请检查内容和编码（UTF-8）。"),
    404: N_("没有这个地址，请检查网址。"),
    405: N_("这个地址不能用 {method} 方法。"),
    413: N_("内容超过了{most}，请减少或者分几次提交。"),
    414: N_("网址太长，请缩短。"),
    415: N_("请求头里要写 Content-Type: application/json，内容是 UTF-8 编码的 JSON。"),
    421: N_("这个地址不由本系统提供服务，请检查网址。"),
    431: N_("请求头太多，请减少后再试。"),
    500: N_("我们这边出了错，不是您的问题。内容没有保存，请稍后再试。问题编号 {reference}。"),
    503: N_("暂时连不上需要的系统，内容没有保存，请稍后再试。"),
}
RETRY_SOON = 5


class SeveralWrong(RuleError):  # noqa: N818 - the name of a document, not raised
    """More than one thing to mend."""


def status_of(error: RuleError) -> int:
    """The status of a kind of broken rule."""
    if isinstance(error, RuleErrors):
        return max(status_of(one) for one in error.errors) if len(error.errors) == 1 else 422
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


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
        "instance": request.url.path,
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
        response = page(request, "problem.html", status, problem=problem)
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
    if status == HTTPStatus.UNAUTHORIZED and wants_html(request) and request.method in SAFE:
        return to_login(request)
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
    most = in_words(getattr(error, "most", 0))
    return plain(request, error.status_code, dict(error.headers or {}), most=most)


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


def new_reference() -> str:
    """A number that page and log share."""
    return f"R-{secrets.token_hex(4).upper()}"
