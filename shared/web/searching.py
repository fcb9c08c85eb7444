"""What somebody searches on a page never stands in its address as it was typed.

Addresses are kept in many places: in the history of a browser and what it syncs, in proxies, in the
logs of others. What is searched is often a name or a telephone, so pages take it from a form that
is sent (POST) and lead on to an address in which it stands sealed, for whoever typed it and for a
while: lists go on from page to page, and a browser goes back, as they do anywhere. Programs ask
the API, which no browser remembers.
"""

from uuid import UUID

from starlette.requests import HTTPConnection

from shared.kernel import RuleError
from shared.web.cookies import place_of, seal, unseal

MARK = "~"
"""What a sealed search begins with, and nothing that is typed into an address by mistake."""
LONGEST = 1000
"""Characters of a sealed search of up to a hundred characters, with room to spare."""
GOOD_FOR = 3600
"""Seconds."""


class SearchInAddressError(RuleError):
    """An address in which something to search for stands as it was typed."""


class SearchExpiredError(RuleError):
    """A sealed search that is too old, of somebody else, or not of ours."""


def sealed_search(request: HTTPConnection, who: UUID, typed: str) -> str:
    """What stands in an address instead of what was typed."""
    database = request.app.state.database
    until = int(database.clock().timestamp()) + GOOD_FOR
    data = {"until": until, "who": str(who), "q": typed}
    return MARK + seal(database.vault, place_of(request, "search"), data)


def opened_search(request: HTTPConnection, who: UUID, given: str | None) -> str | None:
    """What an address searches for. Raises SearchInAddressError, SearchExpiredError."""
    if not given:
        return None
    if not given.startswith(MARK):
        raise SearchInAddressError(
            "要找的内容不能写在网址里，网址会留在浏览器的历史里。请打开页面，在“查找”那一格里输入。",
            pointer="/query/q",
        )
    database = request.app.state.database
    found = unseal(database.vault, place_of(request, "search"), given.removeprefix(MARK))
    if not found or found["who"] != str(who) or found["until"] < database.clock().timestamp():
        raise SearchExpiredError("这次查找已经过期，请重新输入要找的内容。", pointer="/query/q")
    return str(found["q"])
