"""E-mail is handed over. The intention is noted, then it is sent, then the outcome is noted.

So does the trail: with each attempt it tells how the letter stands.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from services.notification.announcements import failed, say, sent
from services.notification.domain.retry import next_attempt
from services.notification.domain.states import FINISHED, Reason, State
from services.notification.domain.way import Outcome, Way, after
from services.notification.ports import Office
from services.notification.tables import AttemptRow, LetterRow
from services.notification.use_cases.claiming import (
    Claimed,
    anything_due,
    claim,
    missed,
    release_waiting,
    still_ours,
)
from services.notification.use_cases.files import facts_in, pdf_of
from services.notification.use_cases.mail import mail_of
from services.notification.use_cases.noting import became, went_out
from shared.clock import local_day
from shared.kernel import RuleError
from shared.log import logger
from shared.masks import is_company, masked_text
from shared.trail import Deed, Noted, note_all
from shared.vault import Vault, WrongKeyError
from shared.work import Database, Work

LONGEST = timedelta(minutes=5)
"""How long handing one letter over may take: well within the lease."""


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
        await note_all(work, [ended_so(letter, one.place, outcome)])
        return
    again = next_attempt(letter.tries, work.now, office.draw())
    way = after(outcome, again, local_day(again) if again else None, letter.reply_due)
    await stands(work, letter, way, again, one.place)
    if outcome.reason:
        log = logger(service="notification", letter_id=str(letter.id))
        log.warning("letter_not_sent", reason=str(outcome.reason), attempt=one.place)


def ended_so(letter: LetterRow, attempt: int, outcome: Outcome) -> Noted:
    """How an attempt ended that changed nothing any more about where the letter stands."""
    if outcome.reason:
        return missed(letter, attempt, outcome.reason)
    return became(letter, Deed.LETTER_SENT, attempt=attempt)


def nameless(vault: Vault, letter: LetterRow, words: str) -> str:
    """What a mail server said, for everybody to read: without names and numbers of people.

    Where nobody knows any more whose names these might be, nothing of it is kept.
    """
    try:
        facts = facts_in(vault, letter)
    except (RuleError, WrongKeyError):
        return ""
    name = facts.respondent.name or ""
    return masked_text(facts.hidden_in(words), [] if is_company(name) else [name])


async def stands(
    work: Work, letter: LetterRow, way: Way, again: datetime | None, attempts: int
) -> None:
    """Where a letter stands after an attempt: noted, and said in public when it is final."""
    letter.state, letter.reason = way.state, way.reason
    letter.due_at = again if way.state is State.SENDING else None
    deed, more = Deed.LETTER_NOT_SENT, dict[str, Any]()
    if way.state is State.SENT:
        letter.sent_at, letter.way = work.now, "email"
        deed, more = Deed.LETTER_SENT, went_out(letter)
        await say(work, [sent(letter, "email", attempts)])
    elif way.state is State.FAILED and way.reason:
        deed = Deed.LETTER_FAILED
        await say(work, [failed(letter, way.reason, attempts)])
    await note_all(work, [became(letter, deed, attempt=attempts, **more)])
