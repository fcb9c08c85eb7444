"""What a browser keeps of us: in its storage, its history, its cache, and on its disk."""

import re
import sqlite3
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from playwright.async_api import BrowserContext, Page, Response, async_playwright

from tests.pages.conftest import ARGUMENTS, CHROMIUM, PATIENCE

STORED = """async () => ({
  local: {...localStorage},
  session: {...sessionStorage},
  databases: (await indexedDB.databases()).map((one) => one.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  cookies: document.cookie,
})"""
NOTHING = {"local": {}, "session": {}, "databases": [], "caches": [], "workers": 0, "cookies": ""}
ENTRY = bytes.fromhex("305c72a71b6dfbfc")
"""How a file of Chromium's simple cache begins (net/disk_cache/simple/simple_entry_format.h)."""


@dataclass
class Visits:
    """Everything that a browser asked for, and was answered."""

    answers: list[Response] = field(default_factory=list)

    def note(self, answer: Response) -> None:
        """Keep one more."""
        self.answers.append(answer)

    async def addresses(self) -> list[str]:
        """What stood in addresses, and in what told where somebody came from."""
        found = []
        for one in self.answers:
            headers = await one.request.all_headers()
            found += [one.url, headers.get("referer", "")]
        return [unquote(one) for one in found if one]

    async def kept(self) -> set[str]:
        """The paths of the answers that a browser may keep."""
        return {
            one.url.partition("://")[2].partition("/")[2].partition("?")[0]
            for one in self.answers
            if (await one.all_headers()).get("cache-control") != "no-store"
        }


@asynccontextmanager
async def a_browser(profile: Path) -> AsyncGenerator[tuple[BrowserContext, Visits]]:
    """Chromium as a person has it, whose profile lies in this folder and stays."""
    visits = Visits()
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=[*ARGUMENTS], locale="zh-CN"
        )
        context.set_default_timeout(PATIENCE)
        context.on("response", visits.note)
        try:
            yield context, visits
        finally:
            await context.close()


async def stored(page: Page) -> Any:
    """What pages of this origin can put away in a browser, cookies that scripts see included."""
    return await page.evaluate(STORED)


def cached(profile: Path) -> list[str]:
    """The addresses whose answers lie in the cache on the disk."""
    entries = [one for one in files_of(profile, "Cache_Data") if one.startswith(ENTRY)]
    keys = [one[24 : 24 + int.from_bytes(one[12:16], "little")].decode() for one in entries]
    return [one for one in keys if one]  # the index begins like an entry, and has no address


def history(profile: Path) -> list[tuple[str, str]]:
    """The addresses and titles of pages that were looked at."""
    with closing(sqlite3.connect(profile / "Default" / "History")) as database:
        return list(database.execute("SELECT url, title FROM urls"))


def remembered(profile: Path) -> set[tuple[str, str]]:
    """What the browser offers to fill in again: names of fields, and what was typed there."""
    with closing(sqlite3.connect(profile / "Default" / "Web Data")) as database:
        return set(database.execute("SELECT name, value FROM autofill"))


def files_of(profile: Path, folder: str = "") -> Iterator[bytes]:
    """The contents of a profile, or of the folders of this name in it."""
    for path in sorted(profile.rglob("*")):
        if path.is_file() and (not folder or folder in path.parts):
            yield path.read_bytes()


def elsewhere(profile: Path, *places: str) -> Iterator[tuple[str, bytes]]:
    """All files of a profile but those at these places, by name."""
    for path in sorted((profile).rglob("*")):
        if path.is_file() and not set(places) & set(path.parts):
            yield path.relative_to(profile).as_posix(), path.read_bytes()


def numbered(text: str) -> str:
    """The public number (投诉编号) in a text."""
    found = re.search(r"[0-9]{6}-[0-9A-HJKMNP-TV-Z]{9}", text)
    assert found, text
    return found[0]
