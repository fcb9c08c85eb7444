"""Where sealed files lie."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from services.intake.ports import Storage
from services.intake.settings import IntakeSettings
from services.intake.storage import S3, Folder, storage_of
from shared.settings import CommonSettings

minio_error = pytest.importorskip("minio.error", reason="the S3 extra is not installed")


class Bucket:
    """What an S3-compatible store does with four calls, in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}

    def put_object(self, bucket: str, key: str, data: BytesIO, length: int) -> None:
        self.kept[bucket, key] = data.read(length)

    def get_object(self, bucket: str, key: str) -> Any:
        if (bucket, key) not in self.kept:
            raise minio_error.S3Error(None, "NoSuchKey", "", "", "", "", bucket, key)
        return Answer(self.kept[bucket, key])

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
    await storage.delete("ab12")
    await storage.delete("ab12")
    with pytest.raises(KeyError):
        await storage.get("ab12")


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
