"""One owner of a data folder: its lock, its key, and the socket through which it is asked."""

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.cli.errors import CannotError
from shared.clock import system_clock
from shared.runtime.keys import make_key_file, vault_of
from shared.settings import CommonSettings
from shared.vault import Vault

CONTROL = "/control/"
"""Where the control socket answers itself; everything else is the platform's."""
TEMPORARY = Path(tempfile.gettempdir())
"""The system's, for all processes the same, wherever this one puts its own files later."""
LONGEST_SOCKET_PATH = 100
"""Unix sockets take little more than this many bytes."""


class FolderTakenError(CannotError):
    """Another process owns the data folder."""


class NothingHereError(CannotError):
    """The folder holds no installation, and what was asked begins none."""


class KeyLostError(CannotError):
    """There is data, and no key to read it."""


class NotOurFolderError(CannotError):
    """The folder cannot be used."""


@contextmanager
def owning(common: CommonSettings) -> Generator[None]:
    """Hold the folder's lock. Raises FolderTakenError where somebody else does."""
    prepare(common.data)
    with (common.data / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise taken(common) from None
        try:
            note_owner(common)
            yield
        finally:
            forget_running(common)


def prepare(folder: Path) -> None:
    """Make the folder, readable by its owner only."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "lock").touch(mode=0o600)
    except OSError as error:
        why = error.strerror or error
        raise NotOurFolderError(
            f"The data folder {folder.resolve()} cannot be used: {why}."
        ) from error


def taken(common: CommonSettings) -> FolderTakenError:
    running = running_on(common)
    return FolderTakenError(
        f"The data folder {common.data.resolve()} is in use by process {running.get('pid', '?')} "
        f"({running.get('address', 'no address yet')}). Stop that one first, or choose another "
        "folder with --data."
    )


def is_owned(common: CommonSettings) -> bool:
    """Whether a process owns the folder at this moment."""
    if not (common.data / "lock").exists():
        return False
    with (common.data / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def note_owner(common: CommonSettings, **more: str) -> None:
    """Tell the other commands which process this is, whatever a killed one left of itself."""
    facts = {"pid": os.getpid(), **more}
    (common.data / "running.json").write_text(json.dumps(facts) + "\n")


def note_running(common: CommonSettings, address: str) -> None:
    """Tell the other commands who serves here."""
    note_owner(common, address=address)


def is_served_by_us(common: CommonSettings) -> bool:
    """Whether this process is the one that serves here."""
    running = running_on(common)
    return running.get("pid") == os.getpid() and "address" in running


def running_on(common: CommonSettings) -> dict[str, Any]:
    """What the owner said of itself; empty where there is none."""
    try:
        facts: dict[str, Any] = json.loads((common.data / "running.json").read_text())
    except (OSError, ValueError):
        return {}
    return facts


def forget_running(common: CommonSettings) -> None:
    (common.data / "running.json").unlink(missing_ok=True)
    socket_of(common).unlink(missing_ok=True)


def socket_of(common: CommonSettings) -> Path:
    """The control socket: in the folder, or beside the temporary files if that path is too long."""
    wanted = common.data.resolve() / "control.sock"
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH:
        return wanted
    name = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
    return TEMPORARY / f"redress-{os.getuid()}-{name}.sock"


def holds_data(folder: Path) -> bool:
    """Whether a first start has already been here."""
    return any(folder.glob("*.db")) or any(folder.glob("*.duckdb"))


def check_begun(common: CommonSettings) -> None:
    """Raises NothingHereError where there is no installation; nothing is made."""
    if not holds_data(common.data):
        raise NothingHereError(
            f"no installation here: {common.data.resolve()}; "
            f"start one with redress up --data {common.data}"
        )


def open_vault(common: CommonSettings) -> tuple[Vault, bool]:
    """The key of this folder and whether it was made just now.

    A folder with data and without its key is not opened: a new key could not read it, and would
    only hide that the old one is missing. Raises KeyLostError, KeyMissingError.
    """
    path = common.key_path
    if path.exists() or common.key_source != "file":
        return vault_of(common), False
    if holds_data(common.data):
        raise KeyLostError(
            f"{common.data.resolve()} holds data, but its key {path.resolve()} is missing. Nothing "
            "was started and nothing was changed. Put the key file back from your backup (or name "
            "it with REDRESS_KEY_FILE): without it nobody can read the personal data."
        )
    make_key_file(common, system_clock())
    return vault_of(common), True
