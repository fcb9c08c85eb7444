"""Whatever is removed at the moment at which the same file comes again: what comes, stays."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from services.intake.domain.errors import TooManyFilesError
from services.intake.storage import Folder
from services.intake.tables import ErasedFileRow
from services.intake.use_cases.dropping import drop_stored
from services.intake.use_cases.evidence import add
from services.intake.use_cases.files import Named, StoredFile, content_of, store
from services.intake.use_cases.looking_up import files_of
from services.intake.use_cases.resealing import SealedFiles
from services.intake.use_cases.sweeping import sweep
from services.intake.use_cases.uploads import (
    drop_files,
    form_of,
    keep_file,
    owner_of,
    purge,
    receive_with_files,
)
from shared.database import is_postgres
from shared.runtime.rotation import Lot
from shared.vault import Cipher, Vault, new_ring
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.intake.builders import a_submission
from tests.intake.kept import count, receive
from tests.intake.samples import png
from tests.intake.test_storage import files_in
from tests.mediation.meanwhile import stopped

PICTURE, PHOTO = png(), Named("发票.png")
Meanwhile = Callable[[], Awaitable[None]]


class Beside(Folder):
    """A folder beside which something happens just before the first call of one kind."""

    def __init__(self, path: Path, call: str, meanwhile: Meanwhile) -> None:
        super().__init__(path)
        self._call, self._meanwhile = call, meanwhile

    async def get(self, key: str) -> bytes:
        blob = await super().get(key)
        await self._now("got")
        return blob

    async def delete(self, key: str) -> None:
        await self._now("delete")
        await super().delete(key)

    async def older(self, than: datetime) -> AsyncIterator[Sequence[str]]:
        async for lot in super().older(than):
            await self._now("listed")
            yield lot

    async def _now(self, call: str) -> None:
        if call == self._call:
            self._call = ""
            await self._meanwhile()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


async def evidence(database: Database, storage: Folder, complaint: UUID) -> list[bytes]:
    """The files of a complaint, as they are opened."""
    async with database.reading() as session:
        rows = await files_of(session, complaint)
    return [await content_of(storage, database.vault, one) for one in rows]


def sealed_in(path: Path) -> list[str]:
    """The names of what the folder holds."""
    return files_in(path / "files")


async def too_many(database: Database, storage: Folder, complaint: UUID) -> list[StoredFile]:
    """The picture and ten others."""
    mine = [await store(storage, database.vault, complaint, PHOTO, PICTURE)]
    for shade in range(1, 11):
        name = Named(f"{shade}.png")
        mine.append(await store(storage, database.vault, complaint, name, png(shade)))
    return mine


async def test_a_file_that_lies_there_already_survives_that_another_request_is_refused(
    database: Database, twin: Database, folder: Folder, tmp_path: Path
) -> None:
    made = (await receive(database)).id
    refused = await too_many(database, folder, made)
    theirs = await store(folder, twin.vault, made, PHOTO, PICTURE)
    with pytest.raises(TooManyFilesError):
        await add(database, folder, made, refused)
    assert await add(twin, folder, made, [theirs]) == 1
    assert await evidence(database, folder, made) == [PICTURE]
    assert len(sealed_in(tmp_path)) == 1


async def test_a_file_that_is_handed_in_while_a_refused_one_is_removed_stays(
    database: Database, twin: Database, folder: Folder, tmp_path: Path
) -> None:
    made = (await receive(database)).id

    async def handed_in() -> None:
        theirs = await store(folder, twin.vault, made, PHOTO, PICTURE)
        assert await add(twin, folder, made, [theirs]) == 1

    refused = await too_many(database, folder, made)
    with pytest.raises(TooManyFilesError):
        await add(database, Beside(tmp_path / "files", "delete", handed_in), made, refused)
    assert await evidence(database, folder, made) == [PICTURE]
    assert len(sealed_in(tmp_path)) == 1


async def stored_for(database: Database, storage: Folder, form: bytes) -> StoredFile:
    return await store(storage, database.vault, owner_of(form), PHOTO, PICTURE)


async def waits(database: Database, form: bytes, file: StoredFile) -> None:
    async with database.work() as work:
        await keep_file(work, form, file)


async def test_a_form_that_is_posted_again_keeps_its_file_though_it_is_dropped_meanwhile(
    database: Database, twin: Database, folder: Folder
) -> None:
    form = form_of(database.vault, "a")
    await waits(database, form, await stored_for(database, folder, form))
    again = await stored_for(twin, folder, form)
    await drop_files(database, folder, form)
    await waits(twin, form, again)
    made = (await receive_with_files(twin, a_submission(key="a"), form)).id
    assert await evidence(database, folder, made) == [PICTURE]


async def test_a_form_that_comes_at_last_keeps_its_file_while_the_old_one_is_purged(
    database: Database, twin: Database, folder: Folder, tmp_path: Path
) -> None:
    form = form_of(database.vault, "a")
    await waits(database, form, await stored_for(database, folder, form))
    made: list[UUID] = []

    async def posted_again() -> None:
        await waits(twin, form, await stored_for(twin, folder, form))
        made.append((await receive_with_files(twin, a_submission(key="a"), form)).id)

    slow = Beside(tmp_path / "files", "delete", posted_again)
    assert await purge(database, slow, timedelta(seconds=-1)) == 1
    assert await evidence(database, folder, made[0]) == [PICTURE]


async def test_a_file_whose_older_twin_is_swept_away_at_that_moment_stays(
    database: Database, twin: Database, folder: Folder, tmp_path: Path
) -> None:
    made = (await receive(database)).id
    orphan = await store(folder, database.vault, made, PHOTO, PICTURE)
    lies = tmp_path / "files" / orphan.stored[:2] / orphan.stored
    two_days_ago = (NOON - timedelta(days=2)).timestamp()
    os.utime(lies, (two_days_ago, two_days_ago))
    theirs: list[StoredFile] = []

    async def stored() -> None:
        theirs.append(await store(folder, twin.vault, made, PHOTO, PICTURE))

    listing = Beside(tmp_path / "files", "listed", stored)
    assert await sweep(database, listing, timedelta(days=1)) == 1
    assert await add(twin, folder, made, theirs) == 1
    assert await evidence(database, folder, made) == [PICTURE]


async def test_a_file_that_comes_again_while_the_old_one_is_sealed_anew_stays(
    database: Database, twin: Database, folder: Folder, tmp_path: Path
) -> None:
    ring = new_ring()
    before = Database(database.engine, database.clock, Vault(ring))
    after = Database(twin.engine, twin.clock, Vault(ring.with_next(Cipher.SM4, NOON)))
    form = form_of(before.vault, "a")
    await waits(before, form, await stored_for(before, folder, form))
    again: list[StoredFile] = []

    async def dropped_and_stored() -> None:
        await drop_files(before, folder, form)
        again.append(await stored_for(before, folder, form))

    files = SealedFiles(Beside(tmp_path / "files", "got", dropped_and_stored))
    assert [lot async for lot in files.renew(after)] == [Lot(1)]
    assert len(sealed_in(tmp_path)) == 1
    await waits(before, form, again[0])
    made = (await receive_with_files(after, a_submission(key="a"), form)).id
    assert await evidence(after, folder, made) == [PICTURE]


async def test_a_file_that_comes_twice_is_kept_once_and_the_second_leaves_the_storage(
    database: Database, folder: Folder, tmp_path: Path
) -> None:
    made = (await receive(database)).id
    twice = [
        await store(folder, database.vault, made, Named(name), PICTURE)
        for name in ("发票.png", "invoice.png")
    ]
    assert await add(database, folder, made, twice) == 1
    again = await store(folder, database.vault, made, PHOTO, PICTURE)
    assert await add(database, folder, made, [again]) == 1
    assert await drop_stored(database, folder) == 2
    assert sealed_in(tmp_path) == [twice[0].stored]
    assert await evidence(database, folder, made) == [PICTURE]


async def test_a_file_that_comes_again_with_its_form_waits_as_long_as_if_it_had_come_now(
    database: Database, folder: Folder, clock: StandingClock, tmp_path: Path
) -> None:
    form = form_of(database.vault, "a")
    first = await stored_for(database, folder, form)
    await waits(database, form, first)
    clock.move(hours=23, minutes=59)
    await waits(database, form, await stored_for(database, folder, form))
    clock.move(minutes=2)
    assert await purge(database, folder, timedelta(hours=24)) == 0
    assert await drop_stored(database, folder) == 1
    assert sealed_in(tmp_path) == [first.stored]
    clock.move(days=1)
    assert await purge(database, folder, timedelta(hours=24)) == 1
    assert sealed_in(tmp_path) == []


async def test_a_file_whose_form_comes_while_it_is_purged_stays(
    database: Database, twin: Database, folder: Folder, clock: StandingClock
) -> None:
    form = form_of(database.vault, "a")
    await waits(database, form, await stored_for(database, folder, form))
    clock.move(hours=25)
    async with twin.work() as work:
        await keep_file(work, form, await stored_for(twin, folder, form))
        purging = asyncio.create_task(purge(database, folder, timedelta(hours=24)))
        if is_postgres(database.engine):  # SQLite has one writer: the purge waits to begin
            assert await stopped(database, purging) == 1
    assert await purging == 0
    made = (await receive_with_files(database, a_submission(key="a"), form)).id
    assert await evidence(database, folder, made) == [PICTURE]


async def test_a_name_from_before_that_a_form_shares_with_evidence_is_not_removed(
    database: Database, folder: Folder
) -> None:
    form = form_of(database.vault, "a")
    file = await stored_for(database, folder, form)
    shared = replace(file, stored=file.digest.hex())
    await folder.put(shared.stored, await folder.get(file.stored))
    await waits(database, form, shared)
    made = (await receive_with_files(database, a_submission(key="a"), form)).id
    await waits(database, form, shared)
    await drop_files(database, folder, form)
    await waits(database, form, shared)
    await receive_with_files(database, a_submission(key="a"), form)
    assert await drop_stored(database, folder) == 1
    assert await count(database, ErasedFileRow) == 0
    assert await evidence(database, folder, made) == [PICTURE]
