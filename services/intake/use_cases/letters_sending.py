"""Second codes on their way: a step sends what is owed, three tries at most."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from services.intake.domain.query_code import grouped
from services.intake.domain.second_code import (
    AGAIN,
    LATEST,
    MOST_TO_ONE,
    PURPOSE,
    SHORT,
    SUBJECT,
    TEXT,
    By,
    destination,
)
from services.intake.ports import Mail, Office, TextMessage
from services.intake.tables import ComplaintRow, MailedCodeRow
from services.intake.use_cases.contacts import contact_of
from services.intake.use_cases.letters_codes import code_of, mac_of_address
from services.intake.use_cases.noting import A_DAY, note_deed
from shared.log import logger
from shared.net import Unanswered
from shared.text import normal_phone
from shared.trail import Deed
from shared.work import Database

AT_ONCE = 20
LEASE = AGAIN
"""How long whoever took a code has for sending it; then another process may."""
NEEDED = (
    MailedCodeRow.id,
    MailedCodeRow.complaint_id,
    MailedCodeRow.mailed_at,
    MailedCodeRow.to_mac,
)
SILENT = {"synchronize_session": False}


async def send_due(database: Database, office: Office) -> int:
    """Send the codes that are owed, and give up those that are late; how many were looked at.

    One after the other is taken: what waits behind a slow sender, another process may send.
    """
    for count in range(AT_ONCE):
        row = await claimed(database)
        if row is None:
            return count
        late = database.clock() - row.mailed_at > LATEST
        try:
            sent = not late and await sent_to(database, office, row)
        except Unanswered as error:
            log = logger(service="intake", complaint_id=str(row.complaint_id))
            log.warning("code_not_sent", reason=type(error).__name__)
            await put_off(database, row.id)
            continue
        await done(database, row, sent=sent)
    return AT_ONCE


async def claimed(database: Database) -> Any | None:
    """The code that is owed longest; for a while it is ours, and no other process sends it."""
    due = select(MailedCodeRow.id).where(MailedCodeRow.due_at <= database.clock())
    first = due.order_by(MailedCodeRow.due_at).limit(1)
    async with database.reading() as session:
        if await session.scalar(first) is None:
            return None
    async with database.work() as work:
        free = first.with_for_update(skip_locked=True).scalar_subquery()
        mine = update(MailedCodeRow).where(
            MailedCodeRow.id == free, MailedCodeRow.due_at <= work.now
        )
        ours = mine.values(due_at=work.now + LEASE).returning(*NEEDED)
        return (await work.session.execute(ours, execution_options=SILENT)).one_or_none()


async def sent_to(database: Database, office: Office, row: Any) -> bool:
    """Whether a code left. Raises Unanswered where it may be tried again."""
    async with database.reading() as session:
        complaint = await session.get_one(ComplaintRow, row.complaint_id)
        known = await contact_of(session, database.vault, complaint)
    to = destination(known, await office.ways(complaint.body))
    if to is None or mac_of_address(database.vault, to) != row.to_mac:
        return False  # the address was corrected, or erased, since it was asked for
    if await too_many_before(database, row):
        return False
    code = grouped(code_of(database.vault, complaint.id, row.id))
    if to.by is By.SMS:
        text = SHORT.format(code=code)
        number = normal_phone(to.address)
        return await office.text(TextMessage(row.id, complaint.body, number, text))
    text = TEXT.format(code=code)
    return await office.send(Mail(row.id, complaint.body, to.address, SUBJECT, text))


async def too_many_before(database: Database, row: Any) -> bool:
    """Whether as many as may go to one address in a day were asked for before this one.

    Who asks for many complaints at the same moment is counted for none of them by the others.
    """
    before = select(func.count()).where(
        MailedCodeRow.to_mac == row.to_mac,
        MailedCodeRow.purpose == PURPOSE,
        MailedCodeRow.mailed_at > row.mailed_at - A_DAY,
        MailedCodeRow.id < row.id,
    )
    async with database.reading() as session:
        return (await session.scalar(before) or 0) >= MOST_TO_ONE


async def put_off(database: Database, row: UUID) -> None:
    """A sender is away: once more in a while."""
    async with database.work() as work:
        later = update(MailedCodeRow).where(
            MailedCodeRow.id == row, MailedCodeRow.due_at.is_not(None)
        )
        await work.session.execute(later.values(due_at=work.now + AGAIN))


async def done(database: Database, row: Any, *, sent: bool) -> None:
    """Nothing is left to do with a code; the trail is told that it left."""
    async with database.work() as work:
        mine = update(MailedCodeRow).where(MailedCodeRow.id == row.id)
        await work.session.execute(mine.values(due_at=None))
        if sent:
            await note_deed(work, row.complaint_id, Deed.CODE_SENT, {"for": PURPOSE})
