"""The receipt: number and code, once more for whoever has just complained."""

from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.intake.domain.query_code import grouped
from services.intake.pages.opened import OPEN_SECONDS, RECEIPT, STATUS
from services.intake.use_cases.answers import next_of
from services.intake.use_cases.receipts import Receipt
from shared.web import page, public, recall, remember, see_other

HERE = "/intake/receipt"


class Receipts:
    """One page."""

    def __init__(self) -> None:
        self.router = APIRouter(include_in_schema=False, dependencies=[public()])
        self.router.add_api_route(HERE, self.get_receipt, methods=["GET"])

    async def get_receipt(self, request: Request) -> Response:
        """Number and code, as long as the cookie lives."""
        known = recall(request, RECEIPT)
        if known is None:
            return see_other("/intake/status")
        return page(
            request,
            "intake/receipt.html",
            number=known["number"],
            code=grouped(known["code"]),
            received_at=datetime.fromisoformat(known["received_at"]),
            kind=known["kind"],
            following=next_of(known["kind"]),
        )


def handed_over(request: Request, receipt: Receipt) -> Response:
    """On to the receipt. Short sealed cookies carry what it shows, and open the status page."""
    response = see_other(HERE)
    shown = {
        "number": receipt.number,
        "code": receipt.query_code,
        "received_at": receipt.received_at.isoformat(),
        "kind": receipt.kind,
    }
    remember(request, response, RECEIPT, shown, max_age=OPEN_SECONDS)
    opens = {"id": str(receipt.id), "generation": receipt.generation}
    remember(request, response, STATUS, opens, max_age=OPEN_SECONDS)
    return response
