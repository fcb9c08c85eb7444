"""Routes that tell everything wrong with what they were sent, also where some cannot be read.

FastAPI answers what cannot be read before a route is called; whoever sent it would learn of the
broken rules only the next time. These routes ask the rules about the rest.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import Response

from shared.i18n import Language
from shared.kernel import RuleError
from shared.web.problems import MOST_TOLD, answer, broken, document, several, unreadable
from shared.web.requests import language_of

Place: TypeAlias = Sequence[str | int]
"""Where something stands in a body: names and positions, from the outside in."""
Handle: TypeAlias = Callable[[Request], Coroutine[Any, Any, Response]]
Rules: TypeAlias = Callable[[Request, Any, Sequence[Place]], Awaitable[Sequence[RuleError]]]
"""What the rules find wrong with a body besides what cannot be read at these places."""
UNPROCESSABLE = 422


def telling_all(rules: Rules, ending: str) -> type[APIRoute]:
    """A kind of route that takes one thing, at addresses with this ending.

    What cannot be read is told together with what the rules say of the rest.
    """

    class TellingAll(APIRoute):
        def get_route_handler(self) -> Handle:
            handle = super().get_route_handler()
            return handle if not self.path.endswith(ending) else partial(all_told, handle, rules)

    return TellingAll


async def all_told(handle: Handle, rules: Rules, request: Request) -> Response:
    """Answer a request; where its body cannot be read, with everything wrong with it."""
    try:
        return await handle(request)
    except RequestValidationError as error:
        found = error.errors()[:MOST_TOLD]
        places = [one["loc"][1:] for one in found if one["loc"][0] == "body"]
        broken_rules = await rules(request, error.body, places) if places else []
        if not broken_rules:
            raise
    language = language_of(request)
    errors = every(found, broken_rules, language)
    detail = several(len(errors), language)
    told = document(request, UNPROCESSABLE, detail, kind="InvalidRequestError", errors=errors)
    return answer(request, told)


def every(
    shape: Sequence[Mapping[str, Any]], rules: Sequence[RuleError], language: Language
) -> list[dict[str, Any]]:
    """All that must be mended, as a problem document lists it: what cannot be read, then rules."""
    return unreadable(shape, language) + broken(rules, language)
