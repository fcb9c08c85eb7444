"""From the fields of the public form to a complaint, and from what is wrong back to the fields."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.datastructures import FormData

from services.intake.domain.typed import day_of
from shared.kernel import RuleError
from shared.record.money import claims_of, fen_of
from shared.web import nested

OURS = (
    "form_key", "drop", "claimed_fen", "challenge", "challenge_answer", "notice_of", "other_body",
)  # fmt: skip
"""Fields of the form that are no part of a complaint."""
DAYS = ("happened_on", "rights_infringement_known_on")
ORDER = (
    "", "kind", "respondent", "matter", "claims", "claimed_fen", "files", "evidence",
    "complainant", "body", "consents",
)  # fmt: skip
"""The parts of the form from top to bottom."""


class Read(NamedTuple):
    """What a form says, as the API would get it, and which of its sums are none."""

    fields: dict[str, Any]
    wrong: list[RuleError]


ASKED = ("forwarding", "mediation", "sensitive")
"""What the form asks for: left unticked, it is a no."""


def read(form: FormData) -> Read:
    """The complaint in the form. A sum that cannot be read is left out, and told."""
    fields = nested(form, many={"claims"})
    wrong: list[RuleError] = []
    claimed = sum_in(fields, "claimed_fen", "/claimed_fen", wrong)
    matter = fields.setdefault("matter", {})
    amount = sum_in(matter, "amount_fen", "/matter/amount_fen", wrong)
    for name in OURS:
        fields.pop(name, None)
    if amount is not None:
        matter["amount_fen"] = amount
    matter["text"] = matter.get("text", "").replace("\r\n", "\n")
    matter |= {name: day_of(matter[name]) for name in DAYS if name in matter}
    fields["claims"] = claims_of(fields.get("claims", []), claimed)
    fields["consents"] = dict.fromkeys(ASKED, False) | dict.fromkeys(
        fields.get("consents", {}), True
    )
    lines = fields.get("evidence", "").splitlines()
    fields["evidence"] = [line for line in lines if line.strip()]
    return Read(fields, wrong)


def sum_in(fields: dict[str, Any], name: str, pointer: str, wrong: list[RuleError]) -> int | None:
    """A field in yuan as fen; what is wrong with it goes to `wrong`."""
    typed = fields.pop(name, None)
    if typed is None:
        return None
    try:
        return fen_of(typed, pointer)
    except RuleError as error:
        wrong.append(error)
        return None


def on_the_form(wrong: Mapping[str, str]) -> dict[str, str]:
    """What is wrong by the fields of the form, from top to bottom; the first of each field."""
    found: dict[str, str] = {}
    for name, sentence in wrong.items():
        found.setdefault(field_of(name), sentence)
    return dict(sorted(found.items(), key=lambda one: place_of(one[0])))


def field_of(name: str) -> str:
    """The field that shows a part of the complaint: lists have one field for all they hold."""
    part, *within = name.split(".")
    if part == "claims" and within[-1:] == ["amount_fen"]:
        return "claimed_fen"
    return part if part in {"claims", "evidence"} else name


def place_of(field: str) -> int:
    part = field.partition(".")[0]
    return ORDER.index(part) if part in ORDER else len(ORDER)
