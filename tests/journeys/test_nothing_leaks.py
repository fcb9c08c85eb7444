"""Names, numbers and words of a person are in no log, metric, event or file in the clear."""

import io
import sqlite3
import zipfile
import zlib
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import httpx

from tests.journeys.insides import insides
from tests.journeys.marked import MARKS, UNKNOWN, a_document, walk
from tests.journeys.marked_letters import STRICT, by_mail, waits
from tests.journeys.marked_people import on_pages
from tests.journeys.post import Mailbox, delivering
from tests.journeys.server import console, running

ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


async def test_a_stolen_data_folder_and_all_that_was_written_tell_nothing(tmp_path: Path) -> None:
    mailbox = Mailbox(unknown=UNKNOWN)
    with running(tmp_path, **STRICT) as site:
        console(tmp_path, "staff", "grant", "admin", "privacy_officer")
        receipt = await walk(site)
        await waits(site.url, site.headers)
        await nothing_in_metrics(site.url)
    nothing_in(tmp_path)
    async with delivering(mailbox) as told:
        with running(tmp_path, site, **STRICT, **told) as again:
            await by_mail(again.url, receipt, mailbox)
            await on_pages(again.url, again.headers, mailbox)
            await nothing_in_metrics(again.url)
    assert mailbox.refused
    nothing_in(tmp_path)


async def nothing_in_metrics(url: str) -> None:
    async with httpx.AsyncClient() as http:
        told_nothing((await http.get(f"{url}/metrics")).content, "metrics")


def nothing_in(folder: Path) -> None:
    """All that should have been written is there, and none of it tells a mark."""
    written = files_in(folder)
    names = {path.name for path in written}
    assert {"log", "bus.db", "intake.db", "mediation.db", "notification.db"} <= names
    assert any("attachments" in path.parts for path in written)
    for path, content in written.items():
        told_nothing(content, path.name)


def told_nothing(content: bytes, name: str) -> None:
    assert told_in(content) == set(), name


async def test_the_search_itself_finds_what_is_there(tmp_path: Path) -> None:
    place = tmp_path / "some.db"
    with sqlite3.connect(place) as database:
        database.execute("CREATE TABLE things (words TEXT)")
        database.execute("INSERT INTO things VALUES (?)", (f"x{MARKS[0]}y",))
    [content] = files_in(tmp_path).values()
    assert any(one in content.lower() for one in told_as(MARKS[0]))
    assert not any(one in content.lower() for one in told_as(MARKS[1]))


async def test_the_search_finds_what_is_packed_and_what_is_encoded(tmp_path: Path) -> None:
    document = a_document(f"{MARKS[0]}的收条")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.docx", document)
    for hidden in (
        document,
        packed.getvalue(),
        b"x" * 5 + b64encode(MARKS[0].encode() * 2),
        b'{"zip": "' + b64encode(packed.getvalue()) + b'"}',
        urlsafe_b64encode(b"?" + MARKS[0].encode() * 3),
        b"stream\n" + zlib.compress(MARKS[0].encode() * 9) + b"\nendstream",
    ):
        assert MARKS[0].encode() not in hidden
        assert told_in(hidden) == {MARKS[0]}
    assert told_in(a_document("别的话")) == set()


def told_in(content: bytes) -> set[str]:
    """The marks that a file tells, by whatever it holds."""
    forms = {mark: told_as(mark) for mark in MARKS}
    parts = [one.lower() for one in insides(content)]
    return {mark for mark in MARKS for one in forms[mark] for part in parts if one in part}


def told_as(mark: str) -> list[bytes]:
    """The mark as files may hold it: in several encodings, escaped, as hexadecimal digits."""
    plain = [mark.encode(encoding) for encoding in ENCODINGS]
    escaped = mark.encode("unicode_escape")
    quoted = "".join(f"%{byte:02x}" for byte in mark.encode())
    hexed = mark.encode().hex().encode()
    found = [*plain, hexed, quoted.encode()]
    return [one.lower() for one in (found if escaped == mark.encode() else [*found, escaped])]


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
