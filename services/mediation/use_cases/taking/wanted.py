"""A step that somebody wants to take, and which steps are not taken together with others."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.mediation.domain.case import Step
from services.mediation.use_cases.allowing import Caller
from services.mediation.use_cases.deciding import Request

CORRECTING = frozenset({Step.NAME_RESPONDENT, Step.AMEND})
"""Steps that change the record."""
ALONE = CORRECTING | {Step.ASSIGN, Step.REOPEN}
"""Steps that read or write more than the case, its log and its forwardings."""


def unnoticed(_: UUID) -> None:
    """Nobody wants to know which complaint it was about."""


@dataclass(frozen=True)
class Wanted:
    """A step that somebody wants to take on a case."""

    case: str
    """Its id, its complaint's id or its number."""
    caller: Caller
    request: Request
    noticed: Callable[[UUID], None] = unnoticed
    """Told the complaint's id as soon as it is known, so also where the step is then refused."""
    guarded: frozenset[str] = frozenset()
    """Bodies whose letters open with a code that is sent to whoever complained."""
