"""Files are shown to the scanner, one after the other, long after they were taken."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.scanning import OPEN, Scan, again_at, stands
from services.intake.ports import Scanner, ScannerAwayError, Storage
from services.intake.tables import AttachmentRow
from services.intake.use_cases.files import raw_content_of
from services.intake.use_cases.noting import note_deed
from shared.log import logger
from shared.trail import SYSTEM, Deed
from shared.vault import WrongKeyError
from shared.work import Database, Work

AT_ONCE = 10


async def scan_due(database: Database, storage: Storage, scanner: Scanner) -> int:
    """Scan what is due, until one fails; how many were scanned."""
    async with database.reading() as session:
        files = await due(session, database)
    done = 0
    for file in files:
        found = await scanned(database, storage, scanner, file)
        await note(database, file, found)
        if found is Scan.FAILED:
            break
        done += 1
    return done


async def due(session: AsyncSession, database: Database) -> list[AttachmentRow]:
    """Files that the scanner has still to look at, the oldest first."""
    wanted = select(AttachmentRow).where(is_due(database)).order_by(AttachmentRow.id).limit(AT_ONCE)
    return list(await session.scalars(wanted))


def is_due(database: Database) -> ColumnElement[bool]:
    now = database.clock()
    return and_(
        AttachmentRow.scan.in_(OPEN),
        or_(AttachmentRow.scan_due_at.is_(None), AttachmentRow.scan_due_at <= now),
    )


async def scanned(
    database: Database, storage: Storage, scanner: Scanner, file: AttachmentRow
) -> Scan:
    """What the scanner says of a file; FAILED where it says nothing that can be relied on."""
    log = logger(service="intake", attachment_id=str(file.id))
    try:
        return await scanner.scan(await raw_content_of(storage, database.vault, file))
    except (ScannerAwayError, KeyError, WrongKeyError) as error:
        log.warning("not_scanned", reason=type(error).__name__, attempt=file.scan_tries + 1)
        return Scan.FAILED


async def note(database: Database, file: AttachmentRow, found: Scan) -> None:
    """Keep what was found; after a failure, when to try again.

    The trail tells what is new: not that a scanner was away once more.
    """
    async with database.work() as work:
        row = await work.session.get(AttachmentRow, file.id, with_for_update=True)
        if row is None or not stands(found, Scan(row.scan)):  # it was erased, or scanned, meanwhile
            return
        if row.scan != found:
            await note_found(work, row, found)
        row.scan = found
        row.scan_tries += 1
        if found is Scan.FAILED:
            row.scan_due_at = again_at(work.now, row.scan_tries)
        else:
            row.scanned_at, row.scan_due_at = work.now, None
    if found is Scan.INFECTED:
        log = logger(service="intake", attachment_id=str(file.id))
        log.warning("quarantined", complaint_id=str(file.complaint_id))


async def note_found(work: Work, file: AttachmentRow, found: Scan) -> None:
    """Note on the complaint what the scanner made of a file of it."""
    deed = Deed.FILE_QUARANTINED if found is Scan.INFECTED else Deed.FILE_SCANNED
    values = {"file": file.id, "scan": found.value}
    await note_deed(work, file.complaint_id, deed, values, SYSTEM)
