"""Where the page of a case leads on to: shown only to whom the address behind it opens."""

from typing import NamedTuple

from services.mediation.domain.case import State
from services.mediation.use_cases.allowing import Caller, Lies
from shared.rights import Action

WORKING = (Action.CASE_HANDLE, Action.CASE_AMEND, Action.CASE_NOTE)
"""Each of them says that somebody works on a case, and opens its files in the course of that."""
ENDED = frozenset({State.WITHDRAWN, State.CLOSED})
"""States in which files are opened only by who may look behind masks, and says why."""


class Leads(NamedTuple):
    """Which addresses of a case open to somebody."""

    read_letters: bool
    open_files: bool
    invite: bool
    renew_code: bool
    see_reporter: bool


def leads(caller: Caller, case: Lies, state: State) -> Leads:
    """Where somebody can go on to from a case in this state."""
    place = caller.sees.place(case)

    def may(action: Action) -> bool:
        return caller.rights.reach(action).admits(place)

    in_course = state not in ENDED and any(map(may, WORKING))
    return Leads(
        read_letters=may(Action.LETTER_READ),
        open_files=in_course or may(Action.MASK_OPEN),
        invite=may(Action.CASE_HANDLE),
        renew_code=may(Action.CODE_RENEW),
        see_reporter=may(Action.REPORTER_OPEN),
    )
