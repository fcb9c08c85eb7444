"""Lost codes are looked at by a step: a one-time code goes out where number and contact fit.

A request has one code however often its mail is tried: a mail that left though its answer was lost
is worth as much as the one after it. One process answers a request at a time.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from services.intake.domain.lost_code import GIVE_UP, LEASE, SUBJECT, TEXT, again_at
from services.intake.domain.query_code import grouped
from services.intake.ports import Mail, Post
from services.intake.tables import LostCodeRow, MailedCodeRow
from services.intake.use_cases.lost_codes import PURPOSE
from services.intake.use_cases.lost_codes_owing import owed_to
from services.intake.use_cases.noting import note_deed
from shared.log import logger
from shared.net import Unanswered
from shared.trail import Deed
from shared.work import Database, Work

AT_ONCE = 20
NEEDED = (LostCodeRow.id, LostCodeRow.asked, LostCodeRow.asked_at)
SILENT = {"synchronize_session": False}


async def answer_due(database: Database, post: Post, address: str) -> int:
    """Look at what was asked, mail where it fits, and forget it; how many were looked at."""
    for count in range(AT_ONCE):
        request = await claimed(database)
        if request is None:
            return count
        await answer(database, post, request, address)
    return AT_ONCE


async def claimed(database: Database) -> Any | None:
    """The request that waits longest; for a while it is ours, and no other process answers it."""
    due = select(LostCodeRow.id).where(LostCodeRow.due_at <= database.clock())
    first = due.order_by(LostCodeRow.due_at).limit(1)
    async with database.reading() as session:
        if await session.scalar(first) is None:
            return None
    async with database.work() as work:
        free = first.with_for_update(skip_locked=True).scalar_subquery()
        mine = update(LostCodeRow).where(LostCodeRow.id == free, LostCodeRow.due_at <= work.now)
        ours = mine.values(due_at=work.now + LEASE).returning(*NEEDED)
        return (await work.session.execute(ours, execution_options=SILENT)).one_or_none()


async def answer(database: Database, post: Post, request: Any, address: str) -> None:
    """Mail the code that a request is owed, if any; forget it, or try again in a while."""
    if database.clock() - request.asked_at >= GIVE_UP:
        await give_up(database, request.id)
        return
    async with database.work() as work:
        owed = await owed_to(work, request)
        if owed is None:
            await forget(work, request.id)
            await end(work, request.id)
            return
    text = TEXT.format(code=grouped(owed.code), address=address)
    try:
        taken = await post.send(Mail(request.id, owed.body, owed.to, SUBJECT, text))
    except Unanswered as error:
        log = logger(service="intake", complaint_id=str(owed.complaint))
        log.warning("code_not_mailed", reason=type(error).__name__)
        await put_off(database, request)
    else:
        await settle(database, request.id, owed.complaint, taken=taken)


async def forget(work: Work, request: UUID) -> bool:
    """Forget a request; whether it was there: another process may have answered it meanwhile."""
    gone = delete(LostCodeRow).where(LostCodeRow.id == request).returning(LostCodeRow.id)
    return await work.session.scalar(gone, execution_options=SILENT) is not None


async def end(work: Work, request: UUID) -> None:
    """What an earlier try may have brought somewhere is worth nothing from now on."""
    mine = update(MailedCodeRow).where(MailedCodeRow.id == request, MailedCodeRow.until > work.now)
    await work.session.execute(mine.values(until=work.now), execution_options=SILENT)


async def settle(database: Database, request: UUID, complaint: UUID, *, taken: bool) -> None:
    """The mail was taken, which the trail is told; or nobody is there who could carry one."""
    async with database.work() as work:
        if not await forget(work, request):
            return
        if taken:
            await note_deed(work, complaint, Deed.CODE_SENT, {"for": PURPOSE})
        else:
            await work.session.execute(delete(MailedCodeRow).where(MailedCodeRow.id == request))


async def put_off(database: Database, request: Any) -> None:
    """Nobody answered: once more in a while."""
    async with database.work() as work:
        mine = update(LostCodeRow).where(LostCodeRow.id == request.id)
        later = mine.values(due_at=again_at(request.asked_at, work.now))
        await work.session.execute(later, execution_options=SILENT)


async def give_up(database: Database, request: UUID) -> None:
    """It can be asked again; a code that may have arrived all the same stays good to its end."""
    async with database.work() as work:
        await forget(work, request)
        over = (MailedCodeRow.id == request) & (MailedCodeRow.until <= work.now)
        await work.session.execute(delete(MailedCodeRow).where(over))
