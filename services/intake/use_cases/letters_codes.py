"""The second code that opens letters: asked for, sent by a step, used once.

Whoever asks has shown number and query code. Asking answers the same whether a code goes out or
enough went out already; typing one answers the same whether it is wrong, used, too old, or was
tried too often.
"""

import hmac
from uuid import UUID

from sqlalchemy import update

from services.intake.domain.errors import WrongLettersCodeError
from services.intake.domain.second_code import (
    BETWEEN,
    GOOD_FOR,
    MOST_A_DAY,
    MOST_TRIES,
    PURPOSE,
    Destination,
    Ways,
    destination,
    material,
    second_code,
)
from services.intake.tables import MailedCodeRow
from services.intake.use_cases.contacts import contact_of
from services.intake.use_cases.evidence import locked
from services.intake.use_cases.mailed import Limits, enough
from services.intake.use_cases.noting import note_deed, note_wrong
from shared.ids import uuid7
from shared.text import normal_crockford
from shared.trail import Deed
from shared.vault import Vault
from shared.work import Database, Work

KEPT = "letters-code-kept"
TO = "letters-code-to"
STEP = "send_letters_codes"
AT_ONCE = 20
LIMITS = Limits(PURPOSE, BETWEEN, MOST_A_DAY)


async def ask(work: Work, complaint_id: UUID, ways: Ways) -> Destination | None:
    """Owe a code to whoever complained; where it goes, None where nothing can reach them.

    Older codes are worthless from now on. Where enough went out already, none does.
    """
    complaint = await locked(work, complaint_id)
    to = destination(await contact_of(work.session, work.vault, complaint), ways)
    if to is None:
        return None
    to_mac = mac_of_address(work.vault, to)
    if await enough(work, complaint_id, to_mac, LIMITS):
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
