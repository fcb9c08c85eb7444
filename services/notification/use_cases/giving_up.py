"""Letters that cannot leave any more go to a person, who chooses another way."""

from sqlalchemy import select

from services.notification.announcements import Saying, failed, say
from services.notification.domain.states import Reason, State
from services.notification.tables import LetterRow
from services.notification.use_cases.noting import became
from shared.clock import local_day
from shared.trail import Deed, note_all
from shared.work import Database

MOST_AT_ONCE = 500
"""Letters that are released, or given up, in one transaction."""


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
    some = late.order_by(LetterRow.id).limit(MOST_AT_ONCE).with_for_update()
    count = 0
    while True:
        async with database.work() as work:
            letters = (await work.session.scalars(some)).all()
            await say(work, [give_up(one, Reason.LATE) for one in letters])
            await note_all(work, [became(one, Deed.LETTER_FAILED) for one in letters])
        count += len(letters)
        if len(letters) < MOST_AT_ONCE:
            return count
