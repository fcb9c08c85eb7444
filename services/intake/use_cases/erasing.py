"""Erasing (删除): the words of a complaint go, what says nothing about anybody stays.

What stays, and why (个人信息保护法 art. 47): number and codes of the matter, because figures are
made of them; the keyed marks that recognise a repetition, so that an import does not bring it back;
in the trail that something was done, when and by whom, with the commitment to what was said.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, select, update

from services.intake.ports import Ledger
from services.intake.tables import (
    AttachmentRow,
    ComplaintRow,
    ErasedRow,
    MailedCodeRow,
    ReporterRow,
)
from services.intake.use_cases.dropping import let_go
from shared.clock import local_day
from shared.events import ComplaintErased
from shared.kernel import ComplaintId
from shared.trail import Chain, Deed, Doer, Said
from shared.trail.noting import note_all
from shared.trail.said import Noted
from shared.trail.tables import AuditRow
from shared.vault import Vault
from shared.work import Database, Work

AT_ONCE = 200
PURPOSE = "erasure-ledger"
BACK = "ledger"
"""Why something is erased that was erased before: a backup had brought it back."""
SILENT = {"synchronize_session": False}


def mark_of(vault: Vault, complaint_id: UUID) -> bytes:
    """What the ledger knows a complaint by (32 bytes): the same for ever, and nobody's name."""
    return vault.mac(PURPOSE, complaint_id.bytes)


async def erase(
    database: Database, ledger: Ledger, wanted: Mapping[UUID, str], doer: Doer
) -> set[UUID]:
    """Erase these complaints, each for a reason (a code); those that are known here.

    The ledger knows of it first: what it knows is erased at the latest after the next start,
    whatever happens in between. Once more is harmless.
    """
    async with database.reading() as session:
        found = select(ComplaintRow.id).where(ComplaintRow.id.in_(wanted))
        there = set(await session.scalars(found))
    marks = {mark_of(database.vault, one): wanted[one] for one in there}
    await ledger.add(marks, local_day(database.clock()).isoformat())
    async with database.work() as work:
        await empty(work, {one: wanted[one] for one in there}, doer)
    return there


async def empty(work: Work, wanted: Mapping[UUID, str], doer: Doer) -> None:
    """Empty these records, announce it and note it; those that are empty already stay so."""
    ids = sorted(wanted)
    rows = await locked(work, ids)
    await note_erased(work, {row.id: wanted[row.id] for row in rows})
    for table in (ReporterRow, MailedCodeRow):
        ours = delete(table).where(table.complaint_id.in_(ids))
        await work.session.execute(ours, execution_options=SILENT)
    await drop_files(work, ids)
    await empty_trail(work, ids)
    for row in rows:
        row.complainant = row.respondent = row.words = None
        row.files = 0
        row.version += 1
        announced = ComplaintErased(
            occurred_at=work.now, complaint_id=ComplaintId(row.id), version=row.version
        )
        work.announce(announced)
    done = [(row.id, Said(Deed.ERASURE_DONE.value, {"why": wanted[row.id]})) for row in rows]
    await note_all(work, [Noted(Chain("complaint", str(one)), doer, said) for one, said in done])


async def locked(work: Work, ids: Sequence[UUID]) -> list[ComplaintRow]:
    """These complaints, for this transaction alone, always locked in the same order."""
    wanted = select(ComplaintRow).where(ComplaintRow.id.in_(ids)).order_by(ComplaintRow.id)
    return list(await work.session.scalars(wanted.with_for_update()))


async def note_erased(work: Work, wanted: Mapping[UUID, str]) -> None:
    rows = [
        {
            "complaint_id": one,
            "mark": mark_of(work.vault, one),
            "why": why,
            "erased_at": work.now,
        }
        for one, why in wanted.items()
    ]
    await work.insert_new(ErasedRow, rows, ["complaint_id"])


async def drop_files(work: Work, ids: Sequence[UUID]) -> None:
    """Forget the files; their sealed contents follow after the commit."""
    gone = delete(AttachmentRow).where(AttachmentRow.complaint_id.in_(ids))
    await let_go(work, await work.session.scalars(gone.returning(AttachmentRow.stored)))


async def empty_trail(work: Work, ids: Iterable[UUID]) -> None:
    """Empty what the trail holds sealed of these complaints; its chains stay whole."""
    keys = [str(one) for one in ids]
    ours = (AuditRow.kind == "complaint") & AuditRow.key.in_(keys)
    emptied = update(AuditRow).where(ours).values(sealed=None)
    await work.session.execute(emptied, execution_options=SILENT)
