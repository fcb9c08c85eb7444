"""The one place where refusals of the web edge are told to the trail."""

from fastapi import Request

from shared.kernel import RuleError
from shared.trail.refusals import STRANGER, Refusal, refusals_of
from shared.trail.said import Doer
from shared.web.callers import noted
from shared.web.requests import address_of, options_of

TOLD = "redress.refused"
HASH = 8
"""Bytes of the keyed hash of an address."""


def refused(request: Request, deed: str, error: str = "") -> None:
    """Tell the trail of a refused attempt, once for each request; a step writes it.

    `deed` is a code of `shared.trail.Deed`, such as `code.wrong`; `error` the class of the error.
    """
    if request.scope.get(TOLD):
        return
    request.scope[TOLD] = True
    database = request.app.state.database
    who = noted(request)
    forwarded = request.headers.get("x-forwarded-for", "")
    address = address_of(request.scope, forwarded, options_of(request).trusted_hops)
    refusal = Refusal(
        action=deed,
        at=database.clock(),
        doer=Doer.of(who) if who else STRANGER,
        method=request.method,
        route=str(getattr(request.scope.get("route"), "path", "-")),
        error=error,
        address=database.vault.mac("refused-address", address.encode())[:HASH].hex(),
    )
    refusals_of(database).add(refusal)


def tell(request: Request, error: RuleError) -> None:
    """Tell the trail of a broken rule, if it is one that must not go unnoticed."""
    if error.deed:
        refused(request, error.deed, type(error).__name__)
