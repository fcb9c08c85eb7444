"""New files for what is given out once: for their owner alone, and there before it is asked for."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def fresh_file(path: Path) -> Generator[BinaryIO]:
    """A new file that only its owner can read; gone again where what fills it fails.

    Raises FileExistsError, or another OSError where it cannot be made, before anything is done.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            yield file
            file.flush()
        except BaseException:
            path.unlink()
            raise
