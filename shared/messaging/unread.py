"""Why a message is no event: the names of what is missing or cannot be read, never a value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from shared.events import BY_TYPE, Event, decode
from shared.events.base import envelope_of
from shared.log import reason_of

MEMBERS = ("type", "id", "time", "subject", "data")
NO_EVENT = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a message raises where it is no event."""


@dataclass(frozen=True)
class Flaws:
    """What is wrong with a message. The names are those of our own catalogue of events."""

    whole: bool = False
    """It is no JSON object at all."""
    missing: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    """Members that are there, with a value that cannot be read."""

    def __bool__(self) -> bool:
        return self.whole or bool(self.missing or self.wrong)

    def __str__(self) -> str:
        """As logs and tables keep it: `missing id, data.channel; unreadable time`."""
        if self.whole:
            return "no JSON object"
        named = {"missing": self.missing, "unreadable": self.wrong}
        return "; ".join(f"{words} {', '.join(names)}" for words, names in named.items() if names)


def why(body: bytes, error: BaseException) -> str:
    """Why a message could not be acted on: what cannot be read of it, or the kinds of the error."""
    return str(flaws_of(body)) or reason_of(error)


def flaws_of(body: bytes) -> Flaws:
    """What is wrong with a message; nothing, where it can be read or is of an unknown type."""
    try:
        decode(body)
    except NO_EVENT:
        return seen(body)
    return Flaws()


def seen(body: bytes) -> Flaws:
    """Look at each member of a message that cannot be read."""
    try:
        message = from_json(body)
    except ValueError:
        return Flaws(whole=True)
    if not isinstance(message, dict):
        return Flaws(whole=True)
    found = dict.fromkeys((name for name in MEMBERS if name not in message), True)
    kind, data = message.get("type"), message.get("data", {})
    if not isinstance(kind, str):
        found.setdefault("type", False)
    if not isinstance(data, dict):
        found.setdefault("data", False)
    elif isinstance(kind, str) and kind in BY_TYPE:
        found = dict(of_fields(BY_TYPE[kind], message, data)) | found
    missing = (name for name, absent in found.items() if absent)
    wrong = (name for name, absent in found.items() if not absent)
    return Flaws(missing=tuple(missing), wrong=tuple(wrong))


def of_fields(
    event: type[Event], message: Mapping[str, Any], data: Mapping[str, Any]
) -> Iterator[tuple[str, bool]]:
    """Each field that is wrong, by its place in the message, and whether it is missing."""
    envelope = envelope_of(event)
    outer = {here: message[there] for here, there in envelope.items() if there in message}
    try:
        event.model_validate({**data, **outer})
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False, include_context=False):
            name = str(one["loc"][0]) if one["loc"] else ""
            if name in event.model_fields:
                place = envelope.get(name, f"data.{name}")
                yield place, one["type"] == "missing" and len(one["loc"]) == 1
