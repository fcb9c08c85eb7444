"""Staff entry: what a clerk typed, as the complaint that intake takes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from shared.kernel import RuleError
from shared.record.money import claims_of, fen_of
from shared.rights import Action
from shared.trail import Doer
from shared.web.acting import Caller
from shared.web.sessions import Staff

SWITCHES = ("forwarding", "mediation", "entrusted_mediation", "publication", "sensitive")


class Entry(NamedTuple):
    """A complaint as JSON, with who registered it, and which of its sums are none."""

    complaint: dict[str, Any]
    wrong: list[RuleError]


def entry_of(typed: Mapping[str, Any], who: Staff) -> Entry:
    """What was typed. A sum that cannot be read is left out, and told."""
    wrong: list[RuleError] = []
    matter = dict(typed.get("matter", {}))
    claimed = typed.get("claimed")
    amounts = {"/matter/amount": matter.pop("amount", None), "/claimed": claimed}
    fen: dict[str, int | None] = dict.fromkeys(amounts)
    for pointer, yuan in amounts.items():
        try:
            fen[pointer] = fen_of(str(yuan), pointer) if yuan else None
        except RuleError as error:
            wrong.append(error)
    consents = typed.get("consents", {})
    complaint = {
        "kind": typed.get("kind") or "complaint",
        "channel": typed.get("channel"),
        "body": who.body or None,
        "complainant": blank_as_none(typed.get("complainant")),
        "respondent": blank_as_none(typed.get("respondent")),
        "matter": matter | {"amount_fen": fen["/matter/amount"]},
        "claims": claims_of(typed.get("claims", []), fen["/claimed"]),
        "evidence": lines_of(typed.get("evidence")),
        "consents": {name: consents.get(name) == "true" for name in SWITCHES},
        "notice_read_out": typed.get("notice_read_out") == "true",
        "registrar": str(who.id),
        "staff": registrar_of(who).as_facts(),
    }
    return Entry(complaint, wrong)


def registrar_of(who: Staff) -> Doer:
    """Who takes it down, and by whose right (代理)."""
    return Caller(Doer.of(who), who.rights).doing_in(Action.CASE_REGISTER, who.body)


def blank_as_none(part: Any) -> dict[str, Any] | None:
    return dict(part) if part else None


def lines_of(text: Any) -> list[str]:
    """One piece of evidence per line."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]
