"""A few bytes that ask for hours of work, or that call somebody: refused, or made harmless."""

import zipfile
from io import BytesIO

import pytest
from PIL import ExifTags, Image

from services.intake.domain.attachment import MOST_ENTRIES, accept, kind_of
from services.intake.domain.errors import HarmfulFileError, UnreadableFileError
from services.intake.use_cases.cleaning import cleaned, office
from services.intake.use_cases.cleaning.heif import MOST_EXTENTS
from services.intake.use_cases.cleaning.jpeg import MOST_MARKERS
from services.intake.use_cases.cleaning.png import MOST_CHUNKS
from shared.kernel import RuleError
from tests.intake.samples import (
    EMPTY,
    SAMPLES,
    archive,
    archive_of,
    box,
    film,
    heic,
    picture,
    png,
    saved,
)

WORD = {"[Content_Types].xml": EMPTY.encode(), "word/document.xml": EMPTY.encode()}
ON_ITS_SIDE = 6


def kept(data: bytes) -> bytes:
    return cleaned(accept("文件", data), data)


def word(value: int, size: int = 2) -> bytes:
    return value.to_bytes(size, "big")


def located(sizes: int, *items: bytes) -> bytes:
    """A HEIC picture whose table of places (iloc) has these items; item 1 is an Exif block."""
    entry = box(b"infe", b"\2\0\0\0", word(1), word(0), b"Exif\0")
    names = box(b"iinf", bytes(4), word(1), entry)
    places = box(b"iloc", bytes(4), word(sizes), word(len(items)), *items)
    return film(b"heic", box(b"meta", bytes(4), names, places), box(b"mdat", b"SECRET"))


def item(identity: int, count: int, *extents: bytes) -> bytes:
    return word(identity) + word(0) + word(count) + b"".join(extents)


def marked(markers: int) -> bytes:
    """A JPEG with so many comments."""
    made = SAMPLES["jpg"]
    return made[:2] + b"\xff\xfe\0\2" * markers + made[2:]


def chunked(chunks: int) -> bytes:
    """A PNG with so many chunks before its picture."""
    import zlib  # noqa: PLC0415 - for these chunks alone

    made, kind = png(), b"teXt"
    chunk = bytes(4) + kind + zlib.crc32(kind).to_bytes(4, "big")
    return made[:33] + chunk * chunks + made[33:]


def broken_stream() -> bytes:
    made = bytearray(archive_of(WORD | {"word/x.bin": bytes(range(256)) * 40}))
    start = made.index(b"word/x.bin") + len(b"word/x.bin")
    made[start : start + 20] = b"\xff" * 20
    return bytes(made)


WIDE = 0x4400
"""Offsets and lengths of four bytes each."""

REFUSED: dict[str, tuple[bytes, type[RuleError]]] = {
    "pieces that cost no bytes": (
        located(0, *(item(one, 65535) for one in range(500))),
        UnreadableFileError,
    ),
    "more pieces than a picture has": (
        located(WIDE, item(2, MOST_EXTENTS + 1, word(0, 8) * (MOST_EXTENTS + 1))),
        UnreadableFileError,
    ),
    "one place blanked again and again": (
        located(WIDE, item(1, 1000, (word(0, 4) + word(300, 4)) * 1000)),
        UnreadableFileError,
    ),
    "more comments than a picture has": (marked(MOST_MARKERS), UnreadableFileError),
    "more chunks than a picture has": (chunked(MOST_CHUNKS), UnreadableFileError),
    "a stream that cannot be unpacked": (broken_stream(), UnreadableFileError),
    "sound that is an archive, too": (SAMPLES["mp3"] + archive("evil.exe"), HarmfulFileError),
    "a film that is an archive, too": (
        film(b"isom", box(b"mdat", archive("evil.exe"))),
        HarmfulFileError,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_asks_for_more_work_than_its_kind_needs_is_refused(what: str) -> None:
    data, why = REFUSED[what]
    with pytest.raises(why):
        kept(data)


@pytest.mark.parametrize("data", [marked(100), chunked(100), heic()])
def test_what_a_picture_of_its_kind_may_have_passes(data: bytes) -> None:
    assert kept(data)


def test_a_film_in_films_is_looked_through_once() -> None:
    nested = b""
    for _ in range(2000):
        nested = box(b"moov", nested, b"")
    data = film(b"isom", nested)
    assert len(kept(data)) == len(data)


def test_an_archive_of_more_entries_than_a_document_has_is_not_even_opened() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as zipped:
        for name in ("[Content_Types].xml", "word/document.xml"):
            zipped.writestr(name, EMPTY)
        for number in range(MOST_ENTRIES):
            zipped.writestr(str(number), b"")
    assert kind_of(made.getvalue()) is None


def sideways(size: tuple[int, int]) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = ON_ITS_SIDE
    return saved(Image.new("1", size), "PNG", exif=exif)


def test_a_document_with_more_to_turn_than_two_large_pictures_is_refused() -> None:
    large = sideways((8000, 8000))
    pictures = {f"word/media/{number}.png": large for number in range(3)}
    with pytest.raises(HarmfulFileError):
        kept(archive_of(WORD | pictures))
    usual = {f"word/media/{number}.png": sideways((40, 20)) for number in range(30)}
    with zipfile.ZipFile(BytesIO(kept(archive_of(WORD | usual)))) as made:
        for name in usual:
            with Image.open(made.open(name)) as turned:
                assert turned.size == (20, 40)
    assert office.MOST_TURNED == 128_000_000


def test_several_pictures_in_one_jpeg_stand_upright_too() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = ON_ITS_SIDE
    first, second = picture(), picture(9)
    data = saved(first, "MPO", save_all=True, append_images=[second], exif=exif)
    with Image.open(BytesIO(kept(data))) as made:
        assert (made.format, made.size) == ("JPEG", (8, 16))


def test_a_film_and_a_picture_lose_what_their_makers_hid_in_boxes_of_their_own() -> None:
    hidden = [box(kind, b"SECRET") for kind in (b"free", b"skip", b"gps ", b"zzzz")]
    data = film(b"isom", box(b"moov", box(b"mvhd", bytes(40)), *hidden), *hidden)
    assert b"SECRET" not in kept(data)
    beside = heic() + box(b"mpvd", b"SECRET") + box(b"moov", box(b"udta", b"SECRET"))
    after = kept(beside)
    assert (len(after), b"SECRET" in after) == (len(beside), False)


RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="a" TargetMode="External" Target="https://x.example/t.dotm" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
    b'<Relationship Id="b" TargetMode="external" Target="https://x.example/pixel.png" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
    b'<Relationship Id="c" TargetMode="External" Target="https://shop.example/" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/>'
    b'<Relationship Id="d" Target="media/1.png" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
    b"</Relationships>"
)


def test_a_document_calls_nobody_when_it_is_opened() -> None:
    name = "word/_rels/document.xml.rels"
    with zipfile.ZipFile(BytesIO(kept(archive_of(WORD | {name: RELATIONS})))) as made:
        after = made.read(name).decode()
    assert "x.example" not in after
    assert after.count('Target="about:blank"') == 2
    assert ("https://shop.example/" in after, "media/1.png" in after) == (True, True)
