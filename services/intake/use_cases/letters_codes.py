"""The second code that opens letters: asked for, sent by a step, used once.

Whoever asks has shown number and query code. Asking answers the same whether a code goes out or
enough went out already; typing one answers the same whether it is wrong, used, too old, or was
tried too often.
"""

import hmac
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from services.intake.domain.errors import WrongLettersCodeError
from services.intake.domain.query_code import grouped
from services.intake.domain.second_code import (
    AGAIN,
    BETWEEN,
    GOOD_FOR,
    MOST_A_DAY,
    MOST_TO_ONE,
    MOST_TRIES,
    PURPOSE,
    SHORT,
    SUBJECT,
    TEXT,
    By,
    Destination,
    Ways,
    destination,
    material,
    second_code,
)
from services.intake.ports import Mail, Office, TextMessage
from services.intake.tables import ComplaintRow, MailedCodeRow
from services.intake.use_cases.contacts import contact_of
from services.intake.use_cases.evidence import locked
from services.intake.use_cases.noting import note_deed, note_wrong
from shared.ids import uuid7
from shared.log import logger
from shared.net import Unanswered
from shared.text import normal_crockford, normal_phone
from shared.trail import Deed
from shared.vault import Vault
from shared.work import Database, Work

KEPT = "letters-code-kept"
TO = "letters-code-to"
STEP = "send_letters_codes"
AT_ONCE = 20
A_DAY = timedelta(days=1)


async def ask(work: Work, complaint_id: UUID, ways: Ways) -> Destination | None:
    """Owe a code to whoever complained; where it goes, None where nothing can reach them.

    Older codes are worthless from now on. Where enough went out already, none does.
    """
    complaint = await locked(work, complaint_id)
    to = destination(await contact_of(work.session, work.vault, complaint), ways)
    if to is None:
        return None
    to_mac = mac_of_address(work.vault, to)
    if await enough(work, complaint_id, to_mac):
        return to
    mine = (MailedCodeRow.complaint_id == complaint_id, MailedCodeRow.purpose == PURPOSE)
    over = update(MailedCodeRow).where(*mine, MailedCodeRow.until > work.now)
    await work.session.execute(over.values(until=work.now, due_at=None))
    identity = uuid7()
    row = {
        "id": identity,
        "complaint_id": complaint_id,
        "purpose": PURPOSE,
        "code_mac": mac_of(work.vault, complaint_id, code_of(work.vault, complaint_id, identity)),
        "mailed_at": work.now,
        "until": work.now + GOOD_FOR,
        "used_at": None,
        "to_mac": to_mac,
        "due_at": work.now,
        "tries": 0,
    }
    await work.insert(MailedCodeRow, [row])
    await note_deed(work, complaint_id, Deed.CODE_ASKED, {"for": PURPOSE, "by": to.by})
    work.wake(STEP)
    return to


async def enough(work: Work, complaint_id: UUID, to_mac: bytes) -> bool:
    """Whether no more codes go out now: for this complaint, or to this address."""
    mine = MailedCodeRow.complaint_id == complaint_id
    theirs = MailedCodeRow.to_mac == to_mac
    wanted = select(
        func.count().filter(mine),
        func.max(MailedCodeRow.mailed_at).filter(mine),
        func.count().filter(theirs),
    ).where(
        or_(mine, theirs),
        MailedCodeRow.purpose == PURPOSE,
        MailedCodeRow.mailed_at > work.now - A_DAY,
    )
    here, last, there = (await work.session.execute(wanted)).one()
    soon = last is not None and work.now - last < BETWEEN
    return bool(soon or here >= MOST_A_DAY or there >= MOST_TO_ONE)


async def send_due(database: Database, office: Office) -> int:
    """Send the codes that are owed, and forget those long over; how many were looked at."""
    now = database.clock()
    due = select(MailedCodeRow).where(MailedCodeRow.due_at <= now)
    async with database.reading() as session:
        rows = list(await session.scalars(due.order_by(MailedCodeRow.due_at).limit(AT_ONCE)))
    for row in rows:
        try:
            sent = row.until > now and await sent_to(database, office, row)
        except Unanswered as error:
            log = logger(service="intake", complaint_id=str(row.complaint_id))
            log.warning("code_not_sent", reason=type(error).__name__)
            await put_off(database, row.id)
            continue
        await done(database, row, sent=sent)
    return len(rows)


async def sent_to(database: Database, office: Office, row: MailedCodeRow) -> bool:
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


async def done(database: Database, row: MailedCodeRow, *, sent: bool) -> None:
    """Nothing is left to do with a code; the trail is told that it left."""
    async with database.work() as work:
        mine = update(MailedCodeRow).where(MailedCodeRow.id == row.id)
        await work.session.execute(mine.values(due_at=None))
        stale = delete(MailedCodeRow).where(MailedCodeRow.until < work.now - A_DAY)
        await work.session.execute(stale)
        if sent:
            await note_deed(work, row.complaint_id, Deed.CODE_SENT, {"for": PURPOSE})


async def redeem(database: Database, complaint_id: UUID, typed: str) -> None:
    """Use the code that was sent; once. It counts as tried before it is compared.

    Raises WrongLettersCodeError, the same whatever is wrong.
    """
    async with database.work() as work:
        right = await used(work, complaint_id, normal_crockford(typed))
        if right:
            await note_deed(work, complaint_id, Deed.CODE_USED, {"for": PURPOSE})
        else:
            await note_wrong(work, complaint_id, PURPOSE)
    if not right:
        raise WrongLettersCodeError(
            "验证码不对，或者已经用过、过期。请对照刚收到的再填一遍，或者重新发送。",
            pointer="/letters_code",
        )


async def used(work: Work, complaint_id: UUID, code: str) -> bool:
    """Whether this is the code that is good now; nobody uses it after us."""
    live = (
        MailedCodeRow.complaint_id == complaint_id,
        MailedCodeRow.purpose == PURPOSE,
        MailedCodeRow.until > work.now,
        MailedCodeRow.used_at.is_(None),
        MailedCodeRow.tries < MOST_TRIES,
    )
    tried = update(MailedCodeRow).where(*live).values(tries=MailedCodeRow.tries + 1)
    counted = tried.returning(MailedCodeRow.id, MailedCodeRow.code_mac)
    rows = (await work.session.execute(counted)).all()
    mac = mac_of(work.vault, complaint_id, code)
    right = [row.id for row in rows if hmac.compare_digest(bytes(row.code_mac), mac)]
    mine = update(MailedCodeRow).where(MailedCodeRow.id.in_(right))
    await work.session.execute(mine.values(used_at=work.now))
    return bool(right)


def code_of(vault: Vault, complaint_id: UUID, row: UUID) -> str:
    """The code that a row owes, the same each time; nobody stores it."""
    return second_code(vault.mac(PURPOSE, material(complaint_id, row)))


def mac_of(vault: Vault, complaint_id: UUID, code: str) -> bytes:
    """What is kept of a code."""
    return vault.mac(KEPT, complaint_id.bytes + code.encode("utf-8", "replace"))


def mac_of_address(vault: Vault, to: Destination) -> bytes:
    """What is kept of where a code goes."""
    return vault.mac(TO, to.material)
