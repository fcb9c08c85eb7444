"""Which event makes mediation do what."""

from collections.abc import Sequence

from services.mediation.use_cases import hearing, opening
from shared.events import (
    ComplaintAmended,
    ComplaintErased,
    ComplaintReceived,
    ComplaintWithdrawn,
    EvidenceAdded,
    LetterFailed,
    LetterPrepared,
    LetterSent,
)
from shared.messaging.subscriptions import Subscriptions
from shared.work import Work

subscriptions = Subscriptions("mediation")


@subscriptions.on(ComplaintReceived)
async def on_complaint_received(work: Work, events: Sequence[ComplaintReceived]) -> None:
    """Complaints arrived: open their cases."""
    await opening.open_cases(work, events)


@subscriptions.on(ComplaintAmended)
async def on_complaint_amended(work: Work, events: Sequence[ComplaintAmended]) -> None:
    """Records were corrected: take over the facts, fetch the words again."""
    await hearing.amend_cases(work, events)


@subscriptions.on(EvidenceAdded)
async def on_evidence_added(work: Work, events: Sequence[EvidenceAdded]) -> None:
    """Files were added: show it."""
    await hearing.count_files(work, events)


@subscriptions.on(ComplaintWithdrawn)
async def on_complaint_withdrawn(work: Work, events: Sequence[ComplaintWithdrawn]) -> None:
    """Citizens took complaints back: withdraw the cases."""
    await hearing.withdraw_cases(work, events)


@subscriptions.on(ComplaintErased)
async def on_complaint_erased(work: Work, events: Sequence[ComplaintErased]) -> None:
    """Words were erased: empty the copies."""
    await hearing.erase_cases(work, events)


@subscriptions.on(LetterPrepared)
async def on_letter_prepared(work: Work, events: Sequence[LetterPrepared]) -> None:
    """Letters have their numbers: show it."""
    await hearing.note_letters(work, events)


@subscriptions.on(LetterSent)
async def on_letter_sent(work: Work, events: Sequence[LetterSent]) -> None:
    """Letters left the house: show it."""
    await hearing.note_letters(work, events)


@subscriptions.on(LetterFailed)
async def on_letter_failed(work: Work, events: Sequence[LetterFailed]) -> None:
    """Letters could not be sent: show it."""
    await hearing.note_letters(work, events)
