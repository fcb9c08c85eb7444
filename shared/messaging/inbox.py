"""One transaction for what was heard: which events are new here, and what is done about those."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pydantic import BaseModel

from shared.events import Event, decode
from shared.messaging.subscriptions import Subscriptions
from shared.metrics import DELIVERED
from shared.work import Database

PAUSES = (0.1, 1.0, 5.0)
"""Seconds before each further try of what may be chance."""


@dataclass
class Ear:
    """How a subscriber is doing: shown by readiness and by `redress status`."""

    trouble: str | None = None
    """Why nothing goes on at the moment, if so."""
    buried_in_a_row: int = 0


class Head(BaseModel):
    """What must be known of a message to know whether it is new, and for us."""

    id: UUID
    type: str


@dataclass(frozen=True)
class Subscriber:
    """A service that listens: what it listens to, and where it keeps what it did."""

    subscriptions: Subscriptions
    database: Database
    pauses: tuple[float, ...] = PAUSES
    ear: Ear = field(default_factory=Ear)

    @property
    def name(self) -> str:
        return self.subscriptions.service


async def act(subscriber: Subscriber, bodies: Sequence[bytes]) -> None:
    """One transaction: note which events are new, and act on those, in their order.

    Only what is new is read whole.
    """
    heard = {
        head.id: body
        for body in bodies
        if (head := head_of(body)) and subscriber.subscriptions.hears(head.type)
    }
    if not heard:
        return
    async with subscriber.database.work() as work:
        fresh = await work.first_heard(list(heard))
        read = [decode(body) for event_id, body in heard.items() if event_id in fresh]
        new = [event for event in read if event]
        for kind, events in in_turns(new):
            handler = subscriber.subscriptions.handler_of(kind)
            assert handler is not None, "only what has a handler is heard"  # noqa: S101
            await handler(work, events)
    DELIVERED.labels(subscriber.name, "acted").inc(len(new))


def in_turns(events: Iterable[Event]) -> list[tuple[type[Event], list[Event]]]:
    """Group events of one type for one call, and keep the order of each subject's own events."""
    turns: dict[tuple[int, type[Event]], list[Event]] = {}
    spoken: dict[object, int] = {}
    for event in events:
        turn = spoken.get(event.subject, 0)
        spoken[event.subject] = turn + 1
        turns.setdefault((turn, type(event)), []).append(event)
    return [(key[1], turns[key]) for key in sorted(turns, key=lambda key: key[0])]


def head_of(body: bytes) -> Head | None:
    """The head of a message; None for a type this version does not know. Raises as `decode`."""
    try:
        return Head.model_validate_json(body)
    except ValueError:
        if decode(body) is None:
            return None
        raise
