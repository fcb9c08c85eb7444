"""Letters are made: the facts are fetched, checked and sealed, and the way is chosen."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select

from services.notification.announcements import Saying, failed, prepared, say
from services.notification.domain.facts import Enclosure, Facts, Sender
from services.notification.domain.forwarding import compose
from services.notification.domain.glyphs import undrawable, without_pictures
from services.notification.domain.retry import too_late
from services.notification.domain.states import Reason, State
from services.notification.domain.way import Way, choose_way
from services.notification.ports import CaseFacts, Forwarding, Office, Words
from services.notification.tables import SEALED_FACTS, LetterRow
from services.notification.use_cases.identity import identity_of
from services.notification.use_cases.noting import was_made
from shared.clock import local_day
from shared.database import is_away
from shared.log import logger, reason_of
from shared.net import Unanswered
from shared.trail import note_all
from shared.work import Database, Work

MOST = 100
SOONEST = timedelta(seconds=1)
LATEST = timedelta(minutes=1)
"""Pauses before a sister is asked again for what it does not know yet; each twice the last."""
FACTS = TypeAdapter(Facts)


@dataclass(frozen=True)
class Known:
    """What the sisters answered."""

    cases: Mapping[Forwarding, CaseFacts]
    words: Mapping[UUID, Words]


async def make_letters(database: Database, office: Office) -> int:
    """Make the letters that are owed, oldest first. Raises Unanswered where a sister is away.

    A letter that cannot be made at all is held for a person, so that it keeps nobody else waiting.
    """
    owed = await owed_letters(database)
    if not owed:
        return 0
    try:
        await make(database, office, owed)
    except Exception as error:
        if heals_by_waiting(error):
            raise
        for letter in owed:
            await make_alone(database, office, letter)
    return len(owed)


async def make(database: Database, office: Office, owed: Sequence[LetterRow]) -> None:
    """Ask each sister once about all of them, and decide in one transaction."""
    forwardings = [Forwarding(one.case_id, one.serial) for one in owed]
    complaints = list(dict.fromkeys(one.complaint_id for one in owed))
    cases, words = await asyncio.gather(
        office.cases.of(forwardings), office.complaints.words(complaints)
    )
    async with database.work() as work:
        await settle(work, office, [one.id for one in owed], Known(cases, words))


async def make_alone(database: Database, office: Office, letter: LetterRow) -> None:
    """Make one letter; where that fails, say why in the log and hold it for a person."""
    try:
        await make(database, office, [letter])
    except Exception as error:
        if heals_by_waiting(error):
            raise
        log = logger(service="notification", letter_id=str(letter.id))
        reason = reason_of(error)
        log.error("letter_not_made", reason=reason)  # noqa: TRY400 - its words may quote a person
        async with database.work() as work:
            held = await work.session.get_one(LetterRow, letter.id, with_for_update=True)
            if held.state == State.OWED:
                await say(work, goes(work, held, Way(State.HELD, Reason.UNMADE)))
                await note_all(work, [was_made(held)])


def heals_by_waiting(error: Exception) -> bool:
    """Tell a lost database or sister from a letter that is wrong."""
    return isinstance(error, Unanswered) or is_away(error)


async def owed_letters(database: Database) -> Sequence[LetterRow]:
    due = (
        select(LetterRow)
        .where(LetterRow.state == State.OWED, LetterRow.due_at <= database.clock())
        .order_by(LetterRow.due_at, LetterRow.id)
        .limit(MOST)
    )
    async with database.reading() as session:
        return (await session.scalars(due)).all()


async def settle(work: Work, office: Office, ids: Sequence[UUID], known: Known) -> None:
    """Decide on each letter that is still owed, keep its facts; say and note what became of it."""
    still = select(LetterRow).where(LetterRow.id.in_(ids), LetterRow.state == State.OWED)
    letters = (await work.session.scalars(still.order_by(LetterRow.id).with_for_update())).all()
    sayings = [one for letter in letters for one in make_one(work, office, letter, known)]
    await say(work, sayings)
    await note_all(work, [was_made(one) for one in letters if one.state != State.OWED])


def make_one(work: Work, office: Office, letter: LetterRow, known: Known) -> list[Saying]:
    """Make one letter, or put it off while a sister does not know of it yet."""
    case = known.cases.get(Forwarding(letter.case_id, letter.serial))
    words = known.words.get(letter.complaint_id)
    if case is None or words is None:
        return put_off(work, letter)
    facts = facts_of(office, letter, case, words)
    lacking = undrawable(
        compose(facts, identity_of(work.vault, letter, office)).words(), office.printer.has
    )
    can_mail = office.mailer.takes(demo=letter.demo)
    way = choose_way(facts, lacking, local_day(work.now), can_mail=can_mail)
    letter.case_number = case.number
    letter.facts = work.vault.seal(FACTS.dump_json(facts), SEALED_FACTS, letter.id)
    return goes(work, letter, way)


def goes(work: Work, letter: LetterRow, way: Way) -> list[Saying]:
    """Put a letter on its way; say that it was made (once), or that a person is needed."""
    letter.state, letter.reason, letter.tries = way.state, way.reason, 0
    letter.lacking = list(way.lacking) or None
    letter.due_at = work.now if way.state is State.SENDING else None
    sayings = []
    if way.state is not State.HELD and letter.made_at is None:
        letter.made_at = work.now
        sayings.append(prepared(letter))
    if way.state in {State.HELD, State.FAILED} and way.reason:
        sayings.append(failed(letter, way.reason, letter.tries))
    return sayings


def put_off(work: Work, letter: LetterRow) -> list[Saying]:
    """Ask again soon, then ever later; from the reply date on it goes to a person."""
    if too_late(local_day(work.now), letter.reply_due):
        return goes(work, letter, Way(State.HELD, Reason.UNKNOWN))
    letter.reason, letter.due_at = Reason.UNKNOWN, work.now + pause(letter.tries)
    letter.tries += 1
    return []


def pause(tries: int) -> timedelta:
    """How long to wait after a sister did not know `tries` times before."""
    return min(SOONEST * (1 << min(tries, 10)), LATEST)


def facts_of(office: Office, letter: LetterRow, case: CaseFacts, words: Words) -> Facts:
    """The facts of one letter; pictures that nobody can print are named in free text."""
    body = office.bodies.of(letter.body)
    has = office.printer.has
    return Facts(
        case_number=case.number,
        serial=letter.serial,
        forwarded_on=letter.forwarded_on,
        reply_due=letter.reply_due,
        sender=Sender(body.name, body.phone, body.address) if body else Sender(""),
        respondent=case.respondent,
        text=without_pictures(words.text, has),
        kind=words.kind,
        subject=without_pictures(words.subject, has),
        complainant=words.complainant,
        names=words.names,
        streets=words.streets,
        may_be_named=words.may_be_named,
        happened_on=date.fromisoformat(words.happened_on) if words.happened_on else None,
        place=without_pictures(words.place, has),
        goods=without_pictures(words.goods, has),
        order_no=words.order_no,
        amount_fen=words.amount_fen,
        claims=words.claims,
        evidence=tuple(without_pictures(one, has) for one in words.evidence),
        files=tuple(Enclosure(one.id, without_pictures(one.name, has)) for one in words.files),
        contact=case.contact,
        contact_phone=case.contact_phone,
    )
