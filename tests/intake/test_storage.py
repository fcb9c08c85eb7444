"""Where sealed files lie."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from services.intake.ports import Storage
from services.intake.settings import IntakeSettings
from services.intake.steps import SweepFiles
from services.intake.storage import S3, Folder, storage_of
from services.intake.use_cases.files import Named, store
from services.intake.use_cases.sweeping import sweep
from services.intake.use_cases.uploads import form_of, keep_file, owner_of, receive_with_files
from shared.clock import system_clock
from shared.settings import CommonSettings
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.intake.builders import a_submission
from tests.intake.samples import png

minio_error = pytest.importorskip("minio.error", reason="the S3 extra is not installed")


class Bucket:
    """What an S3-compatible store does with four calls, in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}
        self.written: dict[str, datetime] = {}

    def put_object(self, bucket: str, key: str, data: BytesIO, length: int) -> None:
        self.kept[bucket, key] = data.read(length)
        self.written[key] = system_clock()

    def list_objects(self, bucket: str, *, recursive: bool) -> Iterator[Any]:
        assert recursive
        for kept_in, key in list(self.kept):
            if kept_in == bucket:
                yield SimpleNamespace(object_name=key, last_modified=self.written[key])

    def get_object(self, bucket: str, key: str, length: int = 0) -> Any:
        if (bucket, key) not in self.kept:
            raise minio_error.S3Error(None, "NoSuchKey", "", "", "", "", bucket, key)
        return Answer(self.kept[bucket, key][: length or None])

    def remove_object(self, bucket: str, key: str) -> None:
        self.kept.pop((bucket, key), None)


def files_in(path: Path) -> list[str]:
    """The names of all files below a folder."""
    return [one.name for one in path.rglob("*") if one.is_file()]


class Answer(BytesIO):
    """A response that must be given back."""

    def release_conn(self) -> None: ...


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return Folder(tmp_path / "files") if request.param == "folder" else S3(Bucket(), "redress")


async def test_what_is_put_is_got_until_it_is_deleted(storage: Storage) -> None:
    await storage.put("ab12", b"sealed")
    await storage.put("ab12", b"sealed")
    assert await storage.get("ab12") == b"sealed"
    assert await storage.begin("ab12", 3) == b"sea"
    assert await storage.begin("ab12", 30) == b"sealed"
    await storage.delete("ab12")
    await storage.delete("ab12")
    for asking in (storage.get("ab12"), storage.begin("ab12", 3)):
        with pytest.raises(KeyError):
            await asking


def wrote(storage: Storage, key: str, at: datetime) -> None:
    """As if the file had been written then."""
    if isinstance(storage, S3):
        storage._client.written[key] = at  # noqa: SLF001 - the bucket is the test's own
    else:
        assert isinstance(storage, Folder)
        os.utime(storage._file(key), (at.timestamp(), at.timestamp()))  # noqa: SLF001 - as above


async def test_what_a_crash_left_without_a_row_is_removed_after_a_day_and_nothing_else(
    storage: Storage, database: Database
) -> None:
    form = form_of(database.vault, "a")
    names = ["evidence", "waiting", "orphan", "young"]
    files = {
        name: await store(storage, database.vault, owner_of(form), Named(f"{name}.png"), png(shade))
        for shade, name in enumerate(names)
    }
    async with database.work() as work:
        await keep_file(work, form, files["evidence"])
    await receive_with_files(database, a_submission(key="k"), form)
    async with database.work() as work:
        await keep_file(work, form, files["waiting"])
    await storage.put("notours", b"x")
    now = database.clock()
    for key in [*(one.stored for one in files.values()), "notours"]:
        wrote(storage, key, now - timedelta(hours=25))
    wrote(storage, files["young"].stored, now - timedelta(hours=23))
    assert await sweep(database, storage, timedelta(days=1)) == 1
    with pytest.raises(KeyError):
        await storage.get(files["orphan"].stored)
    for name in ("evidence", "waiting", "young"):
        assert await storage.get(files[name].stored)
    assert await storage.get("notours") == b"x"
    assert await sweep(database, storage, timedelta(days=1)) == 0


async def test_the_sweep_comes_an_hour_after_the_start_and_then_once_a_day(
    storage: Storage, database: Database, clock: StandingClock
) -> None:
    step = SweepFiles(storage)
    key = "ab" * 32
    gone: list[bool] = []
    for hours in (0, 1, 2, 25):
        await storage.put(key, b"x")
        clock.now = NOON + timedelta(hours=hours)
        wrote(storage, key, clock.now - timedelta(days=2))
        assert await step(database) == 0
        gone.append(key not in [one async for lot in storage.older(clock.now) for one in lot])
    assert gone == [False, True, False, True]


@pytest.mark.parametrize("key", ["../etc/passwd", "a/b", "..", "", "/etc/passwd"])
async def test_a_key_never_leaves_the_folder(tmp_path: Path, key: str) -> None:
    storage = Folder(tmp_path / "files")
    with pytest.raises(KeyError):
        await storage.put(key, b"x")
    assert files_in(tmp_path) == []


async def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    storage = Folder(tmp_path)
    await storage.put("ab12", b"sealed")
    assert files_in(tmp_path) == ["ab12"]


def test_the_settings_choose(tmp_path: Path) -> None:
    common = CommonSettings(data=tmp_path)
    assert isinstance(storage_of(IntakeSettings(), common), Folder)
    far = IntakeSettings(s3_endpoint="127.0.0.1:9000", s3_secure=False)
    assert isinstance(storage_of(far, common), S3)
