"""Real files of every kind that is taken, as small as they can be."""

import zipfile
from io import BytesIO

from PIL import Image
from pillow_heif import from_pillow

SECRET = "SECRET-张小明"
"""What must not be left in a file."""
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><x/>'


def archive(*names: str, **contents: bytes) -> bytes:
    """A zip file with these members."""
    return archive_of({name: EMPTY.encode() for name in names} | contents)


def archive_of(members: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return made.getvalue()


def picture(shade: int = 0, size: tuple[int, int] = (16, 8)) -> Image.Image:
    """A small picture, dark at the left and light at the right."""
    made = Image.new("RGB", size, (shade, 40, 90))
    made.paste((250, 250 - shade, 250), (size[0] // 2, 0, *size))
    return made


def png(shade: int = 0) -> bytes:
    """A PNG of its own for each shade."""
    return saved(picture(shade), "PNG")


def saved(made: Image.Image, kind: str, **how: object) -> bytes:
    file = BytesIO()
    made.save(file, kind, **how)
    return file.getvalue()


def heic(exif: bytes | None = None, xmp: bytes | None = None) -> bytes:
    file = BytesIO()
    made = from_pillow(picture(size=(64, 64)))
    made.save(file, quality=50, exif=exif, xmp=xmp)
    return file.getvalue()


def box(kind: bytes, *content: bytes) -> bytes:
    """A box of the ISO base media format."""
    inner = b"".join(content)
    return (8 + len(inner)).to_bytes(4, "big") + kind + inner


def film(brand: bytes, *boxes: bytes) -> bytes:
    return box(b"ftyp", brand, b"\0\0\2\0", brand) + b"".join(boxes)


SAMPLES = {
    "jpg": saved(picture(), "JPEG"),
    "png": png(),
    "webp": saved(picture(), "WEBP"),
    "heic": heic(),
    "pdf": b"%PDF-1.7\n",
    "docx": archive("[Content_Types].xml", "word/document.xml"),
    "xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00",
    "m4a": film(b"M4A "),
    "mp4": film(b"isom"),
}
