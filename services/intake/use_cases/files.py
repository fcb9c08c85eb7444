"""Files: checked, sealed, and put into the storage under the hash of their content."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.intake.domain.attachment import MOST_FILES, AcceptedFile, accept
from services.intake.domain.errors import QuarantinedFileError, TooManyFilesError
from services.intake.domain.scanning import Scan
from services.intake.ports import Storage
from services.intake.tables import FILE_NAME, AttachmentRow
from services.intake.use_cases.cleaning import cleaned
from shared.ids import uuid7
from shared.kernel import NoRoomError
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

    Raises RuleError for what we do not take, NoRoomError where the disk is nearly full; then
    nothing is kept.
    """
    if not await storage.has_room(len(data)):
        raise NoRoomError(
            "现在收不下文件：系统存文件的地方快满了，这个文件没有保存。"
            "文字内容照样可以提交，文件请过一天再补，或者打接收单位的电话。",
            pointer="/files",
        )
    accepted, digest, sealed = await asyncio.to_thread(seal, vault, owner, name, data)
    await storage.put(digest.hex(), sealed.blob)
    return StoredFile(accepted.name, accepted.kind, accepted.size, digest)


class Upload(Protocol):
    """A file as it came with a form."""

    filename: str | None

    async def read(self) -> bytes:
        """All of it."""
        ...

    async def seek(self, offset: int) -> None:
        """Back to a place in it."""
        ...


async def store_all(
    storage: Storage, vault: Vault, owner: UUID, files: Sequence[Upload]
) -> list[StoredFile]:
    """Check all files, then keep all of them; one that we do not take, and none is kept."""
    refuse_too_many(len(files))
    for file in files if len(files) > 1 else ():
        await asyncio.to_thread(prepared, file.filename or "", await file.read())
        await file.seek(0)
    return [
        await store(storage, vault, owner, file.filename or "", await file.read()) for file in files
    ]


def refuse_too_many(count: int) -> None:
    """Raises TooManyFilesError above the limit."""
    if count > MOST_FILES:
        raise TooManyFilesError("一件投诉最多{most}个文件。", pointer="/files", most=MOST_FILES)


def seal(vault: Vault, owner: UUID, name: str, data: bytes) -> tuple[AcceptedFile, bytes, Sealed]:
    """The file as it is kept: its digest is that of the content without its metadata."""
    accepted, kept = prepared(name, data)
    digest = vault.mac(PURPOSE, owner.bytes + kept)
    return accepted, digest, vault.seal(kept, CONTENT, row_of(digest))


def prepared(name: str, data: bytes) -> tuple[AcceptedFile, bytes]:
    """A file that we take, and its content without metadata. Raises RuleError."""
    accepted = accept(name, data)
    kept = cleaned(accepted, data)
    return accepted._replace(size=len(kept)), kept


def row_of(digest: bytes) -> UUID:
    """What the sealed content is bound to."""
    return UUID(bytes=digest[:16])


async def content_of(storage: Storage, vault: Vault, file: AttachmentRow) -> bytes:
    """The content of a file, for people.

    Raises QuarantinedFileError for what the scanner found infected, KeyError where the storage
    lost it.
    """
    if file.scan == Scan.INFECTED:
        raise QuarantinedFileError("这个文件里查出了病毒，已经隔离，不能下载。请投诉人另外提供。")
    return await raw_content_of(storage, vault, file)


async def raw_content_of(storage: Storage, vault: Vault, file: AttachmentRow) -> bytes:
    """The same for the scanner alone. Raises KeyError."""
    blob = await storage.get(file.stored)
    sealed = Sealed(blob, CONTENT)
    return await asyncio.to_thread(vault.open, sealed, row_of(file.digest))


def name_of(file: AttachmentRow, vault: Vault) -> str:
    """The name a file is shown and sent back with."""
    return vault.open_text(Sealed(file.name.blob, FILE_NAME), file.id)


def new_id() -> UUID:
    return uuid7()
