"""Word and Excel files (ECMA-376): packed anew, without who wrote them and with what."""

import zipfile
from io import BytesIO
from xml.parsers import expat

from services.intake.use_cases.cleaning import pictures
from services.intake.use_cases.cleaning.faults import (
    DamagedError,
    HarmfulError,
    TooManyPixelsError,
)
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
PICTURES = {".jpg": pictures.clean_jpeg, ".jpeg": pictures.clean_jpeg, ".png": pictures.clean_png}
XML = (".xml", ".rels", ".vml")
AT_ONCE = 64 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the first that an archive can tell."""
BROKEN = (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, RuntimeError)
"""What `zipfile` and its decompressors raise for what they cannot read."""


def clean(data: bytes) -> bytes:
    """The same document; pictures in it lose their metadata, too.

    Raises HarmfulError for a decompression bomb and for declarations of XML entities, which the
    format does not allow (ECMA-376 part 2, 8.1.4); DamagedError for what cannot be read.
    """
    made = BytesIO()
    try:
        with looked_at(BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
            for entry in old.infolist():
                pack(new, entry, content_of(old, entry))
    except ArchiveRefusedError as error:
        raise (DamagedError if str(error) == "damaged" else HarmfulError) from error
    except BROKEN as error:
        raise DamagedError from error
    return made.getvalue()


def content_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What is kept of one entry."""
    content = PROPERTIES.get(entry.filename)
    if content is not None:
        return content
    content = archive.read(entry)
    name = entry.filename.lower()
    if name.endswith(XML):
        refuse_declarations(content)
    picture = next((clean for end, clean in PICTURES.items() if name.endswith(end)), None)
    return content if picture is None else as_far_as_possible(picture, content)


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
