"""Events a service could not act on: a person looks at them and has them tried again."""

import json
from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from shared.kernel import RuleError
from shared.messaging.delivery import Subscriber
from shared.messaging.replay import replay, waiting
from shared.messaging.tables import DeadLetterRow
from shared.web.access import staff
from shared.web.forms import CheckedForm, see_other, wrongs
from shared.web.pages import page

MOST_SHOWN = 200


class UnreadableChoiceError(RuleError):
    """A picked row that is no row."""


MOST_DIGITS = 20
"""More of them are no count of ours."""


def dead_letters_router(service: str, subscriber: Subscriber) -> APIRouter:
    """The page of one service, at `/{service}/dead-letters`."""
    router = APIRouter(include_in_schema=False, dependencies=[staff()])
    address = f"/{service}/dead-letters"

    async def shown(request: Request, status: int = 200, **more: object) -> Response:
        letters = await waiting(subscriber.database, ())
        rows = [facts_of(one) for one in letters[:MOST_SHOWN]]
        return page(request, "dead_letters.html", status, rows=rows, total=len(letters), **more)

    @router.get(address)
    async def dead_letters(request: Request) -> Response:
        """What waits, oldest first."""
        went, failed = (request.query_params.get(name, "") for name in ("went", "failed"))
        told = went.isdecimal() and failed.isdecimal() and len(went + failed) < MOST_DIGITS
        said = {"went": int(went), "failed": int(failed)} if told else None
        return await shown(request, said=said)

    @router.post(address)
    async def try_again(request: Request, form: CheckedForm) -> Response:
        """Try the picked ones again, or all of them."""
        try:
            ids = picked([one for one in form.getlist("id") if isinstance(one, str)])
        except RuleError as error:
            return await shown(request, 422, said=None, wrong=wrongs(request, error))
        went, failed = await replay(subscriber, ids)
        return see_other(f"{address}?went={went}&failed={failed}")

    return router


def picked(values: Sequence[str]) -> list[UUID]:
    """The ids of the picked rows. Raises UnreadableChoiceError."""
    try:
        return [UUID(one) for one in values]
    except ValueError:
        raise UnreadableChoiceError("选中的内容读不出来，请刷新后再试。") from None


def facts_of(letter: DeadLetterRow) -> dict[str, object]:
    """What a person needs to know of it; events hold no personal data."""
    try:
        complaint = str(json.loads(letter.body).get("partitionkey", ""))
    except (ValueError, AttributeError):
        complaint = ""
    return {
        "id": letter.id,
        "type": letter.type,
        "error": letter.error,
        "at": letter.buried_at,
        "complaint": complaint,
    }
