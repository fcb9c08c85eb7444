"""Who may not send files, or finds no room for them, is told so before one byte of them is read."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from services.intake import pages, routes
from services.intake.ports import Means
from services.intake.storage import Folder
from services.intake.tables import AttachmentRow
from shared.bodies import Bodies
from shared.limits.rates import Rate
from shared.web import EdgeOptions, edge
from shared.work import Database
from tests.intake.conftest import WIDE
from tests.intake.office import OfficeInMemory
from tests.intake.test_api import CREATE, create
from tests.intake.test_pages import kept
from tests.intake.test_storage import files_in
from tests.shared.test_web_abuse import listening, spoken

SIXTY_MB = 60 * 2**20
BEGUN = (
    b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n'
    b"Content-Type: image/png\r\n\r\n" + b"x" * 100_000
)
EVER = 2**60
"""More bytes than any disk has."""


def head(path: str, *more: str) -> bytes:
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: test",
        "Connection: close",
        "Accept-Language: en",
        "Origin: http://test",
        "Content-Type: multipart/form-data; boundary=b",
        f"Content-Length: {SIXTY_MB}",
        *more,
        "",
        "",
    )
    return "\r\n".join(lines).encode()


@asynccontextmanager
async def standing(
    database: Database, folder: Path, *, keep_free: int = 0, guesses: Rate = WIDE.guesses
) -> AsyncGenerator[tuple[str, int]]:
    """Intake, listening."""
    means = Means(Bodies(), Folder(folder, keep_free), OfficeInMemory())
    limits = replace(WIDE, guesses=guesses)
    options = EdgeOptions(public_url="http://test", limits=limits)
    app = edge("intake", [*routes.routers(means), *pages.routers(means)], database, options=options)
    async with listening(app) as place:
        yield place


async def nothing_kept(database: Database, folder: Path) -> bool:
    return await kept(database, AttachmentRow) == 0 and files_in(folder) == []


@pytest.mark.parametrize("number", ["nonsense", None])
async def test_who_has_no_right_code_is_told_so_before_files_are_read(
    web: httpx.AsyncClient, database: Database, tmp_path: Path, number: str | None
) -> None:
    made = await create(web)
    path = f"{CREATE}/{number or made['number']}/attachments"
    async with standing(database, tmp_path / "files") as place:
        answer = await spoken(place, head(path, "X-Query-Code: AAAA-BBBB-CCCC"), BEGUN)
    assert answer.startswith(b"HTTP/1.1 404 Not Found")
    assert b"NoSuchComplaintError" in answer
    assert await nothing_kept(database, tmp_path / "files")


async def test_codes_that_are_tried_with_files_count_as_tries(
    web: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    path = f"{CREATE}/{(await create(web))['number']}/attachments"
    two = Rate(per_second=1 / 3600, burst=2)
    async with standing(database, tmp_path / "files", guesses=two) as place:
        tried = [await spoken(place, head(path, f"X-Query-Code: {n}"), BEGUN) for n in range(3)]
    assert [one[9:12] for one in tried] == [b"404", b"404", b"429"]
    assert await nothing_kept(database, tmp_path / "files")


async def test_a_full_disk_is_told_before_files_are_read(
    web: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    made = await create(web)
    path = f"{CREATE}/{made['number']}/attachments"
    async with standing(database, tmp_path / "files", keep_free=EVER) as place:
        code = f"X-Query-Code: {made['query_code']}"
        answer = await spoken(place, head(path, code), BEGUN)
    assert answer.startswith(b"HTTP/1.1 507 ")
    assert b"NoRoomError" in answer
    assert await nothing_kept(database, tmp_path / "files")


async def test_a_browser_that_has_no_complaint_open_is_led_back_before_files_are_read(
    database: Database, tmp_path: Path
) -> None:
    async with standing(database, tmp_path / "files") as place:
        answer = await spoken(place, head("/intake/status/evidence"), BEGUN)
    assert answer.startswith(b"HTTP/1.1 303 See Other")
    assert b"\r\nlocation: /intake/status\r\n" in answer
    assert await nothing_kept(database, tmp_path / "files")


async def test_strangers_send_no_batches_not_even_a_part_of_one(
    database: Database, tmp_path: Path
) -> None:
    batch = head(f"{CREATE}/batch").replace(b"multipart/form-data; boundary=b", b"application/json")
    async with standing(database, tmp_path / "files") as place:
        answer = await spoken(place, batch.replace(b"%d" % SIXTY_MB, b"2000"), b"[")
    assert answer.startswith(b"HTTP/1.1 401 Unauthorized")
    assert b"NotLoggedInError" in answer
    assert await kept(database) == 0


async def test_who_may_send_is_heard_out(
    web: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    made = await create(web)
    path = f"{CREATE}/{made['number']}/attachments"
    body = BEGUN + b"\r\n--b--\r\n"
    whole = head(path, f"X-Query-Code: {made['query_code']}")
    sized = whole.replace(b"%d" % SIXTY_MB, b"%d" % len(body))
    async with standing(database, tmp_path / "files") as place:
        answer = await spoken(place, sized, body)
    assert answer.startswith(b"HTTP/1.1 422 ")
    assert await nothing_kept(database, tmp_path / "files")
