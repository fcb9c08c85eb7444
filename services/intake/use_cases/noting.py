"""What the trail tells of a complaint's codes and letters: one chain for each complaint."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from shared.trail import Chain, Deed, Doer, Said, note
from shared.trail.tables import AuditRow
from shared.work import Work

CITIZEN = Doer("citizen")
"""Whoever has shown that they complained: by number and code, or by what only they are sent."""
STRANGER = Doer("stranger")
"""Whoever has shown nothing, or something wrong."""
A_DAY = timedelta(days=1)
MOST_WRONG = 20
"""Rows of wrong codes on one complaint in 24 hours: whoever guesses fills nobody's chain."""


def chain_of(complaint_id: UUID) -> Chain:
    """The chain of a complaint."""
    return Chain("complaint", str(complaint_id))


def for_complainant(doer: Doer, name: str | None) -> Doer:
    """Staff who act for whoever complained; who stands in for a colleague (代理) names that one."""
    return doer if doer.for_id else replace(doer, for_name=name or "")


async def note_deed(
    work: Work, complaint_id: UUID, deed: Deed, values: Mapping[str, Any], doer: Doer = CITIZEN
) -> None:
    """One row on a complaint: a code asked for, sent, used, renewed; a letter opened."""
    await note(work, chain_of(complaint_id), doer, Said(deed.value, values))


async def note_wrong(work: Work, complaint_id: UUID, purpose: str) -> None:
    """One row for a wrong code, or a wrong telephone; after many on one day, none."""
    mine = (AuditRow.kind == "complaint", AuditRow.key == str(complaint_id))
    today = (AuditRow.action == Deed.CODE_WRONG.value, AuditRow.at > work.now - A_DAY)
    count = await work.session.scalar(select(func.count()).where(*mine, *today))
    if (count or 0) < MOST_WRONG:
        await note_deed(work, complaint_id, Deed.CODE_WRONG, {"for": purpose}, STRANGER)
