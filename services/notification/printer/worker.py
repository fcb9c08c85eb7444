"""The process that prints, from inside: letters come in by standard input, files go out.

`python -m services.notification.printer.worker [FOLDER OF FONTS ...]`; started by `apart`.
"""

import gc
import os
import pickle
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from services.notification.domain.letter import Letter
from services.notification.domain.paper import Paper
from services.notification.printer.fonts import Fonts
from services.notification.printer.pdf import Press
from services.notification.printer.terms import Kind


def main(arguments: Sequence[str]) -> None:
    """Print until nobody is there any more to ask for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks; we follow
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else gets between the answers
    serve(Press(Fonts([Path(folder) for folder in arguments])), sys.stdin.buffer, answers)


def serve(press: Press, asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer each letter with its file, or with what went wrong."""
    while True:
        try:
            kind, letter = pickle.load(asked)  # noqa: S301 - from ourselves
        except EOFError:
            return
        pickle.dump(answer(press, kind, letter), answers)
        answers.flush()


def answer(press: Press, kind: Kind, letter: Letter | Paper) -> bytes | Exception:
    """The file, or the exception."""
    try:
        if isinstance(letter, Paper) or kind == "pdf":
            return press.pdf(letter)
        return word(letter)
    except Exception as error:
        return error


def word(letter: Letter) -> bytes:
    """The Word document; its library leaves circles behind that are large."""
    from services.notification.printer.word import (  # noqa: PLC0415 - 9 MiB, rarely needed
        word_document,
    )

    made = word_document(letter)
    gc.collect()
    return made


if __name__ == "__main__":
    main(sys.argv[1:])
