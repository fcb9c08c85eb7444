"""Writing stories into the books, so that what was interrupted can be taken up again.

Each service's rows are one transaction with its inbox: the events of these stories count as heard,
because what would come of hearing them is among the rows. Then what was said is said, and the
complaints come last: they tell that everything else is there. Told again, a story has the same
ids, so whatever was written before an interruption is found and left as it is.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from deploy.demo.around import Around
from deploy.demo.letters import HEARD as HEARD_BY_NOTIFICATION
from deploy.demo.letters import Letters, letters_of, numbered, register_of
from deploy.demo.rows import TABLES, Told
from deploy.demo.said import Said, message
from deploy.demo.steps import HEARD as HEARD_BY_INTAKE
from deploy.demo.steps import STEPS, noted, shown
from services.intake.tables import ComplaintRow, PublicStepRow, ReporterRow
from services.mediation.tables import HeardRow
from services.mediation.use_cases.searching.texts import queue_texts
from services.notification.tables import AttemptRow, EndingRow, LetterRow, PlaceRow, SpokenRow
from services.notification.use_cases.owe import take_numbers
from shared import bulk
from shared.bodies import Bodies
from shared.events import ComplaintReceived, Event, LetterFailed, LetterPrepared, LetterSent
from shared.messaging.bus import Message
from shared.messaging.tables import InboxRow
from shared.work import Database, Work, table_of

Publish = Callable[[Sequence[Message]], Awaitable[None]]
Row = Mapping[str, Any]
Kinds = frozenset[type[Event]]
LETTER_EVENTS: tuple[type[Event], ...] = (LetterPrepared, LetterSent, LetterFailed)
SAID_OF_LETTERS: Kinds = frozenset(LETTER_EVENTS)
HEARD_BY_MEDIATION: Kinds = SAID_OF_LETTERS | {ComplaintReceived}
HEARD: dict[str, Kinds] = {
    "intake": HEARD_BY_INTAKE,
    "mediation": HEARD_BY_MEDIATION,
    "notification": HEARD_BY_NOTIFICATION,
}
"""What each service would hear of a story. A test holds that it is all that they listen to."""


@dataclass(frozen=True)
class Books:
    """Where the rows go, and how what was said is said."""

    intake: Database
    mediation: Database
    notification: Database
    publish: Publish
    bodies: Bodies


async def keep(books: Books, stories: Sequence[Told], around: Around, until: datetime) -> None:
    """Write these stories."""
    letters = await keep_letters(books.notification, stories, around, until)
    said = [[*told.said, *one.said] for told, one in zip(stories, letters, strict=True)]
    await keep_cases(books.mediation, stories, said)
    await keep_steps(books.intake, said)
    await books.publish([message(one) for story in said for one in story])
    async with books.intake.work() as work:
        await copy(work, ReporterRow, [told.reporter for told in stories if told.reporter])
        await copy(work, ComplaintRow, [placed(told) for told in stories])


def placed(told: Told) -> dict[str, Any]:
    """The row of a complaint, with where its case lies by now."""
    place = told.place
    lies = {"unit": place["unit"], "assignee": place["assignee"], "placed": place["version"]}
    return told.complaint | lies


async def keep_letters(
    database: Database, stories: Sequence[Told], around: Around, until: datetime
) -> list[Letters]:
    """The letters with their numbers, in the order they were owed."""
    async with database.work() as work:
        new = await not_yet(work, [told.said for told in stories], HEARD_BY_NOTIFICATION)
        forwarded = [one for at in new for one in stories[at].forwarded]
        taken = await take_numbers(work, Counter(map(register_of, forwarded)))
        numbers = numbered(forwarded, taken)
        if len(new) < len(stories):
            numbers |= await numbers_of(work, stories)
        made = [letters_of(told, numbers, around, until) for told in stories]
        for table in (LetterRow, AttemptRow, SpokenRow, EndingRow, PlaceRow):
            await copy(work, table, [row for at in new for row in made[at].rows.get(table, ())])
        await hear(work, [stories[at].said for at in new], HEARD_BY_NOTIFICATION)
    return made


async def numbers_of(work: Work, stories: Sequence[Told]) -> dict[UUID, int]:
    """The numbers of letters that are there already, by the events of their forwardings."""
    events = {(told.identity.case, one.facts["serial"]): one.id for told in stories
              for one in told.forwarded}  # fmt: skip
    cases = {case for case, _ in events}
    found = select(LetterRow.case_id, LetterRow.serial, LetterRow.number)
    rows = await work.session.execute(found.where(LetterRow.case_id.in_(cases)))
    return {events[row.case_id, row.serial]: row.number for row in rows}


async def keep_cases(
    database: Database, stories: Sequence[Told], said: Sequence[Sequence[Said]]
) -> None:
    """The cases, to be searched soon, and what mediation heard of their letters."""
    async with database.work() as work:
        new = await not_yet(work, said, HEARD_BY_MEDIATION)
        for table in TABLES:
            await copy(work, table, [row for at in new for row in stories[at].rows.get(table, ())])
        await queue_texts(work, [stories[at].identity.case for at in new])
        letters = [one for at in new for one in said[at] if one.kind in SAID_OF_LETTERS]
        await copy(work, HeardRow, [noted(one) for one in letters])
        await hear(work, [said[at] for at in new], HEARD_BY_MEDIATION)


async def keep_steps(database: Database, said: Sequence[Sequence[Said]]) -> None:
    """What the citizens' status pages show."""
    async with database.work() as work:
        new = await not_yet(work, said, HEARD_BY_INTAKE)
        steps = [one for at in new for one in said[at] if one.kind in STEPS]
        await copy(work, PublicStepRow, [shown(one) for one in steps])
        await hear(work, [said[at] for at in new], HEARD_BY_INTAKE)


async def not_yet(work: Work, said: Sequence[Sequence[Said]], kinds: Kinds) -> list[int]:
    """The places of the stories of which this service has nothing yet."""
    firsts = [next((one.id for one in story if one.kind in kinds), None) for story in said]
    asked = select(InboxRow.event_id).where(InboxRow.event_id.in_([one for one in firsts if one]))
    there = set(await work.session.scalars(asked))
    return [at for at, one in enumerate(firsts) if one is None or one not in there]


async def hear(work: Work, said: Iterable[Sequence[Said]], kinds: Kinds) -> None:
    """Note as heard what these stories say to this service."""
    ids = [one.id for story in said for one in story if one.kind in kinds]
    await copy(work, InboxRow, [{"event_id": one, "handled_at": work.now} for one in ids])


async def copy(work: Work, table: type[Any], rows: Sequence[Row]) -> None:
    await bulk.copy(work.session, table_of(table), rows)
