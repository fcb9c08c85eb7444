"""What a forwarding letter needs from mediation: whom to, and by which day they must reply."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.ports import Intake
from services.mediation.tables import AmendmentRow, CaseRow, CaseWordsRow, ForwardingRow, StaffRow
from services.mediation.use_cases.words import copy_of, opened_copy
from shared.vault import Vault

Wanted = tuple[UUID, int]
"""A case and the number of its forwarding."""


async def letter_facts(
    session: AsyncSession, vault: Vault, intake: Intake, wanted: Sequence[Wanted]
) -> list[dict[str, Any]]:
    """The facts of these forwardings; unknown ones are left out. Raises Unanswered."""
    statement = (
        select(
            ForwardingRow,
            CaseRow.complaint_id,
            CaseRow.number,
            CaseRow.body,
            CaseWordsRow.words,
            StaffRow.display,
            StaffRow.phone,
        )
        .join(CaseRow, CaseRow.id == ForwardingRow.case_id)
        .outerjoin(CaseWordsRow, CaseWordsRow.case_id == ForwardingRow.case_id)
        .outerjoin(StaffRow, StaffRow.id == ForwardingRow.mediator)
        .where(tuple_(ForwardingRow.case_id, ForwardingRow.serial).in_(wanted))
        .where(~correction_on_its_way())
    )
    rows = (await session.execute(statement)).all()
    fetched = await words_missing(intake, [row.complaint_id for row in rows if not row.words])
    return [facts_of(vault, row, fetched) for row in rows]


def correction_on_its_way() -> ColumnElement[bool]:
    """Whether intake does not know a correction yet: its letter would carry the old words."""
    waits = AmendmentRow.pushed_at.is_(None) & (AmendmentRow.case_id == ForwardingRow.case_id)
    return exists().where(waits)


async def words_missing(intake: Intake, complaints: Sequence[UUID]) -> dict[UUID, Any]:
    """The respondents of cases whose words were not copied yet."""
    if not complaints:
        return {}
    records = await intake.words(complaints)
    return {one: copy_of(record)["respondent"] for one, record in records.items()}


def facts_of(vault: Vault, row: Any, fetched: dict[UUID, Any]) -> dict[str, Any]:
    forwarding: ForwardingRow = row.ForwardingRow
    copy = opened_copy(vault, row.words, forwarding.case_id)
    respondent = copy["respondent"] or fetched.get(row.complaint_id)
    mediator = {"display": row.display, "phone": row.phone} if row.display else None
    return {
        "case_id": str(forwarding.case_id),
        "serial": forwarding.serial,
        "complaint_id": str(row.complaint_id),
        "number": row.number,
        "body": row.body,
        "forwarded_on": forwarding.forwarded_on.isoformat(),
        "reply_due": forwarding.reply_due.isoformat(),
        "respondent": respondent or None,
        "mediator": mediator,
    }
