"""The archive a person is given: everything as JSON and as PDF, with their files and letters."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 100 * 2**20
"""Files beyond this are named in the archive and handed over separately."""
JSON, PDF = "everything.json", "copy.pdf"
PACKED = frozenset(
    {"pdf", "jpg", "jpeg", "png", "webp", "heic", "mp3", "m4a", "mp4", "docx", "xlsx"}
)
"""Kinds of files that grow no smaller: they are kept as they are."""


@dataclass
class Archive:
    """An archive that grows, and knows how large it is."""

    size: int = 0
    _kept: io.BytesIO = field(default_factory=io.BytesIO)
    _zip: zipfile.ZipFile = field(init=False)

    def __post_init__(self) -> None:
        self._zip = zipfile.ZipFile(self._kept, "w", zipfile.ZIP_DEFLATED)

    def add(self, place: str, content: bytes) -> bool:
        """Put a file in; False where the archive would grow too large, and nothing was put in."""
        if self.size + len(content) > MOST_BYTES:
            return False
        self._put(place, content)
        return True

    def close(self, document: Mapping[str, Any], pdf: bytes) -> bytes:
        """The whole archive, with what it says for machines and for people."""
        written = json.dumps(document, ensure_ascii=False, indent=2)
        self._put(JSON, written.encode())
        self._put(PDF, pdf)
        self._zip.close()
        return self._kept.getvalue()

    def place_for(self, number: str, folder: str, name: str) -> str:
        """Where a file goes; a second one of the same name gets a number."""
        taken = set(self._zip.namelist())
        stem, dot, kind = safe(name).rpartition(".")
        stem, kind = (stem, dot + kind) if stem else (kind, "")
        names = (f"{stem}{more}{kind}" for more in ("", *(f"-{n}" for n in range(2, 1000))))
        return next(one for each in names if (one := f"{number}/{folder}/{each}") not in taken)

    def _put(self, place: str, content: bytes) -> None:
        packed = place.rpartition(".")[2].lower() in PACKED
        self._zip.writestr(place, content, zipfile.ZIP_STORED if packed else None)
        self.size += len(content)


def safe(name: str) -> str:
    """A name that leads nowhere but into the archive."""
    return name.replace("/", "_").replace("\\", "_").replace("..", "_").strip() or "file"
