"""The ledger of erasures: a file beside the database, so that no backup brings back what went.

One line of JSON for each erased complaint: its mark (an HMAC, which names nobody to whoever has
not the key), the day, and why. Lines are only added. It belongs to the key file: kept with it, and
not with the backups of the data.
"""

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path


class FileLedger:
    """A ledger in a file that several processes may add to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def add(self, marks: Mapping[bytes, str], day: str) -> None:
        """Note these marks, each with why it went; durable when this returns."""
        await asyncio.to_thread(self._add, dict(marks), day)

    async def marks(self) -> Mapping[bytes, str]:
        """All marks, each with why it went; empty where there is no ledger yet."""
        return await asyncio.to_thread(self._marks)

    def _add(self, marks: Mapping[bytes, str], day: str) -> None:
        known = self._marks()
        new = {mark: why for mark, why in marks.items() if mark not in known}
        if not new:
            return
        fresh = not self._path.exists()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(line(mark, day, why) for mark, why in new.items())
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            whole = ends_whole(handle)
            os.write(handle, (lines if whole else f"\n{lines}").encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        if fresh:
            sync(self._path.parent)

    def _marks(self) -> dict[bytes, str]:
        try:
            text = self._path.read_text()
        except FileNotFoundError:
            return {}
        return dict(read for one in text.splitlines() if (read := read_line(one)))


def line(mark: bytes, day: str, why: str) -> str:
    return json.dumps({"mark": mark.hex(), "day": day, "why": why}) + "\n"


def read_line(text: str) -> tuple[bytes, str] | None:
    """A mark and why it went; None for half a line, which a crash left and nobody relied on."""
    try:
        said = json.loads(text)
        return bytes.fromhex(said["mark"]), said["why"]
    except (ValueError, KeyError, TypeError):
        return None


def ends_whole(handle: int) -> bool:
    """Whether the file is empty or its last line has an end."""
    size = os.fstat(handle).st_size
    return size == 0 or os.pread(handle, 1, size - 1) == b"\n"


def sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
