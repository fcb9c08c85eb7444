"""What the console asks a service's own process: how it is doing, and dead letters once more."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from shared.messaging.inbox import Subscriber
from shared.trail import Doer
from shared.web import Who, service
from shared.web.dead_letters import replay_for

Facts = dict[str, object]


class Again(BaseModel):
    """Which dead letters; none: all that wait."""

    ids: list[UUID] = []


class Replayed(BaseModel):
    """How many went, and how many still fail."""

    went: int
    failed: int


def console_router(facts: Callable[[], Awaitable[Facts]], subscriber: Subscriber) -> APIRouter:
    """`GET /internal/facts` and `POST /internal/replay`, with a service token only.

    A dead letter is acted on where the service works: it may hold files that nobody else can open.
    """
    router = APIRouter(prefix="/internal", dependencies=[service()], include_in_schema=False)

    @router.get("/facts")
    async def all_facts() -> Facts:
        """All that `redress status` says of this service."""
        return await facts()

    @router.post("/replay")
    async def replay_letters(asked: Again, who: Who) -> Replayed:
        """Act on dead letters again."""
        went, failed = await replay_for(subscriber, asked.ids, Doer.of(who))
        return Replayed(went=went, failed=failed)

    return router
