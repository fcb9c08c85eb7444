"""Legal dates for people: the clocks of a case, and any date asked for on the console."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.case import RUNNING, State
from services.mediation.domain.due import day_of
from services.mediation.domain.explanation import explain
from services.mediation.domain.legal_clock import Course, Pause, deadline
from services.mediation.domain.pack_file import LANGUAGES
from services.mediation.domain.rule_pack import Pack
from services.mediation.use_cases.calendar import the_calendar
from services.mediation.use_cases.rules import pack_named
from shared.clock import local_day
from shared.kernel import RuleError


class UnreadableDayError(RuleError):
    """Neither a date nor an instant with its offset."""


class UnreadablePauseError(RuleError):
    """Not of the form A..B."""


@dataclass(frozen=True)
class Question:
    """A legal date somebody asks for; all as typed."""

    pack: str
    clock: str
    start: str
    """A date, or an instant with its offset; the legal day is the one in Shanghai."""
    pauses: Sequence[str] = ()
    """Each `A..B`: from day A on, up to but without day B; B may be missing."""
    extension: str | None = None
    """The day the extension was approved."""


async def explain_clock(session: AsyncSession, asked: Question, now: datetime) -> dict[str, Any]:
    """One legal date with its derivation and its sentence in both languages.

    Raises NoSuchPackError, NoSuchClockError, UnreadableDayError, UnreadablePauseError,
    NoExtensionError, ExtensionTooLateError, ExtensionTooEarlyError, BackwardsPauseError.
    """
    start = day_in(asked.start, "/start")
    pack = pack_named(asked.pack, start)
    rule = pack.clock(asked.clock)
    course = Course(
        pauses=[pause_in(one) for one in asked.pauses],
        extension=rule.extended(day_in(asked.extension, "/extension")) if asked.extension else None,
        today=local_day(now),
    )
    calendar = await the_calendar(session, now)
    found = deadline(rule.period, start, calendar, course)
    derivation = found.derivation() | {
        "pack": f"{pack.id}@{pack.version}",
        "clock": rule.name,
        "source": rule.source.zh,
    }
    return {
        "pack": pack.id,
        "clock": rule.name,
        "target_due": found.target_due.isoformat(),
        "legal_due": found.legal_due.isoformat() if found.legal_due else None,
        "status": found.status.value,
        "derivation": derivation,
        "sentence": {language: explain(derivation, rule, language) for language in LANGUAGES},
    }


def day_in(text: str, pointer: str) -> date:
    """The legal day of a date or of an instant. Raises UnreadableDayError."""
    try:
        if len(text) == len("2026-01-31"):
            return date.fromisoformat(text)
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise UnreadableDayError(
            "「{text}」不是日期（2026-01-31），也不是带时区的时刻（2026-01-31T09:00:00+08:00）。",
            pointer=pointer,
            text=text[:40],
        )
    return local_day(instant)


def pause_in(text: str) -> Pause:
    """A pause as typed. Raises UnreadablePauseError, UnreadableDayError."""
    first, dots, last = text.partition("..")
    if not dots:
        raise UnreadablePauseError(
            "暂停要写成 开始日..结束日，例如 2026-03-10..2026-03-25。", pointer="/pauses"
        )
    return Pause(day_in(first, "/pauses"), day_in(last, "/pauses") if last else None)


def clocks_of(
    pack: Pack, state: State, clocks: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The clocks of a case, those that run first, each with its day and its sentences."""
    running = RUNNING.get(state, ())
    found = [
        {
            "clock": name,
            "label": {language: rule.label.said(language) for language in LANGUAGES},
            "due_on": day_of(clocks[name]),
            "status": clocks[name]["status"],
            "running": name in running,
            "derivation": dict(clocks[name]),
            "sentence": {one: explain(clocks[name], rule, one) for one in LANGUAGES},
        }
        for name, rule in pack.clocks.items()
        if name in clocks
    ]
    return sorted(found, key=lambda one: (not one["running"], one["due_on"]))
