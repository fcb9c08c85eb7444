"""Events a service could not act on: a person looks at them and has them tried again."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from shared.acting import doer_of
from shared.i18n import N_
from shared.kernel import RuleError
from shared.messaging.inbox import Subscriber
from shared.messaging.replay import buried, replay, waiting
from shared.messaging.tables import DeadLetterRow
from shared.messaging.unread import Flaws, flaws_of
from shared.rights import Action
from shared.trail import Chain, Deed, Doer, Said, note
from shared.web.access import Who, staff
from shared.web.forms import CheckedForm, see_other, wrongs
from shared.web.pages import page

MOST_SHOWN = 200
CHAIN = Chain("setting", "dead-letters")
SERVICES: Mapping[str, str] = {
    "intake": N_("收件"),
    "mediation": N_("调解"),
    "notification": N_("函件"),
    "analytics": N_("统计"),
}
"""Every service keeps the dead letters of its own; each page leads to the other three."""


class UnreadableChoiceError(RuleError):
    """A picked row that is no row."""


MOST_DIGITS = 20
"""More of them are no count of ours."""


def dead_letters_router(service: str, subscriber: Subscriber) -> APIRouter:
    """The page of one service, at `/{service}/dead-letters`."""
    router = APIRouter(include_in_schema=False, dependencies=[staff(Action.SYSTEM_OPERATE)])
    address = f"/{service}/dead-letters"

    async def shown(request: Request, status: int = 200, **more: object) -> Response:
        database = subscriber.database
        rows = [facts_of(one) for one in await waiting(database, most=MOST_SHOWN)]
        around = {"rows": rows, "total": await buried(database), "services": SERVICES}
        return page(request, "dead_letters.html", status, **around, **more)

    @router.get(address)
    async def dead_letters(request: Request) -> Response:
        """What waits, oldest first."""
        went, failed = (request.query_params.get(name, "") for name in ("went", "failed"))
        told = went.isdecimal() and failed.isdecimal() and len(went + failed) < MOST_DIGITS
        said = {"went": int(went), "failed": int(failed)} if told else None
        return await shown(request, said=said)

    @router.post(address)
    async def try_again(request: Request, who: Who, form: CheckedForm) -> Response:
        """Try the picked ones again, or all of them."""
        try:
            ids = picked([one for one in form.getlist("id") if isinstance(one, str)])
        except RuleError as error:
            return await shown(request, 422, said=None, wrong=wrongs(request, error))
        went, failed = await replay_for(subscriber, ids, doer_of(who, Action.SYSTEM_OPERATE))
        return see_other(f"{address}?went={went}&failed={failed}")

    return router


async def replay_for(subscriber: Subscriber, ids: Sequence[UUID], doer: Doer) -> tuple[int, int]:
    """Note who has dead letters tried again (none named: all), then do it: how many went or not."""
    async with subscriber.database.work() as work:
        said = Said(Deed.DEAD_LETTERS_REPLAYED, {"picked": [str(one) for one in ids] or "all"})
        await note(work, CHAIN, doer, said)
    return await replay(subscriber, ids)


def picked(values: Sequence[str]) -> list[UUID]:
    """The ids of the picked rows. Raises UnreadableChoiceError."""
    try:
        return [UUID(one) for one in values]
    except ValueError:
        raise UnreadableChoiceError("选中的内容读不出来，请刷新后再试。") from None


def unread(flaws: Flaws) -> list[tuple[str, str]]:
    """Sentences that say what cannot be read, and the names in them."""
    if flaws.whole:
        return [(N_("读不出来：内容不是 JSON 对象。"), "")]
    said = (
        (N_("读不出来：缺少%(names)s。"), flaws.missing),
        (N_("读不出来：%(names)s的值不对。"), flaws.wrong),
    )
    return [(sentence, ", ".join(names)) for sentence, names in said if names]


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
        "unread": unread(flaws_of(letter.body)),
        "at": letter.buried_at,
        "complaint": complaint,
    }
