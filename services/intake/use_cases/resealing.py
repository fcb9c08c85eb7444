"""The sealed files, when keys are rotated: counted, and sealed anew one after the other."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.intake.ports import Storage
from services.intake.tables import AttachmentRow, UploadRow
from services.intake.use_cases.files import CONTENT, row_of
from services.intake.use_cases.sweeping import referenced
from shared.runtime.rotation.held import UNKNOWN, Counts, Lot, heads
from shared.vault import Sealed, Vault, WrongKeyError
from shared.work import Database

LOT = 50
"""Files whose beginnings are looked at together; they are sealed anew one by one."""
BEGINNING = 18
"""Bytes: as much as says with which cipher and key a file was sealed, however the key is called."""
TABLES: tuple[type[AttachmentRow] | type[UploadRow], ...] = (AttachmentRow, UploadRow)


@dataclass(frozen=True)
class SealedFiles:
    """Everything in the storage that a complaint or a waiting form has."""

    storage: Storage
    name: str = "attachments (files)"

    async def counts(self, database: Database) -> Counts:
        """How many files each key seals."""
        found: Counts = defaultdict(int)
        known = heads(database.vault)
        async for begun in self._beginnings(database):
            for beginning in begun.values():
                keys = [key for key, head in known if beginning.startswith(head)]
                found[keys[0] if keys else UNKNOWN] += 1
        return dict(found)

    async def old(self, database: Database) -> int:
        """How many files are not sealed as they would be now."""
        return sum([len(old_in(begun, database)) async for begun in self._beginnings(database)])

    async def renew(self, database: Database) -> AsyncGenerator[Lot]:
        """Seal them anew, one by one. A file that was removed meanwhile stays removed."""
        async for begun in self._beginnings(database):
            for stored in old_in(begun, database):
                yield Lot(1, 0 if await self._renewed(database, stored) else 1)

    async def _beginnings(self, database: Database) -> AsyncGenerator[dict[str, bytes]]:
        """How the files begin, lot by lot. A file that the storage lost is left out."""
        for table in TABLES:
            after = UUID(int=0)
            while rows := await lot(database, table, after):
                after = rows[-1][0]
                names = list(dict.fromkeys(stored for _, stored in rows))
                begun = await asyncio.gather(*(self._beginning(one) for one in names))
                yield {name: start for name, start in zip(names, begun, strict=True) if start}

    async def _beginning(self, stored: str) -> bytes:
        try:
            return await self.storage.begin(stored, BEGINNING)
        except KeyError:
            return b""

    async def _renewed(self, database: Database, stored: str) -> bool:
        """Seal one file anew; False where no key opens it."""
        try:
            blob = await self.storage.get(stored)
            fresh = await asyncio.to_thread(resealed, database.vault, blob, stored)
        except KeyError:
            return True
        except WrongKeyError:
            return False
        await self.storage.put(stored, fresh)
        async with database.reading() as session:
            wanted = await referenced(session, [stored])
        if not wanted:
            await self.storage.delete(stored)
        return True


async def lot(
    database: Database, table: type[AttachmentRow] | type[UploadRow], after: UUID
) -> Sequence[tuple[UUID, str]]:
    """The next rows of a table, and where their files are."""
    statement = select(table.id, table.stored).where(table.id > after).order_by(table.id)
    async with database.reading() as session:
        rows = await session.execute(statement.limit(LOT))
    return [(row.id, row.stored) for row in rows]


def old_in(begun: dict[str, bytes], database: Database) -> list[str]:
    """Those that are not sealed as they would be now."""
    return [name for name, start in begun.items() if not start.startswith(database.vault.head)]


def resealed(vault: Vault, blob: bytes, stored: str) -> bytes:
    """The same content, sealed with the active key. Raises WrongKeyError."""
    row = row_of(bytes.fromhex(stored))
    return vault.seal(vault.open(Sealed(blob, CONTENT), row), CONTENT, row).blob
