"""Where sealed files lie: in a folder, or in an S3-compatible store."""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from services.intake.domain.waiting import MEGA
from services.intake.ports import Storage
from services.intake.settings import IntakeSettings
from shared.outgoing import CONFIGURED
from shared.settings import CommonSettings

LOT = 1000
"""Objects of a bucket that are looked at together."""


class Folder:
    """A folder with two levels, by the first characters of the key.

    `keep_free` bytes of its disk are left to the databases.
    """

    def __init__(self, path: Path, keep_free: int = 0) -> None:
        self._path = path
        self._keep_free = keep_free

    async def put(self, key: str, data: bytes) -> None:
        """Keep it, durably: written beside, synced, renamed."""
        await asyncio.to_thread(self._put, key, data)

    async def get(self, key: str) -> bytes:
        """What was kept. Raises KeyError where there is nothing."""
        try:
            return await asyncio.to_thread(self._file(key).read_bytes)
        except FileNotFoundError:
            raise KeyError(key) from None

    async def begin(self, key: str, most: int) -> bytes:
        """How it begins, at most so many bytes. Raises KeyError where there is nothing."""
        try:
            return await asyncio.to_thread(beginning, self._file(key), most)
        except FileNotFoundError:
            raise KeyError(key) from None

    async def delete(self, key: str) -> None:
        """Forget it; harmless where there is nothing."""
        await asyncio.to_thread(self._file(key).unlink, missing_ok=True)

    async def has_room(self, size: int) -> bool:
        """Whether the disk keeps so much free after that many bytes more."""
        return await asyncio.to_thread(free_at, self._path) - size >= self._keep_free

    async def older(self, than: datetime) -> AsyncIterator[Sequence[str]]:
        """The keys whose files were written before an instant, folder by folder."""
        for folder in await asyncio.to_thread(folders_in, self._path):
            yield await asyncio.to_thread(older_in, folder, than.timestamp())

    def _file(self, key: str) -> Path:
        if not key.isalnum():
            raise KeyError(key)
        return self._path / key[:2] / key

    def _put(self, key: str, data: bytes) -> None:
        file = self._file(key)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = file.with_name(f"{key}.{secrets.token_hex(4)}")
        with beside.open("xb") as written:
            written.write(data)
            written.flush()
            os.fsync(written.fileno())
        beside.replace(file)
        sync_folder(file.parent)


def free_at(path: Path) -> int:
    """Bytes that are free on the disk of a folder, which may not be there yet."""
    there = next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
    return shutil.disk_usage(there).free


def beginning(file: Path, most: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(most)


def folders_in(path: Path) -> list[Path]:
    return sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else []


def older_in(folder: Path, than: float) -> list[str]:
    """Names of whole files; what is being written has a name with a dot."""
    with os.scandir(folder) as entries:
        return [one.name for one in entries if one.name.isalnum() and one.stat().st_mtime < than]


def sync_folder(path: Path) -> None:
    """Make names in a folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class S3:
    """A bucket of an S3-compatible store; its client is a blocking one, so it runs in threads."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    async def put(self, key: str, data: bytes) -> None:
        """Keep it."""
        await asyncio.to_thread(
            self._client.put_object, self._bucket, key, BytesIO(data), len(data)
        )

    async def get(self, key: str) -> bytes:
        """What was kept. Raises KeyError where there is nothing."""
        return await asyncio.to_thread(self._get, key)

    async def begin(self, key: str, most: int) -> bytes:
        """How it begins, at most so many bytes. Raises KeyError where there is nothing."""
        return await asyncio.to_thread(self._get, key, most)

    async def delete(self, key: str) -> None:
        """Forget it; harmless where there is nothing."""
        await asyncio.to_thread(self._client.remove_object, self._bucket, key)

    async def has_room(self, size: int) -> bool:
        """Always: whoever runs the store gives the bucket its limit."""
        return True

    async def older(self, than: datetime) -> AsyncIterator[Sequence[str]]:
        """The keys of objects that were written before an instant, lot by lot."""
        objects = self._client.list_objects(self._bucket, recursive=True)
        while lot := await asyncio.to_thread(lambda: list(islice(objects, LOT))):
            yield [one.object_name for one in lot if one.last_modified < than]

    def _get(self, key: str, most: int = 0) -> bytes:
        """All of it, or its beginning."""
        from minio.error import S3Error  # noqa: PLC0415 - an extra that only this store needs

        try:
            answer = self._client.get_object(self._bucket, key, length=most)
        except S3Error as error:
            if error.code == "NoSuchKey":
                raise KeyError(key) from None
            raise
        try:
            data: bytes = answer.read()
            return data
        finally:
            answer.close()
            answer.release_conn()


def storage_of(settings: IntakeSettings, common: CommonSettings) -> Storage:
    """The storage that the settings name."""
    if not settings.s3_endpoint:
        folder = settings.attachments or common.data / "attachments"
        return Folder(folder, settings.keep_free_mb * MEGA)
    from minio import Minio  # noqa: PLC0415 - an extra that only this store needs

    from shared.pooled import pool  # noqa: PLC0415 - as above

    client = Minio(
        settings.s3_endpoint,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key.get_secret_value(),
        secure=settings.s3_secure,
        http_client=pool(CONFIGURED),
    )
    return S3(client, settings.s3_bucket)
