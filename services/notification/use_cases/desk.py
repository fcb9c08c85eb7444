"""What a person does with a letter: send it again, note that it was handed over, make it anew."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from services.notification.announcements import say, sent
from services.notification.domain.states import MAY, Action, State
from services.notification.domain.way import by_print
from services.notification.ports import Office
from services.notification.tables import AttemptRow, EndingRow, LetterRow
from services.notification.use_cases.allowing import seen_by, where_lies
from services.notification.use_cases.attempts import under_way
from services.notification.use_cases.files import facts_in, forget_pdf
from services.notification.use_cases.noting import chain_of, said_of, stands, went_out
from services.notification.use_cases.resuming import owe_again
from shared.acting import Caller
from shared.kernel import ConflictError, UnknownError
from shared.rights import Action as Right
from shared.trail import Deed, Doer, note
from shared.work import Work

DEEDS: Mapping[Action, Deed] = {
    Action.SEND: Deed.LETTER_AGAIN,
    Action.PRINTED: Deed.LETTER_HANDED,
    Action.MAKE: Deed.LETTER_REMADE,
}
"""What the trail calls it."""


class NoSuchLetterError(UnknownError):
    """There is no such letter, or not in this organisation."""


class NotNowError(ConflictError):
    """The letter is in a state that does not allow this."""


class CaseOverError(ConflictError):
    """The case was withdrawn or closed after this letter was owed."""


class UnderWayError(ConflictError):
    """The letter is being handed over at this moment."""


class NoMailServerError(ConflictError):
    """E-mail cannot be sent here."""


class NoAddressError(ConflictError):
    """There is no e-mail address that could be used."""


class Held(NamedTuple):
    """A letter that is locked for somebody who may handle it, and whose right they use."""

    row: LetterRow
    doer: Doer

    async def note(self, work: Work, action: Action, **more: object) -> None:
        """Note what was done with it, and how it stands now."""
        said = said_of(self.row, DEEDS[action], **stands(self.row), **more)
        await note(work, chain_of(self.row.id), self.doer, said)


async def letter_for(work: Work, caller: Caller, letter: UUID, action: Action) -> Held:
    """The letter, locked, for whoever may handle it.

    Raises NoSuchLetterError for who may not even read it, NotAllowedError, CaseOverError,
    NotNowError.
    """
    row = await work.session.get(LetterRow, letter, with_for_update=True)
    if row is None or not seen_by(caller).admits(where_lies(row)):
        raise NoSuchLetterError("没有这份函件。").beyond("letter", row.id if row else None)
    doer = caller.doing(Right.LETTER_HANDLE, where_lies(row))
    if action is not Action.PRINTED and await is_over(work, row):
        raise CaseOverError(
            "这份函件之后案件已经撤回或者结案，不能再发。案件重新办理的，请重新转送，会另有新的函件。"
        )
    if row.state not in MAY[action]:
        raise NotNowError("这份函件现在的状态不能这样办，请刷新后再看。")
    return Held(row, doer)


async def is_over(work: Work, letter: LetterRow) -> bool:
    """Whether the case ended after the letter was owed; what came of it later has its own letter.

    The letter is locked: an ending that is heard at this moment voids it after us.
    """
    newest = select(EndingRow.version).where(EndingRow.complaint_id == letter.complaint_id)
    return (await work.session.scalar(newest) or 0) > letter.version


async def send_again(work: Work, office: Office, caller: Caller, letter: UUID) -> None:
    """Hand the letter over by e-mail, now, as a new sending.

    Raises NoSuchLetterError, NotAllowedError, CaseOverError, NotNowError, UnderWayError,
    NoMailServerError, NoAddressError.
    """
    held = await letter_for(work, caller, letter, Action.SEND)
    row = held.row
    if await is_under_way(work, row):
        raise UnderWayError("这份函件正在发送，请过一会儿刷新，看到结果再决定要不要再发。")
    if not office.mailer.takes(demo=row.demo):
        raise NoMailServerError("没有配置邮件服务器，不能用电子邮件发送；请打印后寄送。")
    if by_print(facts_in(work.vault, row)):
        raise NoAddressError(
            "没有可用的电子邮箱；请先在案件中更正，再重新制作函件，或者打印后寄送。"
        )
    if row.state != State.SENDING:
        row.round += 1
        row.tries = 0
    row.state, row.reason, row.due_at = State.SENDING, None, work.now
    await held.note(work, Action.SEND)
    work.wake("send_due")


async def is_under_way(work: Work, letter: LetterRow) -> bool:
    """Whether somebody is handing the letter over at this moment."""
    mine = select(AttemptRow.place).where(AttemptRow.letter_id == letter.id, under_way(work.now))
    return await work.session.scalar(mine.limit(1)) is not None


async def mark_printed(work: Work, caller: Caller, letter: UUID) -> None:
    """Note that the letter was printed and posted or handed over.

    Raises NoSuchLetterError, NotAllowedError, NotNowError.
    """
    held = await letter_for(work, caller, letter, Action.PRINTED)
    row = held.row
    facts_in(work.vault, row)
    last = select(func.max(AttemptRow.place)).where(AttemptRow.letter_id == row.id)
    place = (await work.session.scalar(last) or 0) + 1
    work.session.add(
        AttemptRow(
            letter_id=row.id,
            place=place,
            way="print",
            began_at=work.now,
            ended_at=work.now,
            actor=caller.id,
        )
    )
    row.state, row.reason, row.due_at = State.PRINTED, None, None
    row.sent_at, row.way = work.now, "print"
    await held.note(work, Action.PRINTED, attempt=place, **went_out(row))
    await say(work, [sent(row, "print", place)])


async def make_again(work: Work, caller: Caller, letter: UUID) -> None:
    """Fetch the facts anew, after they were supplied or corrected. The number stays.

    Raises NoSuchLetterError, NotAllowedError, CaseOverError, NotNowError.
    """
    held = await letter_for(work, caller, letter, Action.MAKE)
    await forget_pdf(work, held.row.id)
    owe_again(work, held.row)
    await held.note(work, Action.MAKE, sha256=None)


async def act(work: Work, office: Office, caller: Caller, letter: UUID, action: Action) -> None:
    """Do one of the actions. Raises what each of them raises."""
    match action:
        case Action.SEND:
            await send_again(work, office, caller, letter)
        case Action.PRINTED:
            await mark_printed(work, caller, letter)
        case Action.MAKE:
            await make_again(work, caller, letter)
