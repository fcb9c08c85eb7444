"""The answers to complaints that were sent in: receipts, and each item of a batch by itself."""

from typing import Any

from fastapi import Request
from pydantic import ValidationError

from services.intake.use_cases.answers import next_of, receipt_json
from services.intake.use_cases.checking import Sender, Submission, submitted
from services.intake.use_cases.mistakes import Asked, Unreadable, besides
from services.intake.use_cases.receipts import Receipt
from services.intake.use_cases.submission import ComplaintForm
from shared.i18n import Language, translated
from shared.kernel import RuleError
from shared.web.mistakes import every
from shared.web.problems import broken, each_of
from shared.web.requests import options_of
from shared.web.statuses import status_of

CREATED, UNPROCESSABLE = 201, 422


def read_item(raw: dict[str, Any], sender: Sender, bodies: Any, now: Any) -> Submission | Exception:
    """One item of a batch, checked; or why it is refused."""
    try:
        return submitted(ComplaintForm.model_validate(raw), sender, None, bodies, now)
    except RuleError as error:
        return error
    except ValidationError as error:
        found = error.errors(include_url=False)
        rules = besides(raw, [one["loc"] for one in found], Asked(sender, bodies, now))
        return Unreadable([{**one, "loc": ("body", *one["loc"])} for one in found], rules)


def status_address(request: Request) -> str:
    """Where people ask how far it has come."""
    return options_of(request).public_url + "/intake/status"


def shown(receipt: Receipt, language: Language, address: str) -> dict[str, Any]:
    """The receipt as JSON, in the language of the caller."""
    return receipt_json(receipt, address, translated(next_of(receipt.kind), language))


def item(
    index: int, answer: Receipt | Exception, language: Language, address: str | None
) -> dict[str, Any]:
    """The answer to one item; no address, no receipt. Raises what is not the item's fault."""
    if isinstance(answer, Receipt):
        outcome = "known" if answer.known else "created"
        receipt = {"receipt": shown(answer, language, address)} if address else {}
        return {"index": index, "outcome": outcome, "status": CREATED, **receipt}
    if isinstance(answer, RuleError):
        status, errors = status_of(answer), broken(each_of(answer), language)
    elif isinstance(answer, Unreadable):
        status, errors = UNPROCESSABLE, every(answer.shape, answer.rules, language)
    else:
        raise answer
    return {"index": index, "outcome": "refused", "status": status, "errors": errors}
