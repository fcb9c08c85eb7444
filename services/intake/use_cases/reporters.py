"""Who reported (举报人): kept in a store of its own, opened with a reason, noted each time."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.errors import (
    NoReportError,
    ReasonMissingError,
    ReporterErasedError,
)
from services.intake.domain.record import Complaint
from services.intake.tables import REPORTER, WORDS, ComplaintRow, ReporterRow
from services.intake.use_cases.looking_up import by_id
from services.intake.use_cases.sealing import (
    APART,
    Document,
    identity_of,
    is_apart,
    known,
    opened,
    packed,
)
from shared.acting import Caller
from shared.events import ComplaintAmended
from shared.kernel import ComplaintId
from shared.rights import Action
from shared.text import clean
from shared.trail import Chain, Deed, Said, note
from shared.units import NO_UNITS, Place, sight_of
from shared.vault import Sealed, Vault
from shared.work import Database, Work

AT_ONCE = 200
LONGEST_REASON = 200
HERE = (ComplaintRow.kind == "report") & ComplaintRow.complainant.is_not(None)
"""Reports whose reporters are still in the record."""
MOVED = ("/agent", "/complainant", "/joint")


def reporter_row(
    complaint: Complaint, row: UUID, vault: Vault, now: datetime
) -> dict[str, Any] | None:
    """The row of who reported; None for a complaint that is no report."""
    if not is_apart(complaint.kind):
        return None
    sealed = vault.seal(packed(identity_of(complaint)), REPORTER, row)
    return {"complaint_id": row, "identity": sealed, "kept_at": now}


async def keep_reporters(work: Work, told: Iterable[tuple[UUID, Complaint]]) -> None:
    """Keep who reported, in the transaction that keeps what they reported."""
    rows = (reporter_row(complaint, row, work.vault, work.now) for row, complaint in told)
    await work.insert(ReporterRow, [one for one in rows if one])


async def open_reporter(work: Work, complaint_id: UUID, reason: str, caller: Caller) -> Document:
    """Who reported, for somebody who may know and says why; it is noted before it is shown.

    Raises NoSuchComplaintError, NoReportError, NotAllowedError, ReasonMissingError,
    ReporterErasedError; then nothing is noted and nothing shown.
    """
    row = await by_id(
        work.session, complaint_id, sight_of(caller.rights, Action.REPORTER_OPEN, NO_UNITS)
    )
    doer = caller.doing(Action.REPORTER_OPEN, Place(row.body))
    if not is_apart(row.kind):
        raise NoReportError("这件不是举报，没有另行保管的举报人信息。")
    why = clean(reason)[:LONGEST_REASON]
    if not why:
        raise ReasonMissingError("请写明为什么要查看举报人。", pointer="/reason")
    identity = await identity_in(work.session, work.vault, complaint_id)
    if identity is None:
        raise ReporterErasedError("举报人的信息已经删除。")
    chain = Chain("complaint", str(complaint_id))
    await note(work, chain, doer, Said(Deed.REPORTER_OPENED.value, {"reason": why}))
    return identity


async def identity_in(session: AsyncSession, vault: Vault, complaint_id: UUID) -> Document | None:
    """The documents of who reported; None where they were erased."""
    wanted = select(ReporterRow.identity).where(ReporterRow.complaint_id == complaint_id)
    sealed: Sealed | None = await session.scalar(wanted)
    return None if sealed is None else opened(sealed, complaint_id, vault)


async def move_reporters(database: Database) -> int:
    """Move who reported out of records from before there was a store for it; how many were moved.

    Each goes in one transaction with the announcement that lets the sisters forget their copies.
    """
    async with database.reading() as session:
        if await session.scalar(select(ComplaintRow.id).where(HERE).limit(1)) is None:
            return 0
    async with database.work() as work:
        rows = await still_here(work)
        if not rows:
            return 0
        identities = {row.id: identity_here(row, work.vault) for row in rows}
        kept = [
            {
                "complaint_id": one,
                "identity": work.vault.seal(packed(identity), REPORTER, one),
                "kept_at": work.now,
            }
            for one, identity in identities.items()
        ]
        await work.insert_new(ReporterRow, kept, ["complaint_id"])
        for row in rows:
            without_identity(work, row)
    return len(rows)


async def still_here(work: Work) -> list[ComplaintRow]:
    """Some reports whose reporters are not moved yet, for this transaction alone."""
    wanted = select(ComplaintRow).where(HERE).order_by(ComplaintRow.id).limit(AT_ONCE)
    return list(await work.session.scalars(wanted.with_for_update()))


def identity_here(row: ComplaintRow, vault: Vault) -> Document:
    words = opened(row.words, row.id, vault) or {}
    complainant = opened(row.complainant, row.id, vault)
    return {"complainant": known(complainant or {}), **{name: words.get(name) for name in APART}}


def without_identity(work: Work, row: ComplaintRow) -> None:
    """Empty what the record held of it, and say that it changed."""
    words = opened(row.words, row.id, work.vault)
    if words is not None:
        rest: Mapping[str, Any] = {**words, **dict.fromkeys(APART)}
        row.words = work.vault.seal(packed(rest), WORDS, row.id)
    row.complainant = None
    respondent = opened(row.respondent, row.id, work.vault) or {}
    row.version += 1
    work.announce(
        ComplaintAmended(
            occurred_at=work.now,
            complaint_id=ComplaintId(row.id),
            version=row.version,
            fields=MOVED,
            region=row.region,
            category=row.category,
            nature=row.nature,
            amount_fen=row.amount_fen,
            respondent_known=row.respondent_known,
            respondent_named=bool(respondent.get("name")),
        )
    )


async def to_move(session: AsyncSession) -> int:
    """How many reporters are still in the records."""
    return await session.scalar(select(func.count()).select_from(ComplaintRow).where(HERE)) or 0
