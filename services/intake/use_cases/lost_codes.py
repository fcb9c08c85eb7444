"""A way back for whoever lost their query code, which tells a stranger nothing.

Asking does the same work whatever is typed: it is noted, sealed, and looked at later by a step.
Where number and contact fit, a one-time code goes to the e-mail address that the complaint gave.
"""

import json
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update

from services.intake.domain.errors import NoSuchComplaintError
from services.intake.domain.lost_code import (
    AGAIN,
    BETWEEN,
    GIVE_UP,
    GOOD_FOR,
    MOST_A_DAY,
    SUBJECT,
    TEXT,
    fits,
)
from services.intake.domain.query_code import LENGTH, grouped
from services.intake.ports import Mail, Post
from services.intake.tables import LOST_CODE, ComplaintRow, LostCodeRow, MailedCodeRow
from services.intake.use_cases.contacts import contact_of
from services.intake.use_cases.looking_up import NOBODY, by_number
from services.intake.use_cases.noting import CITIZEN, note_deed, note_wrong
from services.intake.use_cases.renewing import renew_code
from shared.ids import uuid7
from shared.kernel import Tried
from shared.log import logger
from shared.net import Unanswered
from shared.text import crockford, normal_crockford
from shared.trail import Deed
from shared.vault import Vault
from shared.work import Database, Work

PURPOSE = "lost-code"
AT_ONCE = 20
CODE_BITS = 60
A_DAY = timedelta(days=1)


async def ask(work: Work, number: str, contact: str) -> None:
    """Note that somebody lost a code. Nobody looks here whether that complaint exists."""
    identity = uuid7()
    typed = json.dumps([number, contact], ensure_ascii=False)
    row = {
        "id": identity,
        "asked": work.vault.seal(typed, LOST_CODE, identity),
        "asked_at": work.now,
        "due_at": work.now,
    }
    await work.insert(LostCodeRow, [row])
    work.wake("answer_lost_codes")


async def answer_due(database: Database, post: Post, address: str) -> int:
    """Look at what was asked, mail where it fits, and forget it; how many were looked at."""
    now = database.clock()
    due = select(LostCodeRow).where(LostCodeRow.due_at <= now).order_by(LostCodeRow.due_at)
    async with database.reading() as session:
        rows = list(await session.scalars(due.limit(AT_ONCE)))
    for row in rows:
        done = await answered(database, post, row, address) or now - row.asked_at >= GIVE_UP
        mine = LostCodeRow.id == row.id
        async with database.work() as work:
            later = update(LostCodeRow).where(mine).values(due_at=now + AGAIN)
            await work.session.execute(delete(LostCodeRow).where(mine) if done else later)
            stale = MailedCodeRow.until < now - A_DAY
            await work.session.execute(delete(MailedCodeRow).where(stale))
    return len(rows)


async def answered(database: Database, post: Post, row: LostCodeRow, address: str) -> bool:
    """Whether nothing is left to do: a mail left, or none is due to whoever asked."""
    number, contact = json.loads(database.vault.open_text(row.asked, row.id))
    async with database.reading() as session:
        complaint = await by_number(session, number)
        known = await contact_of(session, database.vault, complaint) if complaint else None
    if complaint is None or known is None:
        return True
    if not fits(contact, known):
        async with database.work() as work:
            await note_wrong(work, complaint.id, PURPOSE)
        return True
    if known.email is None:
        return True
    code = crockford(secrets.randbits(CODE_BITS), LENGTH)
    made = await noted(database, complaint, code)
    if made is None:
        return True
    text = TEXT.format(code=grouped(code), address=address)
    try:
        taken = await post.send(Mail(made, complaint.body, known.email, SUBJECT, text))
    except Unanswered as error:
        log = logger(service="intake", complaint_id=str(complaint.id))
        log.warning("code_not_mailed", reason=type(error).__name__)
        await forgotten(database, made)
        return False
    if not taken:
        await forgotten(database, made)
    else:
        async with database.work() as work:
            await note_deed(work, complaint.id, Deed.CODE_SENT, {"for": PURPOSE})
    return True


async def noted(database: Database, complaint: ComplaintRow, code: str) -> UUID | None:
    """Keep the code before it is mailed; None where enough were mailed already."""
    async with database.work() as work:
        mailed = select(func.count(), func.max(MailedCodeRow.mailed_at)).where(
            MailedCodeRow.complaint_id == complaint.id,
            MailedCodeRow.purpose == PURPOSE,
            MailedCodeRow.mailed_at > work.now - A_DAY,
        )
        count, last = (await work.session.execute(mailed)).one()
        if count >= MOST_A_DAY or (last is not None and work.now - last < BETWEEN):
            return None
        identity = uuid7()
        row = {
            "id": identity,
            "complaint_id": complaint.id,
            "purpose": PURPOSE,
            "code_mac": mac_of(work.vault, complaint.id, code),
            "mailed_at": work.now,
            "until": work.now + GOOD_FOR,
            "used_at": None,
        }
        await work.insert(MailedCodeRow, [row])
        await note_deed(work, complaint.id, Deed.CODE_ASKED, {"for": PURPOSE, "by": "email"})
    return identity


async def forgotten(database: Database, code: UUID) -> None:
    async with database.work() as work:
        await work.session.execute(delete(MailedCodeRow).where(MailedCodeRow.id == code))


async def redeem(work: Work, number: str, code: str) -> tuple[ComplaintRow, str]:
    """A new query code for whoever has the mailed one; once.

    Raises NoSuchComplaintError, the same after the same work, whatever is wrong.
    """
    row = await by_number(work.session, number)
    identity = row.id if row else NOBODY
    mine = (
        MailedCodeRow.complaint_id == identity,
        MailedCodeRow.purpose == PURPOSE,
        MailedCodeRow.code_mac == mac_of(work.vault, identity, normal_crockford(code)),
        MailedCodeRow.until > work.now,
        MailedCodeRow.used_at.is_(None),
    )
    used = update(MailedCodeRow).where(*mine).values(used_at=work.now)
    found = (await work.session.scalars(used.returning(MailedCodeRow.id))).all()
    if row is None or not found:
        wrong = NoSuchComplaintError(
            "编号和一次性代码对不上，或者代码已经用过、过期。请再看一遍邮件，或者重新申请。"
        )
        # No row of the complaint's chain: it would cost work that a wrong number does not.
        raise wrong.telling(Tried("complaint", row.id if row else None, number), "code.wrong")
    await note_deed(work, row.id, Deed.CODE_USED, {"for": PURPOSE})
    return row, await renew_code(work, row.id, CITIZEN)


def mac_of(vault: Vault, complaint_id: UUID, code: str) -> bytes:
    """What is kept of a mailed code."""
    return vault.mac(PURPOSE, complaint_id.bytes + code.encode("utf-8", "replace"))
