"""Staff entry: what a clerk typed, as the complaint that intake takes."""

from collections.abc import Mapping
from typing import Any

from shared.kernel import RuleError, RuleErrors
from shared.web.sessions import Staff

SWITCHES = ("forwarding", "mediation", "entrusted_mediation", "publication")
FEN_DIGITS = 2


class WrongAmountError(RuleError):
    """The amount is no sum of money."""


def entry_of(typed: Mapping[str, Any], who: Staff) -> dict[str, Any]:
    """The complaint as JSON, with who registered it. Raises RuleErrors for amounts."""
    faults: list[RuleError] = []
    matter = dict(typed.get("matter", {}))
    claimed = typed.get("claimed")
    amounts = {"/matter/amount": matter.pop("amount", None), "/claimed": claimed}
    fen: dict[str, int | None] = {}
    for pointer, yuan in amounts.items():
        try:
            fen[pointer] = fen_of(yuan, pointer)
        except WrongAmountError as error:
            faults.append(error)
    if faults:
        raise RuleErrors(faults)
    consents = typed.get("consents", {})
    return {
        "kind": typed.get("kind") or "complaint",
        "channel": typed.get("channel"),
        "body": who.body or None,
        "complainant": blank_as_none(typed.get("complainant")),
        "respondent": blank_as_none(typed.get("respondent")),
        "matter": matter | {"amount_fen": fen["/matter/amount"]},
        "claims": claims_of(typed.get("claims", []), fen["/claimed"]),
        "evidence": lines_of(typed.get("evidence")),
        "consents": {name: consents.get(name) == "true" for name in SWITCHES},
        "registrar": str(who.id),
    }


def blank_as_none(part: Any) -> dict[str, Any] | None:
    return dict(part) if part else None


def claims_of(kinds: list[str], fen: int | None) -> list[dict[str, Any]]:
    """What is claimed; a sum belongs to the first claim."""
    return [{"kind": kind, "amount_fen": fen if not at else None} for at, kind in enumerate(kinds)]


def lines_of(text: Any) -> list[str]:
    """One piece of evidence per line."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def fen_of(yuan: Any, pointer: str) -> int | None:
    """Yuan as typed, in fen. Raises WrongAmountError."""
    if not yuan:
        return None
    plain = str(yuan).replace(",", "").replace("，", "").removesuffix("元").strip()
    whole, _, part = plain.partition(".")
    fits = whole.isdecimal() and whole.isascii() and len(part) <= FEN_DIGITS
    if not fits or (part and not (part.isdecimal() and part.isascii())):
        raise WrongAmountError("金额要写成 129 或者 129.50 的样子。", pointer=pointer)
    return int(whole) * 100 + int(part.ljust(FEN_DIGITS, "0"))
