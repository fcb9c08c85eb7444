"""Commands in processes of their own that are there at once: what they import is read already.

Each is forked from a process that has read the program and done nothing else.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.cli import main

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["deploy.cli", "deploy.cli.house"])


def typed(arguments: Sequence[str], patience: float) -> "subprocess.CompletedProcess[str]":
    """What a command says, and how it ends. Raises TimeoutError after so many seconds."""
    with TemporaryDirectory() as folder:
        said = [Path(folder, name) for name in ("stdout", "stderr")]
        around = dict(os.environ)  # noqa: TID251 - what every process inherits
        asked = (list(arguments), around, Path.cwd(), said)
        one = FORKED.Process(target=run, args=asked)
        one.start()
        one.join(patience)
        if one.exitcode is None:
            one.kill()
            raise TimeoutError(f"redress {' '.join(arguments)}: {said[1].read_text()}")
        out, err = (path.read_text("utf-8") for path in said)
        return subprocess.CompletedProcess(arguments, one.exitcode, out, err)


def run(arguments: list[str], around: Mapping[str, str], at: Path, said: list[Path]) -> None:
    """The command, as a terminal would start it; what it says goes to two files."""
    os.environ.clear()  # noqa: TID251 - what every process inherits
    os.environ.update(around)  # noqa: TID251 - as above
    os.chdir(at)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream, path in zip((sys.stdout, sys.stderr), said, strict=True):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(handle, stream.fileno())
        os.close(handle)
    sys.argv = ["redress", *arguments]
    main()
