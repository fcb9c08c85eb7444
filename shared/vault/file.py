"""Keys in a file: read again when it is another one, and written so that no crash breaks it."""

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from shared.vault.ring import Ring, document, ring_of, why
from shared.vault.sealed import KeyMissingError

OTHERS = 0o077


class FileKeys:
    """Keys in a file that only its owner can read; the one source we can write to ourselves."""

    at_hand = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = f"The key file {path}"
        self._read: tuple[object, Ring] | None = None

    def load(self) -> Ring:
        """Read the file, if it is another one than the last time. Raises KeyMissingError."""
        try:
            there = self.path.stat()
            if os.name == "posix" and there.st_mode & OTHERS:
                raise KeyMissingError(
                    f"{self.name} can be read by others (mode {there.st_mode & 0o777:o}). "
                    f"Put it right with: chmod 600 {self.path}"
                )
            seen = (there.st_ino, there.st_mtime_ns, there.st_size)
            if self._read is None or self._read[0] != seen:
                self._read = (seen, ring_of(self.path.read_text()))
        except FileNotFoundError:
            raise KeyMissingError(f"{self.name} is missing.") from None
        except OSError as error:
            raise KeyMissingError(f"{self.name} cannot be read: {error.strerror}.") from None
        except ValueError as error:
            raise KeyMissingError(f"{self.name} is damaged: {why(error)}.") from None
        return self._read[1]

    def create(self, ring: Ring) -> None:
        """Keep the keys in a new file. Raises FileExistsError; then that file is as it was."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write(self.path, ring)
        sync(self.path.parent)

    def replace(self, change: Callable[[Ring], Ring]) -> Ring:
        """Keep what `change` makes of the keys, as one step: a crash leaves the old or the new.

        Raises KeyMissingError where the file cannot be read or written. Two callers wait for each
        other, so that none undoes what the other did.
        """
        try:
            with alone_in(self.path.parent):
                before = self.load()
                after = change(before)
                if after != before:
                    beside = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
                    beside.unlink(missing_ok=True)
                    write(beside, after)
                    beside.replace(self.path)
                    sync(self.path.parent)
                return self.load()
        except OSError as error:
            raise KeyMissingError(
                f"{self.name} cannot be written: {error.strerror}. Nothing was changed."
            ) from None


def write(path: Path, ring: Ring) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(document(ring))
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone_in(folder: Path) -> Generator[None]:
    """Hold the lock of a folder; the kernel lets go of it when we end, however that is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
