"""Word and Excel files (ECMA-376): packed anew, without who wrote them and with what."""

import lzma
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from xml.parsers import expat

from services.intake.use_cases.cleaning import pictures
from services.intake.use_cases.cleaning.faults import (
    DamagedError,
    HarmfulError,
    TooManyPixelsError,
)
from services.intake.use_cases.cleaning.relations import calling_nobody
from shared.archives import ArchiveRefusedError, looked_at

PROPERTIES = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/'
    b'metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'custom-properties"/>',
}
"""Author, company, times, programme: replaced by nothing."""
KINDS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
CLEANERS = {"JPEG": pictures.clean_jpeg, "PNG": pictures.clean_png}
MOST_TURNED = 2 * pictures.MOST_PIXELS
"""Pixels that are turned upright in one document: a few kilobytes can hold billions."""
XML = (".xml", ".rels", ".vml")
RELATIONS = ".rels"
AT_ONCE = 64 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the first that an archive can tell."""
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    ValueError,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
)
"""What `zipfile` and its decompressors raise for what they cannot read."""


def clean(data: bytes) -> bytes:
    """The same document; pictures in it lose their metadata, too.

    Raises HarmfulError for a decompression bomb and for declarations of XML entities, which the
    format does not allow (ECMA-376 part 2, 8.1.4); DamagedError for what cannot be read.
    """
    made = BytesIO()
    try:
        with looked_at(BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
            left = MOST_TURNED
            for entry in old.infolist():
                content = old.read(entry)
                left -= turned_pixels(entry, content)
                if left < 0:
                    raise HarmfulError
                pack(new, entry, kept_of(entry, content))
    except ArchiveRefusedError as error:
        raise (DamagedError if str(error) == "damaged" else HarmfulError) from error
    except BROKEN as error:
        raise DamagedError from error
    return made.getvalue()


def turned_pixels(entry: zipfile.ZipInfo, content: bytes) -> int:
    """How many pixels of an entry are turned upright; 0 for what is no picture, or stands so."""
    kind = KINDS.get(PurePosixPath(entry.filename.lower()).suffix)
    return pictures.to_turn(content, kind) if kind else 0


def kept_of(entry: zipfile.ZipInfo, content: bytes) -> bytes:
    """What is kept of one entry."""
    if entry.filename in PROPERTIES:
        return PROPERTIES[entry.filename]
    name = entry.filename.lower()
    if name.endswith(XML):
        refuse_declarations(content)
    if name.endswith(RELATIONS):
        return calling_nobody(content)
    kind = KINDS.get(PurePosixPath(name).suffix)
    return as_far_as_possible(CLEANERS[kind], content) if kind else content


def as_far_as_possible(picture: pictures.Cleaner, content: bytes) -> bytes:
    """A picture without its metadata; what is none stays as it is, as part of the document."""
    try:
        return picture(content)
    except (DamagedError, TooManyPixelsError):
        return content


def pack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, content: bytes) -> None:
    """Put an entry into the new archive, without times, comments and extra fields."""
    fresh = zipfile.ZipInfo(entry.filename, EPOCH)
    fresh.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(fresh, content)


class Enough(Exception):  # noqa: N818 - it is no error: the prolog was read
    """The first element begins: nothing can be declared any more."""


def refuse_declarations(content: bytes) -> None:
    """Raises HarmfulError where a document type is declared, in whatever encoding."""
    parser = expat.ParserCreate()

    def declared(*_: object) -> None:
        raise HarmfulError

    def begun(*_: object) -> None:
        raise Enough

    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        for start in range(0, len(content), AT_ONCE):
            parser.Parse(content[start : start + AT_ONCE], False)  # noqa: FBT003 - takes no name
    except Enough:
        return
    except expat.ExpatError as error:
        raise DamagedError from error
    if content.strip():
        raise DamagedError
