"""`redress doctor`: what this machine and this installation have, lack, and need."""

import importlib.util
import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from deploy.cli.dates import calendar_in_use, installed
from deploy.cli.folder import holds_data, is_owned, running_on
from deploy.cli.letters import post_lacks, sender_lacks, unreadable
from deploy.cli.urls import database_url, is_distributed
from shared.clock import local_day, system_clock
from shared.database import open_engine, setting_of
from shared.runtime.keys import vault_of
from shared.runtime.migrate import newest, revision_of
from shared.settings import CommonSettings
from shared.sisters import SERVICES
from shared.vault import KeyMissingError

AHEAD = timedelta(days=90)
"""How far ahead the calendar should be known: the longest legal period and a margin."""
ENOUGH_DISK = 2 * 1024**3
PORT = 8000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `good` None: not needed here, and not there."""

    what: str
    found: str
    good: bool | None = True

    @property
    def wrong(self) -> bool:
        return self.good is False

    @property
    def mark(self) -> str:
        return {True: "ok", None: "-", False: "WRONG"}[self.good]

    def as_json(self) -> dict[str, Any]:
        return {"what": self.what, "found": self.found, "good": self.good}


async def examine(common: CommonSettings) -> list[Finding]:
    """Everything, in the order a newcomer would mend it."""
    return [
        *the_machine(),
        *the_folder(common),
        the_port(common),
        on_letters("organisation on letters", lambda: sender_lacks(common)),
        on_letters("mail server", post_lacks),
        *other_programs(),
        await the_calendar(common),
        *[one async for one in schemas(common)],
    ]


def the_machine() -> Iterator[Finding]:
    yield Finding("Python", platform.python_version(), sys.version_info >= (3, 11))
    fonts = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    yield Finding("fonts for letters", "in the environment" if fonts else "missing", bool(fonts))


def the_folder(common: CommonSettings) -> Iterator[Finding]:
    """Rights, disk and key of the data folder."""
    folder = common.data
    if folder.exists():
        usable = os.access(folder, os.W_OK | os.X_OK)
        open_to_all = bool(folder.stat().st_mode & 0o007)
        found = f"{folder.resolve()}" + ("" if usable else ": not writable")
        yield Finding(
            "data folder", found + (": others may read it" if open_to_all else ""), usable
        )
    else:
        yield Finding("data folder", f"{folder.resolve()} is made at the first start", None)
    free = shutil.disk_usage(nearest(folder)).free
    yield Finding("free disk", f"{free / 1024**3:.1f} GiB", free > ENOUGH_DISK)
    yield the_key(common)


def nearest(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    found = path.resolve()
    while not found.exists():
        found = found.parent
    return found


def the_key(common: CommonSettings) -> Finding:
    if common.key_source != "file":
        return keys_from(common)
    path = common.key_path
    if not path.exists():
        needed = holds_data(common.data) or is_distributed()
        what = "missing, and there is data" if needed else "made at the first start"
        return Finding("key file", f"{path.resolve()}: {what}", False if needed else None)
    try:
        keys = vault_of(common)
    except KeyMissingError as error:
        return Finding("key file", str(error), good=False)
    return Finding("key file", f"{path.resolve()}: {keys.active}")


def keys_from(common: CommonSettings) -> Finding:
    """Keys that are not in a file of ours."""
    try:
        keys = vault_of(common)
    except KeyMissingError as error:
        return Finding("keys", str(error), good=False)
    return Finding("keys", f"from {common.key_source}: {keys.active}")


def the_port(common: CommonSettings) -> Finding:
    if is_owned(common):
        return Finding("port", f"served at {running_on(common).get('address', '?')}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return Finding("port", f"{PORT} is taken; use --port", good=None)
    return Finding("port", f"{PORT} is free")


def on_letters(what: str, lacks: Callable[[], str | None]) -> Finding:
    """Whether letters can go out as they should; a setting that cannot be read is wrong."""
    try:
        found = lacks()
    except ValidationError as error:
        return Finding(what, unreadable(error), good=False)
    return Finding(what, found or "set", None if found else True)


PROGRAMS = (
    ("Java", "java", "Kafka of the distributed mode (Debian: default-jre-headless)"),
    ("Maven", "mvn", "fetches Kafka once (Debian: maven)"),
    ("PostgreSQL", "/usr/lib/postgresql/*/bin/postgres", "distributed mode (Debian: postgresql)"),
    ("nginx", "nginx:/usr/sbin/nginx", "front of the distributed mode (Debian: nginx)"),
    ("Chromium", "chromium:chromium-browser", "tests of pages (Debian: chromium)"),
)


def other_programs() -> Iterator[Finding]:
    """None of them is needed by the embedded mode."""
    for name, where, why in PROGRAMS:
        found = next((place for one in where.split(":") if (place := located(one))), None)
        yield Finding(name, found or f"not here; only for: {why}", True if found else None)


def located(name: str) -> str | None:
    if "*" in name:
        return next((str(path) for path in sorted(Path("/").glob(name.lstrip("/")))), None)
    return shutil.which(name)


async def the_calendar(common: CommonSettings) -> Finding:
    """Whether the working days of the next 90 days are published."""
    until = local_day(system_clock()) + AHEAD
    calendar = await calendar_in_use(common)
    if calendar.is_published(until):
        return Finding("calendar", f"published until {max(calendar.published)}-12-31")
    found = (
        f"the notice for {until.year} is not in the data: dates that reach it are provisional "
        "until the State Council publishes it"
    )
    return Finding("calendar", found, good=None)


async def schemas(common: CommonSettings) -> Any:
    """Whether every database is at the schema this program wants."""
    if installed(common) is None:
        yield Finding("migrations", "no databases yet", None)
        return
    for name in SERVICES:
        url = database_url(name) or f"sqlite+aiosqlite:///{common.data / name}.db"
        engine = open_engine(url, setting_of(name))
        try:
            at, wanted = await revision_of(engine), newest(name)
        except OSError as error:
            yield Finding(f"{name} database", error.strerror or str(error), good=False)
            continue
        finally:
            await engine.dispose()
        found = f"{at or 'empty'}" + ("" if at == wanted else f", wanted {wanted}: redress migrate")
        yield Finding(f"{name} schema", found, at == wanted)
