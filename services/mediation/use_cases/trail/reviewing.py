"""Who looked behind masks, and what of it somebody should ask about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from services.mediation.domain.looks import Look, Unusual, Usual, unusual
from services.mediation.settings import MediationSettings
from services.mediation.use_cases.calendar import calendar_for
from services.mediation.use_cases.trail.about import subject
from services.mediation.use_cases.trail.asking import AuditQuery, Wanted, understood
from services.mediation.use_cases.trail.listing import Installation, Listed, noted, page_of
from services.mediation.use_cases.trail.naming import Names
from shared.acting import Staff
from shared.clock import SHANGHAI, local_day, start_of_day
from shared.rights import Action
from shared.trail import Deed
from shared.trail.reading import Line
from shared.trail.searches import KIND
from shared.work import Database

LOOKS = (
    Deed.MASK_OPENED,
    Deed.REPORTER_OPENED,
    Deed.FILE_OPENED,
    Deed.LETTER_OPENED,
    Deed.COPY_GIVEN,
    Deed.CASE_SEARCHED,
)
"""What shows somebody what pages mask, in whichever service (files cannot be masked; a copy for a
person hides nothing of theirs), and who searched for a person."""
DAYS = timedelta(days=30)
"""How far back from the last day patterns are looked for, where no first day is asked for."""
A_MOMENT = timedelta(microseconds=1)
MOST = 1000
"""So many looks are gone through for patterns, the newest first."""
MIDNIGHT = 24


@dataclass(frozen=True)
class Reviewed:
    """Looks with their names, and what is unusual among them."""

    listed: Listed
    unusual: Sequence[Unusual]


async def review(
    database: Database,
    here: Installation,
    settings: MediationSettings,
    query: AuditQuery,
    who: Staff,
) -> Reviewed:
    """The looks of the days that are asked for, else of the last thirty; noted before it.

    Raises what `list_trail` raises.
    """
    async with database.reading() as session:
        asked = await understood(session, query, who, here.bodies, Action.LOOKS_REVIEW)
    wanted = looks_only(asked, database)
    await noted(database, who, Deed.LOOKS_READ, query, Action.LOOKS_REVIEW)
    listed = await page_of(database, here.sisters, wanted, MOST)
    usual = await usual_here(database, settings)
    looks = [look_of(line, listed.names) for line in once(listed.lines) if line.doer]
    return Reviewed(listed, unusual(looks, usual))


def once(lines: Sequence[Line]) -> Sequence[Line]:
    """A search by several people's rights (代理) has a row for each of them, and is one look."""
    of = {(one.at, one.doer, one.key) if one.kind == KIND else one.id: one for one in lines}
    return list(of.values())


def looks_only(wanted: Wanted, database: Database) -> Wanted:
    """The same question, about looks alone, and not about all time."""
    question = wanted.question
    last = local_day(question.until - A_MOMENT if question.until else database.clock())
    since = question.since or start_of_day(last - DAYS)
    known = {"actions": [one.value for one in LOOKS], "since": since}
    return wanted.about(question.model_copy(update=known))


async def usual_here(database: Database, settings: MediationSettings) -> Usual:
    """What counts as usual, by the settings and the calendar."""
    calendar = await calendar_for(database, database.clock())
    ends = settings.looks_day_ends
    return Usual(
        per_hour=settings.looks_per_hour,
        same=settings.looks_same,
        begins=time(settings.looks_day_begins),
        ends=None if ends == MIDNIGHT else time(ends),
        is_working=calendar.is_working,
    )


def look_of(line: Line, names: Names) -> Look:
    """A look as the rules know it."""
    said = line.said or {}
    assert line.doer is not None  # noqa: S101 - nobody else can look
    in_hand = bool(said.get("in_hand", True))
    return Look(shown(line.at), line.doer, subject(line, names), in_hand)


def shown(at: datetime) -> datetime:
    """As the clocks of the office show it."""
    return at.astimezone(SHANGHAI)
