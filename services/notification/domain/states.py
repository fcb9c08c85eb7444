"""Where a letter stands, why, and what a person may do with it there."""

from enum import StrEnum


class State(StrEnum):
    """The state of one letter."""

    OWED = "owed"
    """It has its number; the facts are still to be fetched."""
    HELD = "held"
    """A person must supply something before it can be printed."""
    WAITING = "waiting"
    """The e-mail is written, and nothing is there that could send it."""
    SENDING = "sending"
    """The e-mail is to be handed over, or tried again."""
    SENT = "sent"
    TO_PRINT = "to_print"
    """There is no e-mail address to use: a person prints and posts it."""
    PRINTED = "printed"
    """Printed and posted or handed over."""
    FAILED = "failed"
    """We gave up; a person must choose another way."""
    VOID = "void"
    """The case was over before it left; its number stays in the register."""


class Reason(StrEnum):
    """Why a letter is where it is, or why an attempt failed."""

    MISSING = "missing"
    """Facts that a letter must carry are missing."""
    GLYPHS = "glyphs"
    """No font has some of its characters."""
    ERASED = "erased"
    """The words of the complaint were erased on lawful request."""
    UNKNOWN = "unknown"
    """A sister service does not know the case yet."""
    CASE_OVER = "case_over"
    """The case was withdrawn or closed before the letter left."""
    LATE = "late"
    """It can no longer leave before its reply date."""
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    TO_FILL_IN = "to_fill_in"
    """A line is left blank that a person fills in by hand."""
    ADDRESS = "address"
    """The mail server says that there is no such mailbox."""
    REFUSED = "refused"
    """The mail server will not take it."""
    DEFERRED = "deferred"
    """The mail server asks to come back later."""
    UNREACHABLE = "unreachable"
    """The mail server does not answer."""
    LOGIN = "login"
    """The mail server does not accept our name and password."""
    UNMADE = "unmade"
    """It could not be made; why stands in the log."""
    UNPRINTABLE = "unprintable"
    """The letter could not be printed, so nothing was sent."""
    INTERRUPTED = "interrupted"
    """We stopped between handing it over and noting it; it may have arrived."""


class Action(StrEnum):
    """What a person may do."""

    SEND = "send"
    PRINTED = "printed"
    MAKE = "make"


MAY: dict[Action, frozenset[State]] = {
    Action.SEND: frozenset({State.WAITING, State.FAILED, State.SENT, State.SENDING}),
    Action.PRINTED: frozenset({State.TO_PRINT, State.WAITING, State.FAILED, State.SENDING}),
    Action.MAKE: frozenset({State.HELD, State.WAITING, State.TO_PRINT, State.FAILED, State.VOID}),
}
"""In which states a person may do what."""

FINISHED = frozenset({State.SENT, State.PRINTED})
"""Out of the house: its words no longer change."""

OVER = FINISHED | {State.VOID}
"""Nothing is left to be done with it."""


def may(state: State) -> tuple[Action, ...]:
    """What a person may do with a letter in this state."""
    return tuple(action for action in Action if state in MAY[action])
