"""What notification hears."""

from collections.abc import Sequence

from services.notification.use_cases.erase import erase_words
from services.notification.use_cases.make import amended
from services.notification.use_cases.owe import owe_letters
from services.notification.use_cases.void import void_letters
from shared.bodies import Bodies
from shared.events import CaseAmended, CaseClosed, CaseForwarded, CaseWithdrawn, ComplaintErased
from shared.messaging.subscriptions import Subscriptions
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

    return subscriptions
