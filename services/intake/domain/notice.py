"""The privacy notice (隐私告知, PIPL art. 17): which text is in force where, and what was shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

EVERY_BODY = "*"


@dataclass(frozen=True)
class Part:
    """One part of a notice, with its heading."""

    title: str
    text: str


@dataclass(frozen=True)
class Text:
    """A notice in one language; {name} and {contact} are the body's."""

    title: str
    short: str
    """What stands on the form itself."""
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Notice:
    """One version of the notice of one body, or of all that have none of their own."""

    version: str
    body: str
    since: date
    zh: Text
    en: Text

    def is_of(self, body: str) -> bool:
        """Whether it may have been shown to people who turned to this body."""
        return self.body in {body, EVERY_BODY}

    def said(self, language: str) -> Text:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True)
class Notices:
    """All versions, those that are no longer in force as well."""

    known: Sequence[Notice]

    def in_force(self, body: str, day: date) -> Notice | None:
        """The newest one of this body by that day; else the newest one for all."""
        fitting = [one for one in self.known if one.since <= day]
        own = [one for one in fitting if one.body == body]
        return newest(own or [one for one in fitting if one.body == EVERY_BODY])

    def of(self, version: str) -> Notice | None:
        """The notice of this version."""
        return next((one for one in self.known if one.version == version), None)

    def of_body(self, body: str) -> list[Notice]:
        """What may have been shown to people who turned to this body, the newest first."""
        fitting = [one for one in self.known if one.is_of(body)]
        return sorted(fitting, key=lambda one: one.since, reverse=True)


def newest(notices: Iterable[Notice]) -> Notice | None:
    return max(notices, key=lambda one: one.since, default=None)
