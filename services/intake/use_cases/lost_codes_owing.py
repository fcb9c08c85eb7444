"""What somebody is owed who says that they lost a query code: a one-time code, or nothing."""

import json
from typing import Any, NamedTuple
from uuid import UUID

from services.intake.domain.lost_code import BETWEEN, GOOD_FOR, MOST_A_DAY, fits
from services.intake.domain.second_code import By, Destination
from services.intake.tables import MailedCodeRow
from services.intake.use_cases.contacts import contact_of
from services.intake.use_cases.evidence import locked
from services.intake.use_cases.letters_codes import mac_of_address
from services.intake.use_cases.looking_up import by_number
from services.intake.use_cases.lost_codes import PURPOSE, Asked, code_of, mac_of
from services.intake.use_cases.mailed import Limits, enough
from services.intake.use_cases.noting import note_deed, note_wrong
from shared.trail import Deed
from shared.work import Work

LIMITS = Limits(PURPOSE, BETWEEN, MOST_A_DAY)


class Owed(NamedTuple):
    """A code, and to whom it goes."""

    complaint: UUID
    body: str
    to: str
    code: str


async def owed_to(work: Work, request: Any) -> Owed | None:
    """The code of a request, kept before it is mailed, good for a while from now on.

    None where nothing fits, enough was mailed already, or since the first try it was used or the
    address corrected. Nobody else decides about this complaint until the transaction ends.
    """
    kept = await work.session.get(MailedCodeRow, request.id, with_for_update=True)
    asked = Asked(*json.loads(work.vault.open_text(request.asked, request.id)))
    found = await by_number(work.session, asked.number)
    if found is None:
        return None
    complaint = await locked(work, found.id)
    known = await contact_of(work.session, work.vault, complaint)
    if not fits(asked.contact, known):
        await note_wrong(work, complaint.id, PURPOSE)
        return None
    if known.email is None:
        return None
    to_mac = mac_of_address(work.vault, Destination(By.EMAIL, known.email))
    if kept is not None:
        if kept.used_at is not None or kept.to_mac != to_mac:
            return None
        kept.until = work.now + GOOD_FOR
    else:
        if await enough(work, complaint.id, to_mac, LIMITS):
            return None
        await keep(work, complaint.id, request.id, to_mac)
        said = {"for": PURPOSE, "by": "email", **({"notice": asked.notice} if asked.notice else {})}
        await note_deed(work, complaint.id, Deed.CODE_ASKED, said)
    code = code_of(work.vault, complaint.id, request.id)
    return Owed(complaint.id, complaint.body, known.email, code)


async def keep(work: Work, complaint_id: UUID, request: UUID, to_mac: bytes) -> None:
    """Keep what the code of a request is compared with, and what stands for where it goes."""
    code = code_of(work.vault, complaint_id, request)
    row = {
        "id": request,
        "complaint_id": complaint_id,
        "purpose": PURPOSE,
        "code_mac": mac_of(work.vault, complaint_id, code),
        "mailed_at": work.now,
        "until": work.now + GOOD_FOR,
        "used_at": None,
        "to_mac": to_mac,
    }
    await work.insert(MailedCodeRow, [row])
