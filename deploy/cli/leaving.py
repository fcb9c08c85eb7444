"""What a killed process leaves behind: no memory, and no temporary file for long.

What people upload and export lies in the clear while it is read and written. It lies in a folder of
our own then; the next process to start removes what a killed one left.
"""

import fcntl
import resource
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from deploy.cli.errors import CannotError
from shared.settings import CommonSettings

PREFIX = "redress-at-work-"
HELD = "held"
"""The file by whose lock others see that a folder's process lives."""


def dump_nothing() -> None:
    """Let no crash write the process's memory, with keys and names in it, to a file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def temporary_folder(common: CommonSettings) -> Generator[Path]:
    """Put all temporary files of this process into a folder that nobody else reads.

    Before that, folders of processes that ended without cleaning up are removed. Raises CannotError
    where it cannot be made.
    """
    home = common.temp or common.data / "tmp"
    try:
        mine, held = made_in(home)
    except OSError as error:
        why = error.strerror or error
        said = f"The folder for temporary files, {home.resolve()}, cannot be used: {why}."
        raise CannotError(said) from error
    before, tempfile.tempdir = tempfile.tempdir, str(mine)
    try:
        with held:
            yield mine
    finally:
        tempfile.tempdir = before
        shutil.rmtree(mine, ignore_errors=True)


def made_in(home: Path) -> tuple[Path, "Held"]:
    """A fresh folder, held, in a home that holds nothing of the dead any more."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with Held(home / "redress.lock", wait=True):
        for one in home.glob(f"{PREFIX}*"):
            remove_unless_held(one)
        mine = Path(tempfile.mkdtemp(dir=home.resolve(), prefix=PREFIX))
        return mine, Held(mine / HELD)


def remove_unless_held(folder: Path) -> None:
    with suppress(BlockingIOError), Held(folder / HELD):
        shutil.rmtree(folder)


class Held:
    """The lock of a file, from now until the end of a `with`.

    Raises BlockingIOError where another process has it, and we do not `wait`.
    """

    def __init__(self, path: Path, *, wait: bool = False) -> None:
        self._file = path.open("a")
        path.chmod(0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
