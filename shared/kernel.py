"""The words every service shares. Standard library only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NewType, Self
from uuid import UUID

ComplaintId = NewType("ComplaintId", UUID)
BEYOND = "refused.beyond"
"""The code of `shared.trail.Deed` for what exists, and lies beyond the reach of who asked."""


@dataclass(frozen=True)
class Tried:
    """What somebody tried to get at and was refused: for the trail alone, never in an answer."""

    kind: str
    """What it is: account, case, complaint, file, letter, person, unit..."""
    id: UUID | None = None
    """Its id, where it exists."""
    typed: str = field(default="", repr=False)
    """What was typed: where nothing such exists, the trail keeps a keyed hash of it."""


class RuleError(Exception):
    """A request that breaks a rule.

    The tree, and the status that the web edge gives each kind:

    RuleError (422)
    ├── UnknownError (404)    what was asked for does not exist
    ├── ConflictError (409)   it exists, but not in a state that allows this
    ├── ForbiddenError (403)  who asks may not do this
    │   └── UnauthenticatedError (401)  nobody is logged in
    ├── TooManyError (429)    too often, come back later
    ├── TooLargeError (413)   more than we take
    └── NoRoomError (507)     nowhere left to keep it

    `sentence` is a Chinese sentence with `{named}` places, and the key of its translation; it says
    what is wrong and how to mend it. `pointer` is the JSON pointer of the field at fault.
    Subclasses have names that are sentences; the name is the problem document's `code`.
    `deed` is a code of `shared.trail.Deed` where the trail must tell of it; else empty. `tried` is
    what was tried, where that is known better than by the address of the request.
    """

    deed: str = ""
    tried: Tried | None = None

    def __init__(self, sentence: str, *, pointer: str | None = None, **facts: Any) -> None:
        super().__init__(sentence.format(**facts) if facts else sentence)
        self.sentence = sentence
        self.facts = facts
        self.pointer = pointer

    def telling(self, tried: Tried, deed: str | None = None) -> Self:
        """The same refusal; the trail is told what was tried."""
        self.tried = tried
        self.deed = self.deed if deed is None else deed
        return self

    def beyond(self, kind: str, identity: UUID | None) -> Self:
        """The same refusal; of what exists (an id), the trail is told that it is out of reach.

        Who asked cannot tell it from what does not exist: sentence and status are the same.
        """
        return self if identity is None else self.telling(Tried(kind, identity), BEYOND)


class UnknownError(RuleError):
    """What was asked for does not exist."""


class ConflictError(RuleError):
    """The thing exists, but not in a state that allows this."""


class ForbiddenError(RuleError):
    """Who asks may not do this."""

    deed = "refused.forbidden"


class UnauthenticatedError(ForbiddenError):
    """Nobody is logged in."""

    deed = "refused.stranger"


class TooManyError(RuleError):
    """Too often; `retry_after` is in whole seconds."""

    def __init__(self, sentence: str, *, retry_after: int, **facts: Any) -> None:
        super().__init__(sentence, retry_after=retry_after, **facts)
        self.retry_after = retry_after


class TooLargeError(RuleError):
    """More than we take."""


class NoRoomError(RuleError):
    """Nowhere left to keep it: the disk is nearly full."""


class RuleErrors(RuleError):  # noqa: N818 - it is several of them
    """Several broken rules at once, so that a person can mend them all in one go."""

    def __init__(self, errors: "list[RuleError]") -> None:
        super().__init__(errors[0].sentence, pointer=errors[0].pointer, **errors[0].facts)
        self.errors = errors
        told = next((one for one in errors if one.deed), self)
        self.deed, self.tried = told.deed, told.tried


def broken(rule: Callable[..., object], *typed: object) -> list[RuleError]:
    """What a rule finds wrong with what was typed; nothing where it holds."""
    try:
        rule(*typed)
    except RuleErrors as several:
        return several.errors
    except RuleError as error:
        return [error]
    return []


def raise_all(faults: list[RuleError]) -> None:
    """Raises the one fault there is, or RuleErrors where there are several; nothing for none."""
    if len(faults) > 1:
        raise RuleErrors(faults)
    for one in faults:
        raise one
