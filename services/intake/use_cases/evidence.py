"""Adding evidence to a complaint."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.intake.domain.errors import (
    ComplaintEndedError,
    NoSuchComplaintError,
    WordsErasedError,
)
from services.intake.ports import Storage
from services.intake.tables import FILE_NAME, AttachmentRow, ComplaintRow
from services.intake.use_cases.dropping import let_go
from services.intake.use_cases.files import StoredFile, new_id, refuse_too_many, remove
from services.intake.use_cases.looking_up import where_it_stands
from services.intake.use_cases.noting import CITIZEN, for_complainant, note_deed
from services.intake.use_cases.sealing import opened
from shared.events import EvidenceAdded
from shared.kernel import ComplaintId, RuleError
from shared.trail import Deed, Doer
from shared.work import Database, Work


class By(NamedTuple):
    """Who hands files in, and what they had read."""

    staff: Doer | None = None
    """For whoever complained; none: they did it themselves."""
    notice: str | None = None
    """The version of the privacy notice (隐私告知) that stood beside the field."""


ALONE = By()


async def attach(
    work: Work, complaint_id: UUID, files: Sequence[StoredFile], by: By = ALONE
) -> int:
    """Keep stored files as evidence, announce it and note it; how many files there are now.

    Files that are there already are no new ones, and what was stored of them leaves again.
    Raises TooManyFilesError, NoSuchComplaintError, WordsErasedError.
    """
    complaint = await locked(work, complaint_id)
    if complaint.words is None:
        raise WordsErasedError("这件投诉的个人信息已经依法删除，不能再补充材料。")
    known = await digests_of(work, complaint_id)
    firsts = {one.digest: one for one in reversed(files)}
    fresh = [one for one in files if firsts[one.digest] is one and one.digest not in known]
    refuse_too_many(len(known) + len(fresh))
    await let_go(work, [one.stored for one in files if one not in fresh])
    if not fresh:
        return complaint.files
    rows = [row_of(work, complaint_id, one) for one in fresh]
    await work.insert(AttachmentRow, rows)
    await note_added(work, complaint, by, [str(one["id"]) for one in rows])
    complaint.files = len(known) + len(fresh)
    complaint.version += 1
    work.announce(
        EvidenceAdded(
            occurred_at=work.now,
            complaint_id=ComplaintId(complaint_id),
            version=complaint.version,
            files=complaint.files,
            registrar=by.staff.id if by.staff else None,
            behalf=by.staff.for_id if by.staff else None,
        )
    )
    return complaint.files


async def note_added(work: Work, row: ComplaintRow, by: By, files: Sequence[str]) -> None:
    """Note who added these files, whoever complained or staff for them, and what they had read.

    For whom staff did it is not kept here of a report (举报).
    """
    doer = CITIZEN
    if by.staff is not None:
        who = opened(row.complainant, row.id, work.vault) or {}
        doer = for_complainant(by.staff, who.get("name"))
    said = {"files": list(files), **({"notice": by.notice} if by.notice else {})}
    await note_deed(work, row.id, Deed.EVIDENCE_ADDED, said, doer)


async def add(
    database: Database,
    storage: Storage,
    complaint_id: UUID,
    stored: Sequence[StoredFile],
    by: By = ALONE,
) -> int:
    """Make stored files evidence; where that is refused, nothing of them stays in the storage.

    Raises ComplaintEndedError (never to staff), TooManyFilesError, NoSuchComplaintError.
    """
    try:
        async with database.work() as work:
            if by.staff is None:
                await refuse_after_the_end(work, complaint_id)
            return await attach(work, complaint_id, stored, by)
    except RuleError:
        await remove(storage, stored)
        raise


async def refuse_after_the_end(work: Work, complaint_id: UUID) -> None:
    """Raises ComplaintEndedError, NoSuchComplaintError."""
    stands = await where_it_stands(work.session, await locked(work, complaint_id))
    if not stands.takes_evidence:
        raise ComplaintEndedError(
            "这件投诉已经结束，不再收材料。有新的证据或者新的情况，可以重新投诉。"
        )


async def locked(work: Work, complaint_id: UUID) -> ComplaintRow:
    """The complaint, for this transaction alone, as it is by now. Raises NoSuchComplaintError."""
    wanted = select(ComplaintRow).where(ComplaintRow.id == complaint_id).with_for_update()
    found = await work.session.scalars(wanted, execution_options={"populate_existing": True})
    row = found.one_or_none()
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
