"""Which files are accepted: known by what is in them, never by what they are called."""

import re
import zipfile
from io import BytesIO
from typing import NamedTuple

from services.intake.domain.errors import FileTooLargeError, NoFileError, UnacceptedFileError
from shared.text import clean

FILES = "/files"
"""The field that files come in."""
MOST_FILES = 10
MOST_BYTES = 20 * 1024 * 1024
LONGEST_STEM = 80

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
}
"""What we take: the ending a stored file gets, and the type it is sent back with."""

STARTS = {
    "jpg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
    "pdf": b"%PDF-",
    "mp3": b"ID3",
}
SYNC, LAYER_THREE, RESERVED = 0x7FF, 1, 3
HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
M4A = {b"M4A ", b"M4B ", b"M4P "}
MP4 = {
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42",
    b"avc1", b"dash", b"M4V ", b"MSNV", b"3gp4", b"3gp5", b"3gp6",
}  # fmt: skip
ENTRY, MOST_ENTRIES = b"PK\x01\x02", 10_000
"""How an entry of an archive's table begins; far more of them than a document has are not read."""
_NOT_IN_NAMES = re.compile(r"[<>:\"|?*\x00-\x1f.]+")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_RESERVED = re.compile(r"CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]", re.IGNORECASE)
"""Names of devices: Windows opens these whatever ending follows."""


class AcceptedFile(NamedTuple):
    """A file we take: a harmless name, what it is, how large."""

    name: str
    kind: str
    size: int

    @property
    def media_type(self) -> str:
        """The type it is sent back with."""
        return MEDIA_TYPES[self.kind]


def accept(name: str, data: bytes, place: int = 1) -> AcceptedFile:
    """The file as we keep it. Refuses what is empty, too large or of another kind.

    `place` is which of the files that were chosen it is, from 1: refusals name it by that, as its
    name may hold somebody's.
    """
    shown = clean_name(name)
    if not data:
        raise NoFileError("第{place}个文件是空的，请重新选择。", pointer=FILES, place=place)
    if len(data) > MOST_BYTES:
        raise FileTooLargeError(
            "第{place}个文件超过{most}MB，请压缩或者分开再传。",
            pointer=FILES,
            place=place,
            most=MOST_BYTES // 1024 // 1024,
        )
    kind = kind_of(data)
    if kind is None:
        raise UnacceptedFileError(
            "第{place}个文件的内容不是我们能收的类型。可以传：照片（jpg、png、webp、heic）、"
            "pdf、docx、xlsx、录音（mp3、m4a）、视频（mp4）。",
            pointer=FILES,
            place=place,
        )
    return AcceptedFile(f"{shown}.{kind}", kind, len(data))


def clean_name(name: str) -> str:
    """A file's name without its folders, its ending, and anything that could do harm."""
    last = clean(name).replace("\\", "/").rpartition("/")[2]
    stem = _NOT_IN_NAMES.sub("_", _ENDING.sub("", last)).strip(" _")
    harmless = f"_{stem}" if _RESERVED.fullmatch(stem) else stem
    return harmless[:LONGEST_STEM] or "附件"


def kind_of(data: bytes) -> str | None:
    """What the content says it is; None for what we do not take."""
    for kind, start in STARTS.items():
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF":
        return "webp" if data[8:12] == b"WEBP" else None
    if data[4:8] == b"ftyp":
        return kind_of_film(data[8:12])
    if data.startswith(b"PK\x03\x04"):
        return kind_of_office(data)
    return "mp3" if is_mpeg_frame(data) else None


def kind_of_film(brand: bytes) -> str | None:
    """ISO base media (ISO/IEC 14496-12): pictures, sound and film differ by their brand."""
    for kind, brands in (("heic", HEIC), ("m4a", M4A), ("mp4", MP4)):
        if brand in brands:
            return kind
    return None


def kind_of_office(data: bytes) -> str | None:
    """Word and Excel by what lies in the archive; with macros inside they are not taken."""
    if data.count(ENTRY) > MOST_ENTRIES:
        return None
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(n.endswith("vbaProject.bin") for n in names):
        return None
    main = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
    return next((kind for part, kind in main.items() if part in names), None)


def is_mpeg_frame(data: bytes) -> bool:
    """Whether it begins with the header of an MPEG layer III frame (ISO/IEC 11172-3, 2.4.1.3)."""
    header = int.from_bytes(data[:4], "big")
    sync, layer = header >> 21 & 0x7FF, header >> 17 & 3
    bitrate, sampling = header >> 12 & 0xF, header >> 10 & 3
    return sync == SYNC and layer == LAYER_THREE and bitrate not in (0, 15) and sampling != RESERVED
