"""The question in an address of the API: what nobody knows is refused, not overlooked.

A filter that is misspelt would otherwise give the wrong list without a word. Pages overlook what
they do not know, so that a link to which somebody added words still opens.
"""

from typing import Any

from fastapi import Depends, Request
from pydantic import BaseModel

from shared.kernel import RuleError, RuleErrors
from shared.pointers import pointer_to

LANGUAGE = "lang"
"""Every address knows it."""
MOST_NAMED = 10


class UnknownParameterError(RuleError):
    """A parameter that this address does not know."""


def only(query: type[BaseModel]) -> Any:
    """For a route of the API: parameters that `query` does not have are refused by name."""
    known = [field.alias or name for name, field in query.model_fields.items()]
    accepted = frozenset({*known, LANGUAGE})

    async def check(request: Request) -> None:
        unknown = [name for name in dict.fromkeys(request.query_params) if name not in accepted]
        if unknown:
            raise RuleErrors([refusal(name, known) for name in unknown[:MOST_NAMED]])

    return Depends(check)


def refusal(name: str, known: list[str]) -> UnknownParameterError:
    """Names the parameter and those there are."""
    return UnknownParameterError(
        "没有查询参数“{name}”；可以用的有：{known}。",
        pointer=pointer_to(("query", name[:40])),
        name=name[:40],
        known=", ".join(known),
    )
