"""The one place where refusals of the web edge are told to the trail."""

from collections.abc import Iterable
from uuid import UUID

from fastapi import Request

from shared.addresses import group_of
from shared.kernel import RuleError, Tried
from shared.text import normal_number
from shared.trail.refusals import STRANGER, Refusal, refusals_of
from shared.trail.said import Doer
from shared.vault import Vault
from shared.web.callers import noted
from shared.web.requests import caller_address

TOLD = "redress.refused"
HASH = 8
"""Bytes of the keyed hash of an address, or of what was typed."""


def refused(request: Request, deed: str, error: str = "", tried: Tried | None = None) -> None:
    """Tell the trail of a refused attempt, once for each request; a step writes it.

    `deed` is a code of `shared.trail.Deed`, such as `code.wrong`; `error` the class of the error;
    `tried` what it was aimed at, else what the address of the request names.
    """
    if not request.scope.get(TOLD):
        add(request, deed, error, tried)


def add(request: Request, deed: str, error: str, tried: Tried | None) -> None:
    """The same, also where the request has told of one before."""
    request.scope[TOLD] = True
    database = request.app.state.database
    who = noted(request)
    refusal = Refusal(
        action=deed,
        at=database.clock(),
        doer=Doer.of(who) if who else STRANGER,
        method=request.method,
        route=str(getattr(request.scope.get("route"), "path", "-")),
        error=error,
        address=keyed(database.vault, "refused-address", group_of(caller_address(request))),
        tried=told(database.vault, tried) if tried else named_in(request),
    )
    refusals_of(database).add(refusal)


def tell(request: Request, error: RuleError) -> None:
    """Tell the trail of a broken rule, if it is one that must not go unnoticed."""
    if error.deed:
        refused(request, error.deed, type(error).__name__, error.tried)


def tell_each(request: Request, errors: Iterable[RuleError]) -> None:
    """The same of all that one request was refused, such as rows of a file; floods are capped."""
    for error in errors:
        if error.deed:
            add(request, error.deed, type(error).__name__, error.tried)


def told(vault: Vault, tried: Tried) -> dict[str, str]:
    """What was tried as the trail keeps it: never what was typed, which may be a password.

    The work is the same whether there is such a thing or not.
    """
    hashed = keyed(vault, "refused-typed", tried.typed)
    known = {"hash": hashed} if tried.id is None else {"id": str(tried.id)}
    return {"kind": tried.kind} | known


def named_in(request: Request) -> dict[str, str]:
    """The first id or public number in the address, whether it exists or not."""
    for name, value in request.path_params.items():
        text = str(value)
        named = text if is_id(text) else normal_number(text)
        if named:
            return {"kind": name.removesuffix("_id"), "named": named}
    return {}


def is_id(text: str) -> bool:
    """Whether this is an id in its usual way of writing."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def keyed(vault: Vault, purpose: str, text: str) -> str:
    """A keyed hash: what is equal can be seen to be equal, and no more."""
    return vault.mac(purpose, text.encode("utf-8", "surrogatepass"))[:HASH].hex()
