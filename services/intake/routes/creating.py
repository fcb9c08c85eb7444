"""Creating complaints: one, or up to five hundred at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import to_json

from services.intake.ports import Means
from services.intake.routes.callers import STRANGER, sender_of, staff_or_nobody
from services.intake.routes.items import CREATED, item, read_item, shown, status_address
from services.intake.use_cases.admitting import Caller, Door
from services.intake.use_cases.answers import BatchOut, ReceiptOut
from services.intake.use_cases.checking import Sender, Submission, submitted
from services.intake.use_cases.mistakes import Asked, Place, besides
from services.intake.use_cases.receipts import Receipt
from services.intake.use_cases.receiving import receive_complaints, would_receive
from services.intake.use_cases.submission import ComplaintForm
from shared.kernel import RuleError
from shared.rights import Action
from shared.web import TheDatabase, Who, body_limit, log_ids, public, staff_or_token
from shared.web.ahead import AheadOfBody
from shared.web.mistakes import telling_all
from shared.web.requests import language_of
from shared.work import Database

MOST_AT_ONCE = 500
LARGEST_BATCH = 64 * 2**20
GROUP = 100
"""Items of a batch that are kept together; between two groups others get their turn."""

Key = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=200)] | None,
    Header(
        alias="Idempotency-Key",
        description="Chosen by the sender, a new one for each complaint: sending the same request"
        " again gives the same answer; another body under the same key is a 409.",
    ),
]

MINIMAL = "return=minimal"


@dataclass(frozen=True)
class Wishes:
    """How a batch is to be taken and answered."""

    dry_run: Annotated[bool, Query(description="Check only, keep nothing.")] = False
    prefer: Annotated[
        str | None,
        Header(
            description=f"`{MINIMAL}` (RFC 7240): the answer leaves the receipts out; what was"
            " known or refused is told all the same."
        ),
    ] = None

    @property
    def minimal(self) -> bool:
        """Whether the caller wants no receipts."""
        return MINIMAL in (self.prefer or "").replace(" ", "").lower().split(",")


class BatchForm(BaseModel):
    """Up to 500 complaints; each is answered by itself (批量)."""

    model_config = ConfigDict(extra="forbid")

    items: list[dict[str, Any]] = Field(
        min_length=1, max_length=MOST_AT_ONCE, description="Each as for the single address."
    )


class Creating:
    """The routes that create."""

    def __init__(self, means: Means) -> None:
        self._bodies = means.bodies
        self._door = Door(means.flood)
        self.router = APIRouter(
            prefix="/intake/api/v1",
            tags=["complaints"],
            route_class=telling_all(self._besides, "/complaints"),
        )
        self.router.add_api_route(
            "/complaints",
            self.post_complaint,
            methods=["POST"],
            status_code=CREATED,
            response_model=ReceiptOut,
            dependencies=[public()],
        )
        self.router.add_api_route(
            "/complaints/batch",
            self.post_batch,
            methods=["POST"],
            response_model=BatchOut,
            dependencies=[staff_or_token(Action.CASE_REGISTER), body_limit(LARGEST_BATCH)],
            route_class_override=AheadOfBody,
        )

    async def post_complaint(
        self, request: Request, form: ComplaintForm, database: TheDatabase, key: Key = None
    ) -> JSONResponse:
        """Create one complaint, report, inquiry, suggestion, praise or call for help (投诉等来件).

        Open to everybody. Answers 201 with the public number and the query code; while many more
        come than usual, strangers are answered 429 unless `X-Challenge` is with it (`/challenge`).
        """
        sender = sender_of(await staff_or_nobody(request))
        if sender is STRANGER:
            caller = Caller(str(request.scope.get("redress.caller", "-")), key or "")
            proof = request.headers.get("x-challenge", "")
            self._door.admit_program(database.vault, caller, database.clock(), proof)
        submission = submitted(form, sender, key, self._bodies, database.clock())
        receipt = await database.together(receive_complaints, submission)
        log_ids(request, complaint_id=receipt.id)
        location = {"Location": f"/intake/api/v1/complaints/{receipt.id}"}
        return JSONResponse(
            shown(receipt, language_of(request), status_address(request)), CREATED, location
        )

    async def _besides(
        self, request: Request, raw: Any, places: Sequence[Place]
    ) -> list[RuleError]:
        """What is wrong with a complaint besides what cannot be read of it."""
        sender = sender_of(await staff_or_nobody(request))
        asked = Asked(sender, self._bodies, request.app.state.database.clock())
        return besides(raw, places, asked)

    async def post_batch(
        self,
        request: Request,
        form: BatchForm,
        who: Who,
        database: TheDatabase,
        wishes: Annotated[Wishes, Depends()],
    ) -> Response:
        """Create up to 500 complaints, for imports and partners (批量导入).

        Each item is answered by itself; `external.source` and `external.id` together are its
        idempotency key, so a batch that was interrupted can simply be sent again.
        """
        sender = sender_of(who)
        answers: list[Receipt | Exception] = []
        for start in range(0, len(form.items), GROUP):
            group = form.items[start : start + GROUP]
            answers += await self._take(database, group, sender, dry_run=wishes.dry_run)
            await asyncio.sleep(0)
        language = language_of(request)
        address = None if wishes.minimal else status_address(request)
        items = [item(n, answer, language, address) for n, answer in enumerate(answers)]
        applied = {} if address else {"Preference-Applied": MINIMAL}
        return Response(to_json({"items": items}), headers=applied, media_type="application/json")

    async def _take(
        self, database: Database, items: Sequence[dict[str, Any]], sender: Sender, *, dry_run: bool
    ) -> list[Receipt | Exception]:
        """The answers to one group, in order."""
        now = database.clock()
        read = [read_item(one, sender, self._bodies, now) for one in items]
        good = [one for one in read if isinstance(one, Submission)]
        receive = would_receive if dry_run else receive_complaints
        answers = iter(await receive(database, good))
        return [next(answers) if isinstance(one, Submission) else one for one in read]
