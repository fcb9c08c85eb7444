"""A way back for whoever lost their query code, which tells a stranger nothing.

Asking does the same work whatever is typed: it is noted, sealed, and looked at later by a step.
Where number and contact fit, a one-time code goes to the e-mail address that the complaint gave.
"""

import json
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import update

from services.intake.domain.errors import NoSuchComplaintError
from services.intake.domain.query_code import query_code
from services.intake.tables import LOST_CODE, ComplaintRow, LostCodeRow, MailedCodeRow
from services.intake.use_cases.evidence import locked
from services.intake.use_cases.looking_up import NOBODY, by_number
from services.intake.use_cases.noting import CITIZEN, note_deed
from services.intake.use_cases.renewing import renew_code
from shared.ids import uuid7
from shared.kernel import Tried
from shared.text import normal_crockford
from shared.trail import Deed
from shared.vault import Vault
from shared.work import Work

PURPOSE = "lost-code"
MADE = "lost-code-made"
"""The name of the key that a code is derived with."""
STEP = "answer_lost_codes"


class Asked(NamedTuple):
    """What somebody typed who lost their code."""

    number: str
    contact: str
    """A telephone or an e-mail address."""
    notice: str | None = None
    """The version of the privacy notice (隐私告知) that stood beside the fields."""


async def ask(work: Work, asked: Asked) -> None:
    """Note that somebody lost a code. Nobody looks here whether that complaint exists."""
    identity = uuid7()
    typed = json.dumps(asked, ensure_ascii=False)
    row = {
        "id": identity,
        "asked": work.vault.seal(typed, LOST_CODE, identity),
        "asked_at": work.now,
        "due_at": work.now,
    }
    await work.insert(LostCodeRow, [row])
    work.wake(STEP)


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
    await locked(work, row.id)
    await note_deed(work, row.id, Deed.CODE_USED, {"for": PURPOSE})
    return row, await renew_code(work, row.id, CITIZEN)


def code_of(vault: Vault, complaint_id: UUID, request: UUID) -> str:
    """The code that a request gets, the same however often it is mailed; nobody stores it."""
    return query_code(vault.mac(MADE, complaint_id.bytes + request.bytes))


def mac_of(vault: Vault, complaint_id: UUID, code: str) -> bytes:
    """What is kept of a mailed code."""
    return vault.mac(PURPOSE, complaint_id.bytes + code.encode("utf-8", "replace"))
