"""Every refusal and every failure as a problem document (RFC 9457), or as a page for people."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.i18n import N_, TAGS, Language, filled, translated
from shared.kernel import RuleError, RuleErrors
from shared.web.callers import recognise
from shared.web.pages import page
from shared.web.plainly import plainly
from shared.web.requests import language_of, told_path, wants_html
from shared.web.sentences import pointer_of, sentence_of
from shared.web.statuses import DETAILS, TITLES

PROBLEM_JSON = "application/problem+json"

RETRY_SOON = 5
"""Seconds after which whoever was turned away may come again."""
MOST_TOLD = 100
"""How many fields that cannot be read a document lists."""


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


def broken(rules: Iterable[RuleError], language: Language) -> list[dict[str, Any]]:
    """Broken rules, as a problem document lists them."""
    return [
        {"pointer": one.pointer, "detail": said(one, language), "code": type(one).__name__}
        for one in rules
    ]


def unreadable(found: Iterable[Mapping[str, Any]], language: Language) -> list[dict[str, Any]]:
    """What pydantic could not read, as a problem document lists it."""
    return [
        {
            "pointer": pointer_of(one["loc"]),
            "detail": sentence_of(one, language),
            "code": one["type"],
        }
        for one in found
    ]


def several(count: int, language: Language) -> str:
    return filled(N_("有{count}处要改，改好就能提交。"), {"count": count}, language)


def packed(request: Request) -> Response:
    """A body that would have to be unpacked first: none is (RFC 9110, 8.4; RFC 7694)."""
    sentence, status = N_("不收压缩过的请求内容，请去掉Content-Encoding再发。"), 415
    detail = translated(sentence, language_of(request))
    problem = document(request, status, detail, kind="PackedBodyError")
    return answer(request, problem, {"Accept-Encoding": "identity"})


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
