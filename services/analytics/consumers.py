"""What analytics hears: everything, by reading the log itself; here only dead letters once more."""

from collections.abc import Sequence

from services.analytics.hearing import told
from services.analytics.store import FactsStore
from shared.events import ALL, Event
from shared.messaging.subscriptions import Subscriptions
from shared.work import Work


class Replayed(Subscriptions):
    """Ears that nothing is delivered to: the log is followed, no consumer group is joined."""

    @property
    def topics(self) -> frozenset[str]:
        return frozenset()


def subscriptions_of(store: FactsStore) -> Subscriptions:
    """Handlers of dead letters that can be read by now; the positions stay where they are."""
    subscriptions = Replayed("analytics")

    async def take(work: Work, events: Sequence[Event]) -> None:
        await store.take({}, [told(event) for event in events])

    for event in ALL:
        subscriptions.on(event)(take)
    return subscriptions
