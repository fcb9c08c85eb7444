"""What intake hears: the steps of a case, for the citizen's status page."""

from collections.abc import Sequence

from services.intake.use_cases.hearing import note_steps
from shared.events import (
    CaseAccepted,
    CaseAgreed,
    CaseClosed,
    CaseFailed,
    CaseForwarded,
    CaseOpened,
    CaseRefused,
    CaseReopened,
    CaseWithdrawn,
    ComplaintEvent,
    LetterSent,
    ReplyRecorded,
)
from shared.messaging.subscriptions import Subscriptions
from shared.work import Work

subscriptions = Subscriptions("intake")


HEARD: tuple[type[ComplaintEvent], ...] = (
    CaseOpened, CaseAccepted, CaseRefused, CaseForwarded, ReplyRecorded, CaseAgreed, CaseFailed,
    CaseWithdrawn, CaseClosed, CaseReopened, LetterSent,
)  # fmt: skip


async def on_step(work: Work, events: Sequence[ComplaintEvent]) -> None:
    """Something happened to a case: the citizen may know."""
    await note_steps(work, events)


for event in HEARD:
    subscriptions.on(event)(on_step)
