"""The scanner, spoken to over a real connection: clean, infected, slow, lying, closed, away."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from services.intake.domain.scanning import LONGEST, Scan, again_at
from services.intake.ports import Means, ScannerAwayError
from services.intake.scanner import Clamd, scanner_of
from services.intake.settings import IntakeSettings
from services.intake.steps import ScanFiles
from services.intake.tables import AttachmentRow
from services.intake.use_cases.scanning import scan_due
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.intake.samples import SAMPLES, png
from tests.intake.test_api import CREATE, create
from tests.intake.test_pages import HTML, STATUS, hidden

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test string that every scanner finds (eicar.org); in two parts, so that none finds this."""
Answer = Callable[[bytes], Awaitable[bytes | None]]


async def honest(data: bytes) -> bytes:
    return b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"


def saying(words: bytes) -> Answer:
    async def said(_: bytes) -> bytes:
        return words

    return said


async def closing(_: bytes) -> None:
    return None


async def never(_: bytes) -> bytes:
    await asyncio.Event().wait()
    return b""


class Daemon:
    """Speaks clamd's side of INSTREAM, and keeps what it was sent."""

    def __init__(self, answer: Answer = honest, most: int = 2**26) -> None:
        self.answer = answer
        self.most = most
        self.sent: list[bytes] = []
        self.talks: set[asyncio.Task[None] | None] = set()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.talks.add(asyncio.current_task())
        try:
            await self.talk(reader, writer)
        finally:
            writer.close()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            assert await reader.readexactly(10) == b"zINSTREAM\0"
            data = b""
            while length := int.from_bytes(await reader.readexactly(4), "big"):
                data += await reader.readexactly(length)
                if len(data) > self.most:
                    writer.write(b"INSTREAM size limit exceeded. ERROR\0")
                    break
            else:
                self.sent.append(data)
                writer.write(await self.answer(data) or b"")
            await writer.drain()


@asynccontextmanager
async def listening(daemon: Daemon) -> AsyncGenerator[Clamd]:
    server = await asyncio.start_server(daemon, "127.0.0.1", 0)
    yield Clamd(f"127.0.0.1:{server.sockets[0].getsockname()[1]}", timeout=5)
    server.close()
    for talk in daemon.talks:
        if talk is not None:
            talk.cancel()
    await asyncio.gather(*filter(None, daemon.talks), return_exceptions=True)


async def test_a_clean_file_goes_over_whole_and_an_infected_one_is_found() -> None:
    daemon = Daemon()
    large = bytes(range(256)) * 1000
    async with listening(daemon) as clamd:
        assert await clamd.scan(large) is Scan.CLEAN
        assert await clamd.scan(large + EICAR) is Scan.INFECTED
        assert await clamd.scan(b"") is Scan.CLEAN
    assert daemon.sent == [large, large + EICAR, b""]


async def test_a_socket_in_the_file_system_is_spoken_to_as_well(tmp_path: Path) -> None:
    path = tmp_path / "clamd.sock"
    server = await asyncio.start_unix_server(Daemon(), path)
    assert await Clamd(f"unix:{path}", 5).scan(EICAR) is Scan.INFECTED
    server.close()


@pytest.mark.parametrize(
    "answer",
    [
        closing,
        saying(b""),
        saying(b"\0"),
        saying(b"stream: OK"),
        saying(b"stream: OK, nothing to see here\0"),
        saying(b"OK\0"),
        saying(b"FOUND\0"),
        saying(b"UNKNOWN COMMAND\0"),
        saying(b"HTTP/1.1 200 OK\r\n\r\n"),
        saying(b"x" * 1_000_000 + b"\0"),
        saying(b"stream: Can't allocate memory ERROR\0"),
    ],
)
async def test_what_is_neither_clean_nor_found_is_no_answer(answer: Answer) -> None:
    async with listening(Daemon(answer)) as clamd:
        with pytest.raises(ScannerAwayError):
            await clamd.scan(b"data")


async def test_a_scanner_that_hangs_up_in_the_middle_is_away() -> None:
    async with listening(Daemon(most=1000)) as clamd:
        with pytest.raises(ScannerAwayError):
            await clamd.scan(bytes(5_000_000))


async def test_a_scanner_that_takes_too_long_is_away() -> None:
    async with listening(Daemon(never)) as clamd:
        with pytest.raises(ScannerAwayError, match="TimeoutError"):
            await Clamd(clamd.place, timeout=0.05).scan(b"data")


async def test_nobody_there_is_away_and_so_is_a_forbidden_place() -> None:
    for place in ("127.0.0.1:1", "unix:/nowhere/clamd.sock", "169.254.169.254:80"):
        with pytest.raises(ScannerAwayError):
            await Clamd(place, 1).scan(b"data")


def test_the_settings_name_it_or_there_is_none() -> None:
    assert scanner_of(IntakeSettings()) is None
    assert scanner_of(IntakeSettings(clamd="clamd:3310")) == Clamd("clamd:3310", 60)
    for wrong in ("clamd", "http://clamd:3310", "unix:"):
        with pytest.raises(ValueError, match="clamd"):
            IntakeSettings(clamd=wrong)


def test_pauses_between_tries_double_up_to_six_hours() -> None:
    pauses = [again_at(NOON, tries) - NOON for tries in (1, 2, 3, 9, 10, 1000)]
    assert pauses == [timedelta(minutes=m) for m in (1, 2, 4, 256)] + [LONGEST, LONGEST]


async def handed_in(web: httpx.AsyncClient, *files: bytes) -> dict[str, str]:
    """A complaint with these files."""
    made: dict[str, str] = await create(web)
    answer = await web.post(
        f"{CREATE}/{made['number']}/attachments",
        files=[("files", (f"证据{n}", data, "")) for n, data in enumerate(files)],
        headers={"X-Query-Code": made["query_code"]},
    )
    assert answer.json() == {"files": len(files)}
    return made


async def scans(database: Database) -> list[str]:
    """What was found in the PNG, then in the PDF."""
    async with database.reading() as session:
        wanted = select(AttachmentRow.scan).order_by(AttachmentRow.kind.desc())
        return list(await session.scalars(wanted))


INFECTED = SAMPLES["pdf"] + EICAR


async def test_an_infected_file_is_quarantined_and_everybody_is_told(
    web: httpx.AsyncClient, database: Database, means: Means, token: dict[str, str]
) -> None:
    made = await handed_in(web, png(), INFECTED)
    assert await scans(database) == ["unscanned", "unscanned"]
    async with listening(Daemon()) as clamd:
        assert await scan_due(database, means.storage, clamd) == 2
        assert await scan_due(database, means.storage, clamd) == 0
    assert await scans(database) == ["clean", "infected"]
    address = f"{CREATE}/{made['id']}"
    found = (await web.get(address, headers=token)).json()["files"]
    bad, good = sorted(found, key=lambda file: str(file["kind"]))
    assert (good["scan"], bad["scan"]) == ("clean", "infected")
    assert (await web.get(f"{address}/attachments/{good['id']}", headers=token)).content == png()
    refused = await web.get(f"{address}/attachments/{bad['id']}", headers=token)
    assert (refused.status_code, refused.json()["type"]) == (409, "QuarantinedFileError")
    assert EICAR not in refused.content
    page = (await web.get(STATUS, headers=HTML)).text
    fields = {name: made[name] for name in ("number", "query_code")}
    await web.post(STATUS, data=fields | {"form_token": hidden(page, "form_token")}, headers=HTML)
    page = (await web.get(STATUS, headers=HTML)).text
    assert page.count("查出病毒，已隔离") == 1
    assert "隔离的文件谁也不会打开" in page


async def test_while_the_scanner_is_away_complaints_and_files_are_taken_and_served(
    web: httpx.AsyncClient,
    database: Database,
    means: Means,
    token: dict[str, str],
    clock: StandingClock,
) -> None:
    made = await handed_in(web, png(), INFECTED)
    step = ScanFiles(means.storage, Clamd("127.0.0.1:1", 1))
    assert await step(database) == 0
    assert sorted(await scans(database)) == ["scan_failed", "unscanned"]
    assert await step(database) == 0  # it was just there, and rests
    assert sorted(await scans(database)) == ["scan_failed", "unscanned"]
    clock.move(seconds=5)
    assert await step(database) == 0
    assert await scans(database) == ["scan_failed", "scan_failed"]
    files = (await web.get(f"{CREATE}/{made['id']}", headers=token)).json()["files"]
    for file in files:
        got = await web.get(f"{CREATE}/{made['id']}/attachments/{file['id']}", headers=token)
        assert got.status_code == 200
    async with listening(Daemon()) as clamd:
        back = ScanFiles(means.storage, clamd)
        assert await back(database) == 0
        clock.move(minutes=1)
        assert await back(database) == 2
    assert await scans(database) == ["clean", "infected"]


async def test_a_file_that_the_storage_lost_is_tried_again_and_holds_nobody_up(
    web: httpx.AsyncClient, database: Database, means: Means, clock: StandingClock
) -> None:
    await handed_in(web, png(), INFECTED)
    lost = select(AttachmentRow.stored).where(AttachmentRow.kind == "pdf")
    async with database.reading() as session:
        await means.storage.delete((await session.scalars(lost)).one())
    async with listening(Daemon()) as clamd:
        found = [await scan_due(database, means.storage, clamd) for _ in range(3)]
    assert (sum(found), found[2]) == (1, 0)
    assert await scans(database) == ["clean", "scan_failed"]
