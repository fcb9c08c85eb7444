"""Adding evidence to a complaint."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.intake.domain.errors import (
    ComplaintEndedError,
    NoSuchComplaintError,
    WordsErasedError,
)
from services.intake.ports import Storage
from services.intake.tables import FILE_NAME, AttachmentRow, ComplaintRow
from services.intake.use_cases.files import StoredFile, new_id, refuse_too_many
from services.intake.use_cases.looking_up import where_it_stands
from services.intake.use_cases.noting import for_complainant, note_deed
from services.intake.use_cases.sealing import opened
from shared.events import EvidenceAdded
from shared.kernel import ComplaintId, RuleError
from shared.trail import Deed, Doer
from shared.work import Database, Work


async def attach(
    work: Work, complaint_id: UUID, files: Sequence[StoredFile], doer: Doer | None = None
) -> int:
    """Keep stored files as evidence and announce it; how many files there are now.

    Files that are there already are no new ones. Raises TooManyFilesError, NoSuchComplaintError,
    WordsErasedError.
    """
    complaint = await locked(work, complaint_id)
    if complaint.words is None:
        raise WordsErasedError("这件投诉的个人信息已经依法删除，不能再补充材料。")
    known = await digests_of(work, complaint_id)
    fresh = [one for one in dict.fromkeys(files) if one.digest not in known]
    refuse_too_many(len(known) + len(fresh))
    if not fresh:
        return complaint.files
    rows = [row_of(work, complaint_id, one) for one in fresh]
    await work.insert(AttachmentRow, rows)
    if doer is not None:
        await note_added(work, complaint, doer, [str(one["id"]) for one in rows])
    complaint.files = len(known) + len(fresh)
    complaint.version += 1
    work.announce(
        EvidenceAdded(
            occurred_at=work.now,
            complaint_id=ComplaintId(complaint_id),
            version=complaint.version,
            files=complaint.files,
            registrar=doer.id if doer else None,
            behalf=doer.for_id if doer else None,
        )
    )
    return complaint.files


async def note_added(work: Work, row: ComplaintRow, doer: Doer, files: Sequence[str]) -> None:
    """Note who of the staff added these files, and for whom; of a report it is not kept here."""
    who = opened(row.complainant, row.id, work.vault) or {}
    values = {"files": list(files)}
    doer = for_complainant(doer, who.get("name"))
    await note_deed(work, row.id, Deed.EVIDENCE_ADDED, values, doer)


async def add(
    database: Database,
    storage: Storage,
    complaint_id: UUID,
    stored: Sequence[StoredFile],
    doer: Doer | None = None,
) -> int:
    """Make stored files evidence; where that is refused, nothing of them stays in the storage.

    `doer` of the staff does it for whoever complained, and is noted.
    Raises ComplaintEndedError (never to staff), TooManyFilesError, NoSuchComplaintError.
    """
    try:
        async with database.work() as work:
            if doer is None:
                await refuse_after_the_end(work, complaint_id)
            return await attach(work, complaint_id, stored, doer)
    except RuleError:
        async with database.work() as work:
            keys = await nobodys(work, [one.stored for one in stored])
        for key in keys:
            await storage.delete(key)
        raise


async def refuse_after_the_end(work: Work, complaint_id: UUID) -> None:
    """Raises ComplaintEndedError, NoSuchComplaintError."""
    stands = await where_it_stands(work.session, await locked(work, complaint_id))
    if not stands.takes_evidence:
        raise ComplaintEndedError(
            "这件投诉已经结束，不再收材料。有新的证据或者新的情况，可以重新投诉。"
        )


async def nobodys(work: Work, keys: Sequence[str]) -> list[str]:
    """Which of these contents are nobody's evidence."""
    evidence = select(AttachmentRow.stored).where(AttachmentRow.stored.in_(keys))
    kept = set(await work.session.scalars(evidence))
    return [key for key in keys if key not in kept]


async def locked(work: Work, complaint_id: UUID) -> ComplaintRow:
    """The complaint, for this transaction alone. Raises NoSuchComplaintError."""
    wanted = select(ComplaintRow).where(ComplaintRow.id == complaint_id).with_for_update()
    row = (await work.session.scalars(wanted)).one_or_none()
    if row is None:
        raise NoSuchComplaintError("没有这件投诉，请检查网址。")
    return row


async def digests_of(work: Work, complaint_id: UUID) -> set[bytes]:
    wanted = select(AttachmentRow.digest).where(AttachmentRow.complaint_id == complaint_id)
    return {bytes(one) for one in await work.session.scalars(wanted)}


def row_of(work: Work, complaint_id: UUID, file: StoredFile) -> dict[str, object]:
    identity = new_id()
    return {
        "id": identity,
        "complaint_id": complaint_id,
        "name": work.vault.seal(file.name, FILE_NAME, identity),
        "kind": file.kind,
        "size": file.size,
        "digest": file.digest,
        "stored": file.stored,
        "added_at": work.now,
    }
