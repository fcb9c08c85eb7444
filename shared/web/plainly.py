"""A problem as a person reads it: fields by their names on the pages, never by JSON pointers."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from starlette.requests import Request

from shared.i18n import N_, Language, translated
from shared.web.requests import SAFE, language_of

FIELDS: Mapping[str, str] = {
    "from": N_("从"),
    "to": N_("到"),
    "due_before": N_("在此日之前到期"),
    "channel": N_("渠道"),
    "category": N_("类别"),
    "kind": N_("种类"),
    "state": N_("状态"),
    "unit": N_("承办单位"),
    "assignee": N_("承办"),
    "body": N_("机构"),
}
"""What the filters of the pages call the names in their addresses."""
COLONS: Mapping[Language, str] = {"zh": "：", "en": ": "}


class Plainly(NamedTuple):
    """What a page says of a problem, and where it leads."""

    lead: str
    each: list[str]
    """What there is to mend, where the lead does not say it."""
    without: str | None
    """This address without the filters that are wrong; None where that would mend nothing."""


def plainly(request: Request, problem: Mapping[str, Any]) -> Plainly:
    """The words of the problem page."""
    each = list(dict.fromkeys(sentences(problem, language_of(request))))
    lead = str(problem["detail"])
    if len(problem["errors"]) == 1 and problem["type"] == "InvalidRequestError":
        lead = each[0]
    return Plainly(lead, [one for one in each if one != lead], without(request, problem))


def sentences(problem: Mapping[str, Any], language: Language) -> Iterator[str]:
    """What is wrong, each with its field where pages have a word for it."""
    own = problem["type"] == "InvalidRequestError"
    for one in problem["errors"]:
        field = FIELDS.get(name_in_query(one["pointer"])) if own else None
        said = f"{translated(field, language)}{COLONS[language]}" if field else ""
        yield said + one["detail"]


def name_in_query(pointer: str) -> str:
    """The name in the address that a pointer means: `/query/from` and `/from` mean `from`."""
    return pointer.removeprefix("/query").removeprefix("/")


def without(request: Request, problem: Mapping[str, Any]) -> str | None:
    """Return the address asked for without the names that are wrong; None if none of them is."""
    wrong = {name_in_query(one["pointer"]) for one in problem["errors"]}
    given = request.query_params.multi_items()
    kept = [(name, value) for name, value in given if name not in wrong]
    if request.method not in SAFE or len(kept) == len(given):
        return None
    # One slash first: two would name another host.
    own = "/" + quote(request.scope["path"].lstrip("/\\"))
    return f"{own}?{urlencode(kept)}" if kept else own
