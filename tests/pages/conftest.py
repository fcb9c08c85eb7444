"""A real browser over a real server: Debian's Chromium, axe, and screenshots that CI keeps."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypedDict, Unpack

import pytest
import pytest_asyncio
import uvicorn
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # has no types
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright
from starlette.types import ASGIApp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREENSHOTS = Path(__file__).parents[2] / "ci-output" / "screenshots"
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
PATIENCE = 15_000
"""Milliseconds until a click or a look gives up."""
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
EXPECTED_NOISE = re.compile(r"the server responded with a status of (4\d\d|503)|CONNECTION_REFUSED")
"""Chromium calls every refusal an error of the console; refusals are what some tests look for.

And whatever it still asks for when a test is over, such as the icon, finds the server gone.
"""


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """All tests of pages share one loop, and with it one browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.browser)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """Debian's Chromium; in CI its absence is an error, elsewhere a skip by name."""
    if CHROMIUM is None:
        missing = pytest.fail if in_ci() else pytest.skip
        missing("Chromium is missing: apt-get install chromium fonts-noto-cjk")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS])
        yield started
        await started.close()


def in_ci() -> bool:
    """Whether what is missing is an error."""
    return os.environ.get("CI") == "true"  # noqa: TID251 - CI's own variable, not a setting


class Visit(TypedDict, total=False):
    """What may be said of a visitor."""

    narrow: bool
    language: str
    script: bool
    session: str
    status: int
    """What the address answers, if not 200."""


Open = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncGenerator[Open]:
    """What opens an address for a fresh visitor, in a window of his own.

    At the end of the test, errors in the console fail it: a blocked script or style is one.
    """
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED_NOISE.search(message.text):
            errors.append(message.text)

    async def opened(url: str, **visit: Unpack[Visit]) -> Page:
        size: Any = NARROW if visit.get("narrow") else WIDE
        context = await browser.new_context(
            viewport=size,
            locale=visit.get("language", "zh-CN"),
            java_script_enabled=visit.get("script", True),
        )
        context.set_default_timeout(PATIENCE)
        if "session" in visit:
            kept: Any = {"name": "redress_session", "value": visit["session"], "url": url}
            await context.add_cookies([kept])
        page = await context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        answer = await page.goto(url)
        assert answer is not None
        assert answer.status == visit.get("status", 200)
        return page

    yield opened
    for context in browser.contexts:
        await context.close()
    assert errors == []


async def violations(page: Page) -> list[str]:
    """What axe finds wrong for people who cannot see, hear or point well."""
    only = {"type": "tag", "values": list(STANDARDS)}
    options = {"runOnly": only, "resultTypes": ["violations"], "selectors": False}
    found = await Axe().run(page, options=options)
    return [
        f"{one['id']}: {node['html']}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


async def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(
        await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    )


async def shot(page: Page, name: str) -> Path:
    """Keep a picture of the whole page."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    file = SCREENSHOTS / f"{name}.png"
    await page.screenshot(path=file, full_page=True)
    return file


@asynccontextmanager
async def listening(app: ASGIApp, port: int) -> AsyncGenerator[str]:
    """Serve `app` on this port of this machine; gives its address."""
    config = uvicorn.Config(app, port=port, log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined] # the runner's
    running = asyncio.create_task(server.serve())
    while not server.started and not running.done():
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running
