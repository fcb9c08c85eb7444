"""Which way a letter takes once its facts are known, and what follows from an attempt."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from services.notification.domain.facts import Facts, left_blank, missing
from services.notification.domain.retry import too_late
from services.notification.domain.states import Reason, State

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}", re.ASCII)


@dataclass(frozen=True)
class Way:
    """Where a letter goes, why, and what a person must supply, if anything."""

    state: State
    reason: Reason | None = None
    lacking: tuple[str, ...] = ()


def choose_way(facts: Facts, undrawable: tuple[str, ...], today: date, *, can_mail: bool) -> Way:
    """The way of a letter whose facts are known. `undrawable`: characters no font has."""
    if not facts.is_complaint:
        return Way(State.HELD, Reason.NOT_COMPLAINT)
    if lacking := missing(facts):
        return Way(State.HELD, Reason.MISSING, lacking)
    if undrawable:
        return Way(State.HELD, Reason.GLYPHS, undrawable)
    if too_late(today, facts.reply_due):
        return Way(State.FAILED, Reason.LATE)
    return by_print(facts) or Way(State.SENDING if can_mail else State.WAITING)


def by_print(facts: Facts) -> Way | None:
    """Why a person must print this letter; None where it can go by e-mail."""
    if blank := left_blank(facts):
        return Way(State.TO_PRINT, Reason.TO_FILL_IN, blank)
    if not facts.respondent.email:
        return Way(State.TO_PRINT, Reason.NO_ADDRESS)
    if not is_address(facts.respondent.email):
        return Way(State.TO_PRINT, Reason.BAD_ADDRESS)
    return None


def is_address(text: str) -> bool:
    """Whether mail can be sent there: one plain address, no list, no display name (RFC 5321)."""
    return _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True)
class Outcome:
    """What the mail server said to one attempt. `reason` is None when it took the letter."""

    reason: Reason | None = None
    detail: str = ""
    """Its words, without addresses."""

    @property
    def final(self) -> bool:
        """Whether trying again is useless."""
        return self.reason in {Reason.ADDRESS, Reason.REFUSED, Reason.UNPRINTABLE}


def after(outcome: Outcome, again_at: datetime | None, again_on: date | None, due: date) -> Way:
    """Where a letter stands after an attempt; `again_on` is the legal day of the next one."""
    if outcome.reason is None:
        return Way(State.SENT)
    if outcome.final or again_at is None or again_on is None:
        return Way(State.FAILED, outcome.reason)
    if too_late(again_on, due):
        return Way(State.FAILED, Reason.LATE)
    return Way(State.SENDING, outcome.reason)
