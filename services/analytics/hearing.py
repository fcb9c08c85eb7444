"""From bodies on the wire to what the facts need of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic_core import from_json

from services.analytics.domain.facts import Told
from shared.clock import local_day
from shared.events import BY_TYPE, ComplaintReceived, Event
from shared.events.base import facts_of
from shared.messaging.unread import why


@dataclass(frozen=True)
class Unreadable:
    """A body that is no event, and why."""

    body: bytes
    error: str


@dataclass(frozen=True)
class Heard:
    """What a stretch of the log said."""

    told: list[Told] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


def hear(bodies: Iterable[bytes]) -> Heard:
    """Read the bodies; pass over types this version does not know, set aside what is no event."""
    heard = Heard()
    for body in bodies:
        try:
            event = read(body)
        except (ValueError, KeyError, TypeError) as error:
            heard.unreadable.append(Unreadable(body, why(body, error)))
        else:
            if event is not None:
                heard.told.append(told(event))
    return heard


def read(body: bytes) -> Event | None:
    """As `shared.events.decode`, by the quicker reader: the facts are told from millions of events.

    Raises ValueError, KeyError or TypeError for what is no event.
    """
    message = from_json(body)
    known = BY_TYPE.get(message["type"])
    return known.model_validate(facts_of(known, message)) if known else None


def told(event: Event) -> Told:
    """The event as facts: its fields, and the legal days of its instants."""
    facts = dict(event.__dict__)
    facts["occurred_on"] = local_day(event.occurred_at)
    if isinstance(event, ComplaintReceived):
        facts["received_on"] = local_day(event.received_at)
    return Told(event.TYPE, event.subject, event.version, facts)
