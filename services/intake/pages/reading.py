"""From the fields of the public form to a complaint."""

from typing import Any

from starlette.datastructures import FormData

from services.intake.domain.typed import day_of
from services.intake.use_cases.submission import ComplaintForm
from shared.kernel import RuleError, RuleErrors
from shared.record.money import claims_of, fen_of
from shared.web import nested

OURS = ("form_key", "drop", "claimed_fen")
"""Fields of the form that are no part of a complaint."""
DAYS = ("happened_on", "rights_infringement_known_on")


def complaint_in(form: FormData) -> ComplaintForm:
    """The complaint in the form. Raises ValidationError, RuleErrors."""
    fields = nested(form, many={"claims"})
    wrong: list[RuleError] = []
    claimed = sum_in(fields, "claimed_fen", "/claimed_fen", wrong)
    matter = fields.setdefault("matter", {})
    amount = sum_in(matter, "amount_fen", "/matter/amount_fen", wrong)
    if wrong:
        raise RuleErrors(wrong)
    for name in OURS:
        fields.pop(name, None)
    if amount is not None:
        matter["amount_fen"] = amount
    matter["text"] = matter.get("text", "").replace("\r\n", "\n")
    matter |= {name: day_of(matter[name]) for name in DAYS if name in matter}
    fields["claims"] = claims_of(fields.get("claims", []), claimed)
    fields["consents"] = {"forwarding": False} | dict.fromkeys(fields.get("consents", {}), True)
    fields["evidence"] = fields.get("evidence", "").splitlines()[:50]
    return ComplaintForm.model_validate(fields)


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
