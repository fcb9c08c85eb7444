"""Zip archives from outside, looked at before anything in them is unpacked."""

import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import BinaryIO

MOST_ENTRIES = 3000
MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes that all entries together may have, unpacked."""
STEEPEST = 200
"""How many times larger than its packed form an entry may be, once it is not small."""
SMALL = 1024 * 1024
ENCRYPTED = 0x1


class ArchiveRefusedError(ValueError):
    """The archive is broken, or made to harm whoever unpacks it; says which of these."""


def looked_at(file: BinaryIO) -> zipfile.ZipFile:
    """The archive, opened, once its table of contents was found harmless.

    `zipfile` never unpacks more of an entry than the table says, so that what is checked here
    holds. Raises ArchiveRefusedError for too many entries, too much in them, an entry packed too
    tightly (a decompression bomb), encrypted ones, and names that lead out of a folder.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise ArchiveRefusedError("damaged") from error
    try:
        check(archive.infolist())
    except ArchiveRefusedError:
        archive.close()
        raise
    return archive


def check(entries: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse a table of contents that promises harm. Raises ArchiveRefusedError."""
    listed = list(entries)
    if len(listed) > MOST_ENTRIES:
        raise ArchiveRefusedError("entries")
    if len({one.filename for one in listed}) != len(listed):
        raise ArchiveRefusedError("names")
    if sum(one.file_size for one in listed) > MOST_UNPACKED:
        raise ArchiveRefusedError("size")
    for one in listed:
        if one.file_size > SMALL and one.file_size > STEEPEST * max(one.compress_size, 1):
            raise ArchiveRefusedError("ratio")
        if one.flag_bits & ENCRYPTED:
            raise ArchiveRefusedError("encrypted")
        if not is_inside(one.orig_filename):
            raise ArchiveRefusedError("names")


def is_inside(name: str) -> bool:
    """Whether a name of an entry stays in the folder it is unpacked to, on every system."""
    path = PurePosixPath(name.replace("\\", "/"))
    return not (path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name)
