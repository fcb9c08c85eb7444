"""The register of letters (发文登记) as the trail tells it: number, days, state, way, file."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.tables import AttemptRow, LetterFileRow, LetterRow
from shared.trail.chain import canonical

Entry = Mapping[str, Any]
"""What the register has of a letter, under the names and in the spelling of rows of the trail."""
COLUMNS: Mapping[str, Any] = {
    "document_number": LetterRow.document_number,
    "issued_on": LetterRow.issued_on,
    "reply_due": LetterRow.reply_due,
    "letter_state": LetterRow.state,
    "by": LetterRow.way,
    "sent_at": LetterRow.sent_at,
    "attempt": select(func.max(AttemptRow.place))
    .where(AttemptRow.letter_id == LetterRow.id)
    .scalar_subquery(),
    "sha256": select(LetterFileRow.sha256)
    .where(LetterFileRow.letter_id == LetterRow.id)
    .scalar_subquery(),
}
"""Where each of them is kept. The file itself needs no comparing: only who has the key can write
one that opens as this letter's."""


async def entries(session: AsyncSession, letters: Sequence[UUID]) -> dict[UUID, Entry]:
    """What the register has of these letters, in one statement."""
    columns = (one.label(name) for name, one in COLUMNS.items())
    found = select(LetterRow.id, *columns).where(LetterRow.id.in_(letters))
    return {
        row.id: spelled({name: getattr(row, name) for name in COLUMNS})
        for row in await session.execute(found)
    }


def spelled(values: Mapping[str, Any]) -> Entry:
    """Values as a row of the trail gives them back."""
    entry: Entry = json.loads(canonical(values))
    return entry
