"""What a telephone or a programme notes in a file, besides what its owner hands in, is not kept."""

from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import ExifTags, Image, PngImagePlugin
from sqlalchemy import select

from services.intake.domain.attachment import accept
from services.intake.ports import Means
from services.intake.tables import AttachmentRow
from services.intake.use_cases.cleaning import cleaned
from services.intake.use_cases.files import content_of
from shared.archives import looked_at
from shared.work import Database
from tests.intake.samples import archive_of, box, film, heic, picture, saved
from tests.intake.test_api import CREATE, create

SECRET = "SECRET张小明"
XMP = f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
UPRIGHT, ON_ITS_SIDE = 1, 6


def exif(orientation: int = UPRIGHT) -> Image.Exif:
    """Camera, time and place as a telephone notes them."""
    made = Image.Exif()
    made[ExifTags.Base.Orientation] = orientation
    made[ExifTags.Base.Make] = "SECRETCAM"
    made[ExifTags.Base.DateTime] = "2026:05:01 10:11:12"
    made[ExifTags.Base.Artist] = "SECRET"
    made.get_ifd(ExifTags.IFD.GPSInfo).update(
        {1: "N", 2: (30.0, 31.0, 12.5), 3: "E", 4: (105.0, 34.0, 2.25)}
    )
    return made


def iptc() -> bytes:
    """An APP13 segment with a byline (IPTC-IIM 2:80)."""
    line = b"\x1c\x02\x50" + (6).to_bytes(2, "big") + b"SECRET"
    block = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(line).to_bytes(4, "big") + line
    return b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block


def jpeg(orientation: int = UPRIGHT) -> bytes:
    made = saved(picture(), "JPEG", exif=exif(orientation), xmp=XMP, comment=b"SECRET", quality=92)
    return made[:2] + iptc() + made[2:] + b"SECRET"


def png(orientation: int = UPRIGHT) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "SECRET")
    words.add_text("Comment", "SECRET" * 50, zip=True)
    words.add_itxt("XML:com.adobe.xmp", SECRET)
    return saved(picture(), "PNG", exif=exif(orientation), pnginfo=words) + b"SECRET"


def webp(orientation: int = UPRIGHT, *, lossless: bool = True) -> bytes:
    made = saved(picture(), "WEBP", exif=exif(orientation), xmp=XMP, lossless=lossless)
    return made + b"SECRET"


def kept(name: str, data: bytes) -> bytes:
    return cleaned(accept(name, data), data)


def shown(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as made:
        made.load()
        return made


@pytest.mark.parametrize("make", [jpeg, png, webp])
def test_a_picture_keeps_its_pixels_and_loses_everything_else(make: object) -> None:
    assert callable(make)
    before: bytes = make()
    assert shown(before).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    after = kept("照片", before)
    assert shown(after).tobytes() == shown(before).tobytes()
    assert dict(shown(after).getexif()) == {}
    assert b"SECRET" not in after
    assert {"exif", "xmp", "comment", "photoshop"}.isdisjoint(shown(after).info)


@pytest.mark.parametrize("make", [jpeg, png, webp, lambda turned: webp(turned, lossless=False)])
def test_a_picture_taken_sideways_is_turned_upright(make: object) -> None:
    assert callable(make)
    after = shown(kept("照片", make(ON_ITS_SIDE))).convert("RGB")
    assert after.size == (8, 16)
    assert dict(after.getexif()) == {}
    (dark, *_), (light, *_) = (after.getpixel((4, y)) for y in (1, 14))  # type: ignore[misc] # of RGB
    assert (dark < 60, light > 200) == (True, True)


@pytest.mark.parametrize("turned", [UPRIGHT, ON_ITS_SIDE])
def test_the_colours_of_a_picture_stay_as_its_profile_says(turned: int) -> None:
    profile = b"\0\0\0\x80" + bytes(124)
    data = saved(picture(), "JPEG", exif=exif(turned), icc_profile=profile)
    assert shown(kept("照片", data)).info["icc_profile"] == profile


def test_a_heic_picture_is_blanked_out_where_place_and_camera_lay() -> None:
    from pillow_heif import open_heif  # noqa: PLC0415 - what is compared here alone

    before = heic(exif=exif().tobytes(), xmp=XMP)
    after = kept("照片", before)
    assert len(after) == len(before)
    assert b"SECRET" in before
    assert b"SECRET" not in after
    assert set(open_heif(after).info["xmp"]) == {0}
    assert dict(shown(after).getexif()) == {}
    pixels = [open_heif(one).to_pillow().tobytes() for one in (before, after)]
    assert pixels[0] == pixels[1]


@pytest.mark.parametrize("brand", [b"isom", b"M4A "])
def test_a_film_loses_its_place_and_its_titles_and_nothing_moves(brand: bytes) -> None:
    place = box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+30.5194+105.5681/SECRET"))
    sound = box(b"trak", box(b"tkhd", bytes(20)), box(b"udta", b"SECRET"))
    moov = box(b"moov", box(b"mvhd", bytes(40)), sound, place, box(b"meta", b"SECRET"))
    data = film(brand, moov, box(b"uuid", b"SECRET"), box(b"mdat", b"pictures and sound"))
    after = kept("录像", data)
    assert (b"SECRET" in data, b"SECRET" in after) == (True, False)
    assert len(after) == len(data)
    assert after.index(b"pictures and sound") == data.index(b"pictures and sound")
    assert after.count(b"free") == 4


def test_a_word_file_loses_its_author_and_its_pictures_their_places() -> None:
    members = {
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": b"<document>words</document>",
        "docProps/core.xml": b"<x><creator>SECRET</creator></x>",
        "docProps/app.xml": b"<x><Company>SECRET</Company></x>",
        "docProps/custom.xml": b"<x>SECRET</x>",
        "word/media/image1.jpg": jpeg(),
        "word/media/image2.png": b"no picture at all",
    }
    with looked_at(BytesIO(kept("合同", archive_of(members)))) as archive:
        found = {one.filename: archive.read(one) for one in archive.infolist()}
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert found.keys() == members.keys()
    assert found["word/document.xml"] == members["word/document.xml"]
    assert found["word/media/image2.png"] == members["word/media/image2.png"]
    assert not any(b"SECRET" in content for content in found.values())


async def test_what_lies_in_the_storage_is_the_picture_without_its_place(
    web: httpx.AsyncClient, database: Database, means: Means, tmp_path: Path
) -> None:
    made = await create(web)
    for name in ("一.jpg", "二.jpg"):
        answer = await web.post(
            f"{CREATE}/{made['number']}/attachments",
            files=[("files", (name, jpeg() + name.encode(), "image/jpeg"))],
            headers={"X-Query-Code": made["query_code"]},
        )
        # The second is the same picture once what was noted around it is gone.
        assert (answer.status_code, answer.json()) == (201, {"files": 1})
    async with database.reading() as session:
        file = (await session.scalars(select(AttachmentRow))).one()
    content = await content_of(means.storage, database.vault, file)
    assert (content, file.size) == (kept("一.jpg", jpeg()), len(content))
