"""Letters that are due are taken, one attempt at a time, and each attempt is noted before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, update

from services.notification.announcements import say
from services.notification.domain.retry import too_late
from services.notification.domain.states import Reason, State
from services.notification.ports import Office
from services.notification.tables import AttemptRow, LetterRow
from services.notification.use_cases.attempts import LEASE, under_way
from services.notification.use_cases.giving_up import MOST_AT_ONCE, give_up
from services.notification.use_cases.mail import message_id
from services.notification.use_cases.noting import became
from shared.clock import local_day
from shared.trail import Deed, Noted, note_all
from shared.work import Database, Work

MOST = 10
SILENT = {"synchronize_session": False}


@dataclass(frozen=True)
class Claimed:
    """A letter that is ours to hand over, and the number of this attempt."""

    letter: LetterRow
    place: int


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
            await note_all(work, [missed(letter, one.place, attempt.reason)])
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
    some = select(LetterRow.id).where(waiting_for_a_server(office)).limit(MOST_AT_ONCE)
    waiting = update(LetterRow).where(LetterRow.id.in_(some), LetterRow.state == State.WAITING)
    due = waiting.values(state=State.SENDING, due_at=work.now).returning(LetterRow)
    released = await work.session.scalars(due, execution_options=SILENT)
    await note_all(work, [became(one, Deed.LETTER_RELEASED) for one in released])


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
    cut_off = await interrupted(work, letters)
    late = [one for one in letters if too_late(local_day(work.now), one.reply_due)]
    await say(work, [give_up(one, Reason.LATE) for one in late])
    mine = [await begin(work, one) for one in letters if one not in late]
    gone = [became(one, Deed.LETTER_FAILED) for one in late]
    tried = [became(one.letter, Deed.LETTER_TRIED, attempt=one.place) for one in mine]
    await note_all(work, [*cut_off, *gone, *tried])
    return mine, len(late)


async def interrupted(work: Work, letters: Sequence[LetterRow]) -> list[Noted]:
    """Attempts that never ended: we were stopped, and the letter may have arrived."""
    ours = {one.id: one for one in letters}
    open_ones = AttemptRow.letter_id.in_(list(ours)) & AttemptRow.ended_at.is_(None)
    ended = {"ended_at": work.now, "reason": Reason.INTERRUPTED}
    names = (AttemptRow.letter_id, AttemptRow.place)
    statement = update(AttemptRow).where(open_ones).values(ended).returning(*names)
    found = await work.session.execute(statement, execution_options=SILENT)
    return [missed(ours[row.letter_id], row.place, Reason.INTERRUPTED) for row in found]


def missed(letter: LetterRow, attempt: int, reason: str) -> Noted:
    """That an attempt ended, and the letter was not delivered by it as far as we know."""
    return became(letter, Deed.LETTER_NOT_SENT, attempt=attempt, because=str(reason))


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
