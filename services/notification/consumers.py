"""What notification hears."""

from collections.abc import Sequence

from services.notification.use_cases.erase import erase_words
from services.notification.use_cases.owe import owe_letters
from services.notification.use_cases.placing import note_places
from services.notification.use_cases.resuming import amended
from services.notification.use_cases.void import void_letters
from shared.bodies import Bodies
from shared.events import (
    CaseAmended,
    CaseAssigned,
    CaseClosed,
    CaseForwarded,
    CaseOpened,
    CaseWithdrawn,
    ComplaintErased,
    UnitChanged,
)
from shared.messaging.subscriptions import Subscriptions
from shared.units import note_units
from shared.work import Work


def listening(bodies: Bodies) -> Subscriptions:
    """The ears of notification, which know the organisations' words for document numbers."""
    subscriptions = Subscriptions("notification")

    @subscriptions.on(CaseForwarded)
    async def on_case_forwarded(work: Work, events: Sequence[CaseForwarded]) -> None:
        """Cases were forwarded: letters are owed."""
        await owe_letters(work, events, bodies)

    @subscriptions.on(CaseAmended)
    async def on_case_amended(work: Work, events: Sequence[CaseAmended]) -> None:
        """Records were corrected: what was held for want of something may go on."""
        await amended(work, [event.complaint_id for event in events])

    @subscriptions.on(CaseWithdrawn)
    async def on_case_withdrawn(work: Work, events: Sequence[CaseWithdrawn]) -> None:
        """Cases were withdrawn: what has not left stays in."""
        await void_letters(work, events)

    @subscriptions.on(CaseClosed)
    async def on_case_closed(work: Work, events: Sequence[CaseClosed]) -> None:
        """Cases were closed: what has not left stays in."""
        await void_letters(work, events)

    @subscriptions.on(ComplaintErased)
    async def on_complaint_erased(work: Work, events: Sequence[ComplaintErased]) -> None:
        """Words were erased: so are our copies."""
        await erase_words(work, [event.complaint_id for event in events])

    @subscriptions.on(CaseOpened)
    async def on_case_opened(work: Work, events: Sequence[CaseOpened]) -> None:
        """Cases were opened, some of them with a unit."""
        await note_places(work, events)

    @subscriptions.on(CaseAssigned)
    async def on_case_assigned(work: Work, events: Sequence[CaseAssigned]) -> None:
        """Cases went to somebody, or to another unit: their letters with them."""
        await note_places(work, events)

    @subscriptions.on(UnitChanged)
    async def on_unit_changed(work: Work, events: Sequence[UnitChanged]) -> None:
        """Units were made, moved or ended."""
        await note_units(work, events)

    return subscriptions
