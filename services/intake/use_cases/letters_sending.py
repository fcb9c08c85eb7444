"""Second codes on their way: a step sends what is owed, as long as it is good."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from services.intake.domain.query_code import grouped
from services.intake.domain.second_code import (
    AGAIN,
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
from services.intake.use_cases.noting import note_deed
from shared.log import logger
from shared.net import Unanswered
from shared.text import normal_phone
from shared.trail import Deed
from shared.work import Database

AT_ONCE = 20
LEASE = timedelta(minutes=1)
"""How long whoever took a code has for sending it; then another process may."""
NEEDED = (
    MailedCodeRow.id,
    MailedCodeRow.complaint_id,
    MailedCodeRow.until,
    MailedCodeRow.to_mac,
)
SILENT = {"synchronize_session": False}
A_DAY = timedelta(days=1)


async def send_due(database: Database, office: Office) -> int:
    """Send the codes that are owed, and forget those long over; how many were looked at."""
    rows = await claimed(database)
    for row in rows:
        try:
            sent = row.until > database.clock() and await sent_to(database, office, row)
        except Unanswered as error:
            log = logger(service="intake", complaint_id=str(row.complaint_id))
            log.warning("code_not_sent", reason=type(error).__name__)
            await put_off(database, row.id)
            continue
        await done(database, row, sent=sent)
    return len(rows)


async def claimed(database: Database) -> Sequence[Any]:
    """The codes that are owed; for a while they are ours, and no other process sends them."""
    due = select(MailedCodeRow.id).where(MailedCodeRow.due_at <= database.clock())
    some = due.order_by(MailedCodeRow.due_at).limit(AT_ONCE)
    async with database.reading() as session:
        if await session.scalar(due.limit(1)) is None:
            return []
    async with database.work() as work:
        mine = update(MailedCodeRow).where(
            MailedCodeRow.id.in_(some.with_for_update(skip_locked=True)),
            MailedCodeRow.due_at <= work.now,
        )
        ours = mine.values(due_at=work.now + LEASE).returning(*NEEDED)
        return (await work.session.execute(ours, execution_options=SILENT)).all()


async def sent_to(database: Database, office: Office, row: Any) -> bool:
    """Whether a code left. Raises Unanswered where it may be tried again."""
    async with database.reading() as session:
        complaint = await session.get_one(ComplaintRow, row.complaint_id)
        known = await contact_of(session, database.vault, complaint)
    to = destination(known, await office.ways(complaint.body))
    if to is None or mac_of_address(database.vault, to) != row.to_mac:
        return False  # the address was corrected, or erased, since it was asked for
    code = grouped(code_of(database.vault, complaint.id, row.id))
    if to.by is By.SMS:
        text = SHORT.format(code=code)
        number = normal_phone(to.address)
        return await office.text(TextMessage(row.id, complaint.body, number, text))
    text = TEXT.format(code=code)
    return await office.send(Mail(row.id, complaint.body, to.address, SUBJECT, text))


async def put_off(database: Database, row: UUID) -> None:
    """A sender is away: once more in a moment."""
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
        stale = delete(MailedCodeRow).where(MailedCodeRow.until < work.now - A_DAY)
        await work.session.execute(stale)
        if sent:
            await note_deed(work, row.complaint_id, Deed.CODE_SENT, {"for": PURPOSE})
