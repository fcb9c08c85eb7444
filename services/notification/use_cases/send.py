"""E-mail is handed over. The intention is noted, then it is sent, then the outcome is noted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, update

from services.notification.announcements import Saying, failed, say, sent
from services.notification.domain.retry import next_attempt, too_late
from services.notification.domain.states import FINISHED, Reason, State
from services.notification.domain.way import Outcome, Way, after
from services.notification.ports import Office
from services.notification.tables import AttemptRow, LetterRow
from services.notification.use_cases.attempts import LEASE, under_way
from services.notification.use_cases.files import facts_in, pdf_of
from services.notification.use_cases.mail import mail_of, message_id
from shared.clock import local_day
from shared.kernel import RuleError
from shared.log import logger
from shared.masks import masked_text
from shared.vault import Vault, WrongKeyError
from shared.work import Database, Work

MOST = 10
LONGEST = timedelta(minutes=5)
"""How long handing one letter over may take: well within the lease."""


@dataclass(frozen=True)
class Claimed:
    """A letter that is ours to hand over, and the number of this attempt."""

    letter: LetterRow
    place: int


async def send_due(database: Database, office: Office) -> int:
    """Hand over the letters that are due. Nothing is sent inside a transaction."""
    if not await anything_due(database, office):
        return 0
    async with database.work() as work:
        await release_waiting(work, office)
        claimed, late = await claim(work)
    unreachable: Outcome | None = None
    for one in claimed:
        if not await still_ours(database, one):
            continue
        outcome = unreachable or await hand_over(database, office, one)
        unreachable = outcome if outcome.reason is Reason.UNREACHABLE else None
        async with database.work() as work:
            await note(work, office, one, outcome)
    return len(claimed) + late


async def still_ours(database: Database, one: Claimed) -> bool:
    """Whether the letter is still ours to send; if so, nobody else tries it for a whole LEASE.

    While its neighbours went out, its case may have ended, somebody may have handed it over, or
    another process may have taken it from us: then the attempt ends here, and nothing leaves.
    """
    async with database.work() as work:
        letter = await work.session.get_one(LetterRow, one.letter.id, with_for_update=True)
        attempt = await work.session.get_one(AttemptRow, (letter.id, one.place))
        if attempt.ended_at is not None:
            return False
        if letter.state != State.SENDING:
            over = letter.state == State.VOID
            attempt.reason = Reason.CASE_OVER if over else letter.reason or Reason.INTERRUPTED
            attempt.ended_at = work.now
            return False
        attempt.began_at, letter.due_at = work.now, work.now + LEASE
    return True


def waiting_for_a_server(office: Office) -> ColumnElement[bool]:
    """What waited for a mail server and now has one."""
    is_waiting = and_(LetterRow.state == State.WAITING, LetterRow.demo.is_(False))
    return is_waiting if office.mailer.takes(demo=False) else false()


def due_at(now: datetime) -> ColumnElement[bool]:
    """What is to be handed over by now and is not being handed over."""
    mine = (AttemptRow.letter_id == LetterRow.id) & under_way(now)
    return and_(LetterRow.state == State.SENDING, LetterRow.due_at <= now, ~exists().where(mine))


async def anything_due(database: Database, office: Office) -> bool:
    """Look first: a writer would stand in the way of others every second."""
    due = or_(due_at(database.clock()), waiting_for_a_server(office))
    async with database.reading() as session:
        return await session.scalar(select(LetterRow.id).where(due).limit(1)) is not None


async def release_waiting(work: Work, office: Office) -> None:
    """Once there is a mail server, what waited for one is due."""
    waiting = update(LetterRow).where(waiting_for_a_server(office))
    await work.session.execute(waiting.values(state=State.SENDING, due_at=work.now))


async def claim(work: Work) -> tuple[list[Claimed], int]:
    """Take what is due, note that we are about to try; what is too late goes to a person."""
    due = (
        select(LetterRow)
        .where(due_at(work.now))
        .order_by(LetterRow.due_at, LetterRow.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    letters = (await work.session.scalars(due)).all()
    await interrupted(work, letters)
    late = [one for one in letters if too_late(local_day(work.now), one.reply_due)]
    await say(work, [give_up(one, Reason.LATE) for one in late])
    mine = [one for one in letters if one not in late]
    return [await begin(work, one) for one in mine], len(late)


async def interrupted(work: Work, letters: Sequence[LetterRow]) -> None:
    """Attempts that never ended: we were stopped, and the letter may have arrived."""
    open_ones = (AttemptRow.letter_id.in_([one.id for one in letters])) & (
        AttemptRow.ended_at.is_(None)
    )
    ended = {"ended_at": work.now, "reason": Reason.INTERRUPTED}
    await work.session.execute(update(AttemptRow).where(open_ones).values(ended))


async def begin(work: Work, letter: LetterRow) -> Claimed:
    """Note the intention."""
    last = select(func.max(AttemptRow.place)).where(AttemptRow.letter_id == letter.id)
    place = (await work.session.scalar(last) or 0) + 1
    letter.tries += 1
    letter.due_at = work.now + LEASE
    attempt = AttemptRow(
        letter_id=letter.id,
        place=place,
        way="email",
        began_at=work.now,
        message_id=message_id(letter),
    )
    work.session.add(attempt)
    return Claimed(letter, place)


async def hand_over(database: Database, office: Office, one: Claimed) -> Outcome:
    """Print and send one letter, well within its lease. Whatever goes wrong is its outcome."""
    try:
        async with asyncio.timeout(LONGEST.total_seconds()):
            return await print_and_send(database, office, one)
    except TimeoutError:
        return Outcome(Reason.INTERRUPTED)


async def print_and_send(database: Database, office: Office, one: Claimed) -> Outcome:
    try:
        pdf = await pdf_of(database, office, one.letter)
        facts = facts_in(database.vault, one.letter)
    except (RuleError, WrongKeyError, TypeError, ValueError):
        return Outcome(Reason.UNPRINTABLE)
    return await office.mailer.send(mail_of(office, one.letter, facts, pdf, database.clock()))


async def note(work: Work, office: Office, one: Claimed, outcome: Outcome) -> None:
    """Note how an attempt ended, and where the letter stands now.

    Of a letter that another process has taken from us meanwhile we only say that it went out.
    """
    letter = await work.session.get_one(LetterRow, one.letter.id, with_for_update=True)
    attempt = await work.session.get_one(AttemptRow, (letter.id, one.place))
    ours = attempt.ended_at is None and letter.state == State.SENDING
    attempt.ended_at, attempt.detail = work.now, nameless(work.vault, one.letter, outcome.detail)
    attempt.reason = outcome.reason
    if letter.state in FINISHED or (outcome.reason and not ours):
        return
    again = next_attempt(letter.tries, work.now, office.draw())
    way = after(outcome, again, local_day(again) if again else None, letter.reply_due)
    await stands(work, letter, way, again, one.place)
    if outcome.reason:
        log = logger(service="notification", letter_id=str(letter.id))
        log.warning("letter_not_sent", reason=str(outcome.reason), attempt=one.place)


def nameless(vault: Vault, letter: LetterRow, words: str) -> str:
    """What a mail server said, for everybody to read: without names and numbers of people.

    Where nobody knows any more whose names these might be, nothing of it is kept.
    """
    try:
        facts = facts_in(vault, letter)
    except (RuleError, WrongKeyError):
        return ""
    return masked_text(facts.secrets.hidden_in(words), [facts.respondent.name or ""])


async def stands(
    work: Work, letter: LetterRow, way: Way, again: datetime | None, attempts: int
) -> None:
    """Where a letter stands after an attempt, said in public when it is final."""
    letter.state, letter.reason = way.state, way.reason
    letter.due_at = again if way.state is State.SENDING else None
    if way.state is State.SENT:
        letter.sent_at, letter.way = work.now, "email"
        await say(work, [sent(letter, "email", attempts)])
    elif way.state is State.FAILED and way.reason:
        await say(work, [failed(letter, way.reason, attempts)])


def give_up(letter: LetterRow, reason: Reason) -> Saying:
    """A person must choose another way."""
    letter.state, letter.reason, letter.due_at = State.FAILED, reason, None
    return failed(letter, reason, letter.tries)


async def give_up_late(database: Database) -> int:
    """Letters that wait for a mail server on their reply date go to a person."""
    late = select(LetterRow).where(
        LetterRow.state == State.WAITING,
        LetterRow.demo.is_(False),
        LetterRow.reply_due <= local_day(database.clock()),
    )
    async with database.work() as work:
        letters = (await work.session.scalars(late.with_for_update())).all()
        await say(work, [give_up(one, Reason.LATE) for one in letters])
    return len(letters)
