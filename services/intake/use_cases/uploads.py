"""Files of a form that came back with errors: kept until it is sent again, then evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.waiting import Lying
from services.intake.ports import Storage
from services.intake.tables import UPLOAD_NAME, ComplaintRow, UploadRow
from services.intake.use_cases.checking import Submission
from services.intake.use_cases.dropping import let_go, nobodys
from services.intake.use_cases.evidence import attach
from services.intake.use_cases.files import StoredFile, new_id
from services.intake.use_cases.keeping import keep_more
from services.intake.use_cases.receipts import Receipt, receipt_of
from services.intake.use_cases.receiving import TRIES, new_number, received, row_of
from services.intake.use_cases.repeating import repetitions
from shared.bulk import upsert
from shared.vault import Vault
from shared.work import Database, Work, table_of

FORM_PURPOSE = "form-key"
SENDER_PURPOSE = "waiting-files"
AT_ONCE = 200
UPLOADS = table_of(UploadRow)


@dataclass(frozen=True)
class KeptFile:
    """A file that waits for its form."""

    id: UUID
    name: str
    kind: str
    size: int


def form_of(vault: Vault, form_key: str) -> bytes:
    """What the files of a form are found by."""
    return vault.mac(FORM_PURPOSE, form_key.encode())


def owner_of(form: bytes) -> UUID:
    """Within which the same file is kept once."""
    return UUID(bytes=form[:16])


async def kept_files(session: AsyncSession, vault: Vault, form: bytes) -> list[KeptFile]:
    """The files that wait for this form."""
    wanted = select(UploadRow).where(UploadRow.form_hash == form)
    rows = await session.scalars(wanted.order_by(UploadRow.kept_at, UploadRow.id))
    return [KeptFile(row.id, vault.open_text(row.name, row.id), row.kind, row.size) for row in rows]


def sender_of(vault: Vault, address: str) -> bytes:
    """What the waiting files of an address are counted by."""
    return vault.mac(SENDER_PURPOSE, address.encode())


async def lying(session: AsyncSession, sender: bytes) -> Lying:
    """How many bytes wait: of this sender, and of all."""
    size = func.coalesce(func.sum(UploadRow.size), 0)
    mine = select(size).where(UploadRow.sender == sender).scalar_subquery()
    row = (await session.execute(select(mine, size).select_from(UploadRow))).one()
    return Lying(int(row[0]), int(row[1]))


async def keep_file(work: Work, form: bytes, file: StoredFile, sender: bytes | None = None) -> None:
    """Keep a stored file until its form is sent.

    One that waits already waits as long as if it had come now, and what was stored now leaves.
    """
    identity = new_id()
    row = {
        "id": identity,
        "form_hash": form,
        "name": work.vault.seal(file.name, UPLOAD_NAME, identity),
        "kind": file.kind,
        "size": file.size,
        "digest": file.digest,
        "stored": file.stored,
        "kept_at": work.now,
        "sender": sender,
    }
    new = upsert(work.session, UPLOADS).values(row)
    kept = new.on_conflict_do_update(
        index_elements=["form_hash", "digest"], set_={"kept_at": new.excluded.kept_at}
    )
    stored = await work.session.scalar(kept.returning(UPLOADS.c.stored))
    if stored != file.stored:
        await let_go(work, [file.stored])


async def drop_file(database: Database, storage: Storage, form: bytes, upload: UUID) -> None:
    """Forget one file of a form; harmless if it is not there."""
    await drop(database, storage, (UploadRow.form_hash == form) & (UploadRow.id == upload))


async def drop_files(database: Database, storage: Storage, form: bytes) -> None:
    """Forget all files of a form that nobody will see again."""
    await drop(database, storage, UploadRow.form_hash == form)


async def drop(database: Database, storage: Storage, which: ColumnElement[bool]) -> None:
    async with database.work() as work:
        gone = await work.session.scalars(
            delete(UploadRow).where(which).returning(UploadRow.stored)
        )
        keys = await nobodys(work, list(gone))
    for key in keys:
        await storage.delete(key)


async def receive_with_files(database: Database, submission: Submission, form: bytes) -> Receipt:
    """Keep a complaint together with the files of its form, in one transaction.

    Raises KeyUsedError, TooManyFilesError; then nothing is kept.
    """
    async with database.work() as work:
        receipt = await new_or_known(database, work, submission)
        await attach(work, receipt.id, await taken(work, form))
    return receipt


async def new_or_known(database: Database, work: Work, submission: Submission) -> Receipt:
    """The receipt of a complaint that is kept now, or of the first time it came.

    Raises KeyUsedError.
    """
    row = row_of(submission, work.now, work.vault)
    for _ in range(TRIES):
        if await work.insert_new(ComplaintRow, [row], ["id"]):
            await keep_more(work, [(row["id"], submission)])
            work.announce(received(row, submission))
            return receipt_of(row, work.vault)
        first = (await repetitions(database, {0: row})).get(0)
        if isinstance(first, Exception):
            raise first
        if first is not None:
            return first
        row["number"] = new_number(work.now)  # its public number was taken: another one
    raise RuntimeError(f"{TRIES} public numbers in a row were taken")


async def taken(work: Work, form: bytes) -> Sequence[StoredFile]:
    """The files of a form, which wait no longer."""
    gone = delete(UploadRow).where(UploadRow.form_hash == form).returning(UploadRow)
    rows = list(await work.session.scalars(gone))
    return [
        StoredFile(
            work.vault.open_text(row.name, row.id),
            row.kind,
            row.size,
            bytes(row.digest),
            row.stored,
        )
        for row in sorted(rows, key=lambda one: (one.kept_at, one.id))
    ]


async def purge(database: Database, storage: Storage, older_than: timedelta) -> int:
    """Forget files whose forms never came, and do not come at this moment; how many."""
    limit = database.clock() - older_than
    old = UploadRow.kept_at < limit
    stale = select(UploadRow.id).where(old).limit(AT_ONCE)
    async with database.reading() as session:
        ids = list(await session.scalars(stale))
    if not ids:
        return 0
    async with database.work() as work:
        still = delete(UploadRow).where(UploadRow.id.in_(ids), old)
        gone = still.returning(UploadRow.stored)
        stored = list(await work.session.scalars(gone))
        keys = await nobodys(work, stored)
    for key in keys:
        await storage.delete(key)
    return len(stored)
