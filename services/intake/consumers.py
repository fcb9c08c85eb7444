"""What intake hears: the steps of a case, for the citizen's status page; where it lies; units."""

from collections.abc import Sequence

from services.intake.use_cases.hearing import note_steps
from services.intake.use_cases.placing import note_places
from shared.events import (
    CaseAccepted,
    CaseAgreed,
    CaseAssigned,
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
    UnitChanged,
)
from shared.messaging.subscriptions import Subscriptions
from shared.units import note_units
from shared.work import Work

subscriptions = Subscriptions("intake")


HEARD: tuple[type[ComplaintEvent], ...] = (
    CaseAccepted, CaseRefused, CaseForwarded, ReplyRecorded, CaseAgreed, CaseFailed,
    CaseWithdrawn, CaseClosed, CaseReopened, LetterSent,
)  # fmt: skip


async def on_step(work: Work, events: Sequence[ComplaintEvent]) -> None:
    """Something happened to a case: the citizen may know."""
    await note_steps(work, events)


for event in HEARD:
    subscriptions.on(event)(on_step)


@subscriptions.on(CaseOpened)
async def on_opened(work: Work, events: Sequence[CaseOpened]) -> None:
    """Cases were opened, some of them with a unit."""
    await note_steps(work, events)
    await note_places(work, events)


@subscriptions.on(CaseAssigned)
async def on_assigned(work: Work, events: Sequence[CaseAssigned]) -> None:
    """Cases went to somebody, or to another unit: other staff may read them now."""
    await note_places(work, events)


@subscriptions.on(UnitChanged)
async def on_unit(work: Work, events: Sequence[UnitChanged]) -> None:
    """Units were made, moved or ended."""
    await note_units(work, events)
