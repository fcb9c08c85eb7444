"""Files: checked, sealed, and put into the storage, each under a name of its own."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID

from services.intake.domain.attachment import MOST_FILES, AcceptedFile, accept
from services.intake.domain.errors import QuarantinedFileError, TooManyFilesError
from services.intake.domain.scanning import Scan
from services.intake.ports import Storage
from services.intake.tables import FILE_NAME, AttachmentRow
from services.intake.use_cases.cleaning import cleaned
from shared.ids import uuid7
from shared.kernel import NoRoomError, RuleError
from shared.vault import Sealed, Vault

CONTENT = "attachments.content"
PURPOSE = "attachment"
OWN = 8
"""Random bytes that make the name of a file its own."""


@dataclass(frozen=True)
class StoredFile:
    """A file that lies sealed in the storage."""

    name: str
    kind: str
    size: int
    digest: bytes
    """HMAC of the content: two of one owner that are equal here are the same file."""
    stored: str
    """Its key in the storage, which no other file has or will ever have."""


class Named(NamedTuple):
    """A file that came: what it is called, and which of those that were chosen it is, from 1."""

    name: str
    place: int = 1


async def store(
    storage: Storage, vault: Vault, owner: UUID, named: Named, data: bytes
) -> StoredFile:
    """Check a file and keep it sealed, under a name that is nobody else's.

    So whoever finds that no row will have it may remove it, whatever others hand in meanwhile.
    Raises RuleError for what we do not take, NoRoomError where the disk is nearly full; then
    nothing is kept.
    """
    await refuse_without_room(storage, len(data))
    accepted, digest, sealed = await asyncio.to_thread(seal, vault, owner, named, data)
    stored = new_name(digest)
    await storage.put(stored, sealed.blob)
    return StoredFile(accepted.name, accepted.kind, accepted.size, digest, stored)


async def refuse_without_room(storage: Storage, size: int) -> None:
    """Raises NoRoomError where the disk is nearly full, or would be with so many bytes more."""
    if not await storage.has_room(size):
        raise NoRoomError(
            "现在收不下文件：系统存文件的地方快满了，这个文件没有保存。"
            "文字内容照样可以提交，文件请过一天再补，或者打接收单位的电话。",
            pointer="/files",
        )


def new_name(digest: bytes) -> str:
    """A name that was never used: 64 digits of the digest, which the seal is bound to, 16 more."""
    return digest.hex() + secrets.token_hex(OWN)


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
    named = [Named(file.filename or "", place) for place, file in enumerate(files, 1)]
    for one, file in zip(named, files, strict=True) if len(files) > 1 else ():
        await asyncio.to_thread(prepared, one, await file.read())
        await file.seek(0)
    kept: list[StoredFile] = []
    try:
        for one, file in zip(named, files, strict=True):
            kept.append(await store(storage, vault, owner, one, await file.read()))
    except RuleError:
        await remove(storage, kept)
        raise
    return kept


async def remove(storage: Storage, files: Sequence[StoredFile]) -> None:
    """Remove files that were just stored and that no row has."""
    for one in files:
        await storage.delete(one.stored)


def refuse_too_many(count: int) -> None:
    """Raises TooManyFilesError above the limit."""
    if count > MOST_FILES:
        raise TooManyFilesError("一件投诉最多{most}个文件。", pointer="/files", most=MOST_FILES)


def seal(
    vault: Vault, owner: UUID, named: Named, data: bytes
) -> tuple[AcceptedFile, bytes, Sealed]:
    """The file as it is kept: its digest is that of the content without its metadata."""
    accepted, kept = prepared(named, data)
    digest = vault.mac(PURPOSE, owner.bytes + kept)
    return accepted, digest, vault.seal(kept, CONTENT, row_of(digest))


def prepared(named: Named, data: bytes) -> tuple[AcceptedFile, bytes]:
    """A file that we take, and its content without metadata. Raises RuleError."""
    accepted = accept(named.name, data, named.place)
    kept = cleaned(accepted, data, named.place)
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
