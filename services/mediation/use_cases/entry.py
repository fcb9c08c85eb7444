"""Staff entry: what a clerk typed, as the complaint that intake takes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from shared.acting import Caller, Staff
from shared.i18n import Language
from shared.kernel import RuleError
from shared.record.money import claims_of, fen_of
from shared.rights import Action
from shared.terms import Channel, Kind, Term
from shared.trail import Doer

CODED: Mapping[str, type[Term]] = {"channel": Channel, "kind": Kind}
NEEDED = frozenset({"channel"})
SWITCHES = ("forwarding", "mediation", "entrusted_mediation", "publication", "sensitive")


class NotOnTheListError(RuleError):
    """A code that is on no list, or none where there must be one."""


class Labels(NamedTuple):
    """The words of a list of codes, said in the reader's language."""

    terms: type[Term]

    def said(self, language: Language, /) -> str:
        """The words, in the way the language lists things."""
        between = "、" if language == "zh" else ", "
        return between.join(words for _, words in self.terms.choices(language))


class Entry(NamedTuple):
    """A complaint as JSON, with who registered it, and what of it cannot be read."""

    complaint: dict[str, Any]
    wrong: list[RuleError]


def entry_of(typed: Mapping[str, Any], who: Staff) -> Entry:
    """What was typed. A sum that cannot be read is left out, and told; codes are on their lists."""
    wrong: list[RuleError] = [
        NotOnTheListError("请选一项：{choices}。", pointer=f"/{name}", choices=Labels(terms))
        for name, terms in CODED.items()
        if (name in NEEDED or typed.get(name)) and not known(typed.get(name), terms)
    ]
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
        **read_out(typed),
        "registrar": str(who.id),
        "staff": registrar_of(who).as_facts(),
    }
    return Entry(complaint, wrong)


def read_out(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the privacy notice (隐私告知) was read out, and the version that stood there."""
    ticked, version = typed.get("notice_read_out") == "true", typed.get("privacy_notice")
    shown = {"privacy_notice": version} if ticked and version else {}
    return {"notice_read_out": ticked, **shown}


def registrar_of(who: Staff) -> Doer:
    """Who takes it down, and by whose right (代理)."""
    return Caller(Doer.of(who), who.rights).doing_in(Action.CASE_REGISTER, who.body)


def blank_as_none(part: Any) -> dict[str, Any] | None:
    return dict(part) if part else None


def lines_of(text: Any) -> list[str]:
    """One piece of evidence per line."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def known(code: Any, terms: type[Term]) -> bool:
    """Whether a code is on a list."""
    return code in {one.value for one in terms}
