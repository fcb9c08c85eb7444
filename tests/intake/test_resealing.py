"""Files are sealed anew where they lie, in a folder and in a bucket, and stay what they were."""

from uuid import UUID

import pytest

from services.intake.ports import Storage
from services.intake.use_cases.files import CONTENT, Named, StoredFile, row_of, store
from services.intake.use_cases.resealing import SealedFiles
from services.intake.use_cases.uploads import form_of, keep_file, owner_of
from shared.runtime.rotation import Lot
from shared.vault import Cipher, Sealed, Vault, WrongKeyError, new_ring, new_vault
from shared.work import Database
from tests.conftest import NOON
from tests.intake.samples import png
from tests.intake.test_storage import storage

__all__ = ["storage"]

RING = new_ring()
BEFORE = Vault(RING)
AFTER = Vault(RING.with_next(Cipher.SM4, NOON))


@pytest.fixture
def before(database: Database) -> Database:
    """The database of a process that seals with the first key."""
    return Database(database.engine, database.clock, BEFORE)


@pytest.fixture
def after(database: Database) -> Database:
    """The same, of a process that has learnt of the second."""
    return Database(database.engine, database.clock, AFTER)


async def kept(database: Database, storage: Storage, count: int) -> list[StoredFile]:
    """So many files of a form that is not sent yet."""
    form = form_of(database.vault, "a")
    owner = owner_of(form)
    files = [
        await store(storage, database.vault, owner, Named(f"{shade}.png"), png(shade))
        for shade in range(count)
    ]
    for file in files:
        async with database.work() as work:
            await keep_file(work, form, file)
    return files


async def renewed(files: SealedFiles, database: Database, most: int | None = None) -> list[Lot]:
    """Seal anew; stop after so many, as somebody who breaks off."""
    lots: list[Lot] = []
    async for lot in files.renew(database):
        lots.append(lot)
        if len(lots) == most:
            break
    return lots


async def content(storage: Storage, vault: Vault, file: StoredFile) -> bytes:
    sealed = Sealed(await storage.get(file.stored), CONTENT)
    return vault.open(sealed, row_of(file.digest))


async def test_every_file_is_sealed_anew_once_and_says_the_same(
    storage: Storage, before: Database, after: Database
) -> None:
    files = await kept(before, storage, 3)
    plain = [await content(storage, BEFORE, one) for one in files]
    held = SealedFiles(storage)
    assert (await held.counts(after), await held.old(after)) == ({"k1": 3}, 3)
    assert await renewed(held, after, 1) == [Lot(1)]
    assert (await held.counts(after), await held.old(after)) == ({"k1": 2, "k2": 1}, 2)
    assert await renewed(held, after) == [Lot(1), Lot(1)]
    assert (await held.counts(after), await held.old(after)) == ({"k2": 3}, 0)
    assert await renewed(held, after) == []
    assert [await content(storage, AFTER, one) for one in files] == plain
    with pytest.raises(WrongKeyError):
        await content(storage, BEFORE, files[0])


async def test_a_file_that_no_key_opens_stays_as_it_is(
    storage: Storage, before: Database, after: Database
) -> None:
    [file] = await kept(before, storage, 1)
    foreign = new_vault().seal(b"x", CONTENT, UUID(int=1)).blob
    await storage.put(file.stored, foreign)
    held = SealedFiles(storage)
    assert await renewed(held, after) == [Lot(1, unreadable=1)]
    assert await storage.get(file.stored) == foreign


async def test_a_file_that_the_storage_lost_is_no_obstacle(
    storage: Storage, before: Database, after: Database
) -> None:
    [file] = await kept(before, storage, 1)
    await storage.delete(file.stored)
    held = SealedFiles(storage)
    assert (await held.counts(after), await held.old(after)) == ({}, 0)
    assert await renewed(held, after) == []
