"""Where the keys come from, besides a file: the environment, or a command."""

import shlex
import subprocess
from collections.abc import Callable
from typing import Protocol

from shared.vault.ring import Ring, ring_of, why
from shared.vault.sealed import KeyMissingError

MOST_SAID = 300
"""Characters of a command's complaint that are passed on."""


class KeyProvider(Protocol):
    """Gives the keys of the personal data. A key server (密码机) is asked by a command."""

    name: str
    """What it is called where it is spoken of."""
    at_hand: bool
    """Whether it answers at once. Any other is never asked in an event loop."""

    def load(self) -> Ring:
        """All keys as they are now; the same object while nothing has changed.

        Raises KeyMissingError where they cannot be had.
        """
        ...


class EnvironmentKeys:
    """Keys in the setting REDRESS_KEYS, as JSON or as JSON in base64."""

    name = "REDRESS_KEYS"
    at_hand = True

    def __init__(self, text: Callable[[], str]) -> None:
        self._text = text
        self._read: tuple[str, Ring] | None = None

    def load(self) -> Ring:
        """Read the setting. Raises KeyMissingError."""
        text = self._text()
        if not text.strip():
            raise KeyMissingError(
                "REDRESS_KEYS is empty, and REDRESS_KEY_SOURCE=env says that the keys are there."
            )
        if self._read is None or self._read[0] != text:
            self._read = (text, parsed(self.name, text))
        return self._read[1]


class CommandKeys:
    """Keys that a command prints on its stdout; it is started without a shell."""

    at_hand = False

    def __init__(self, command: str, seconds: float) -> None:
        self._command = command
        self._seconds = seconds
        self.name = "The key command"
        self._read: tuple[str, Ring] | None = None

    def load(self) -> Ring:
        """Run the command. Raises KeyMissingError with what it said on stderr."""
        text = self._said()
        if self._read is None or self._read[0] != text:
            self._read = (text, parsed(self.name, text))
        return self._read[1]

    def _said(self) -> str:
        try:
            words = shlex.split(self._command)
        except ValueError as error:
            raise KeyMissingError(f"REDRESS_KEY_COMMAND cannot be read: {error}.") from None
        if not words:
            raise KeyMissingError(
                "REDRESS_KEY_COMMAND is empty, and REDRESS_KEY_SOURCE=command wants one."
            )
        try:
            ended = subprocess.run(  # noqa: S603 - the administrator's own command, without a shell
                words,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise KeyMissingError(
                f"{self.name} {words[0]} did not end within {self._seconds:g} seconds."
            ) from None
        except OSError as error:
            raise KeyMissingError(
                f"{self.name} {words[0]} cannot be started: {error.strerror}."
            ) from None
        if ended.returncode:
            heard = printable(ended.stderr) or "it said nothing on stderr"
            raise KeyMissingError(
                f"{self.name} {words[0]} failed with code {ended.returncode}: {heard}"
            )
        return ended.stdout.decode(errors="replace")


def printable(said: bytes) -> str:
    """The end of what a program said, in one line."""
    words = " ".join(said.decode(errors="replace").split())
    return "".join(one for one in words if one.isprintable())[-MOST_SAID:]


def parsed(name: str, text: str) -> Ring:
    try:
        return ring_of(text)
    except ValueError as error:
        raise KeyMissingError(f"{name} gave no usable keys: {why(error)}.") from None
