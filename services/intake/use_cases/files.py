"""Files: checked, sealed, and put into the storage under the hash of their content."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from services.intake.domain.attachment import AcceptedFile, accept
from services.intake.ports import Storage
from services.intake.tables import FILE_NAME, AttachmentRow
from shared.ids import uuid7
from shared.vault import Sealed, Vault

CONTENT = "attachments.content"
PURPOSE = "attachment"


@dataclass(frozen=True)
class StoredFile:
    """A file that lies sealed in the storage."""

    name: str
    kind: str
    size: int
    digest: bytes

    @property
    def stored(self) -> str:
        """Its key in the storage."""
        return self.digest.hex()


async def store(storage: Storage, vault: Vault, owner: UUID, name: str, data: bytes) -> StoredFile:
    """Check a file and keep it sealed. The same content for the same owner is kept once.

    Raises RuleError for what we do not take; then nothing is kept.
    """
    accepted, digest, sealed = await asyncio.to_thread(seal, vault, owner, name, data)
    await storage.put(digest.hex(), sealed.blob)
    return StoredFile(accepted.name, accepted.kind, accepted.size, digest)


def seal(vault: Vault, owner: UUID, name: str, data: bytes) -> tuple[AcceptedFile, bytes, Sealed]:
    accepted = accept(name, data)
    digest = vault.mac(PURPOSE, owner.bytes + data)
    return accepted, digest, vault.seal(data, CONTENT, row_of(digest))


def row_of(digest: bytes) -> UUID:
    """What the sealed content is bound to."""
    return UUID(bytes=digest[:16])


async def content_of(storage: Storage, vault: Vault, file: AttachmentRow) -> bytes:
    """The content of a file. Raises KeyError where the storage lost it."""
    blob = await storage.get(file.stored)
    sealed = Sealed(blob, CONTENT)
    return await asyncio.to_thread(vault.open, sealed, row_of(file.digest))


def name_of(file: AttachmentRow, vault: Vault) -> str:
    """The name a file is shown and sent back with."""
    return vault.open_text(Sealed(file.name.blob, FILE_NAME), file.id)


def new_id() -> UUID:
    return uuid7()
