"""Files that pretend: refused by what is in them, with nothing kept; or made harmless."""

import zipfile
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from services.intake.domain.attachment import accept
from services.intake.domain.errors import (
    FileTooLargeError,
    HarmfulFileError,
    UnacceptedFileError,
    UnreadableFileError,
)
from services.intake.tables import AttachmentRow
from services.intake.use_cases.cleaning import cleaned
from services.intake.use_cases.cleaning.pictures import MOST_PIXELS
from shared import archives
from shared.kernel import RuleError
from shared.work import Database
from tests.intake.samples import EMPTY, SAMPLES, archive, archive_of, film, picture, png, saved
from tests.intake.test_api import CREATE, create, kept
from tests.intake.test_pages import FILLED, NEW, blank, send
from tests.intake.test_storage import files_in

SCRIPT = b"<html><script>alert(1)</script></html>"
ZIP = archive("evil.exe")
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    b'<!ENTITY lol2 "&lol;&lol;&lol;&lol;">]><x>&lol2;</x>'
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'


def document(**members: bytes) -> bytes:
    """A Word file with these parts."""
    usual = {"[Content_Types].xml": EMPTY.encode(), "word/document.xml": EMPTY.encode()}
    return archive_of(usual | members)


def bomb(size: int = 50 * 1024 * 1024) -> bytes:
    return archive_of(
        {"[Content_Types].xml": EMPTY.encode(), "word/document.xml": b"<x>" + b" " * size}
    )


def with_comment_script() -> bytes:
    """A JPEG whose comment is a page."""
    return saved(picture(), "JPEG", comment=SCRIPT)


def vast() -> bytes:
    """A PNG whose head promises more pixels than any screen has."""
    head = (60_000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    made = bytearray(png())
    made[16:29] = head
    import zlib  # noqa: PLC0415 - for this head alone

    made[29:33] = zlib.crc32(made[12:29]).to_bytes(4, "big")
    return bytes(made)


def twice_named() -> bytes:
    """An archive with two parts of one name: programs choose different ones."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as zipped:
        for name in ("[Content_Types].xml", "word/document.xml"):
            zipped.writestr(name, EMPTY)
        with pytest.warns(UserWarning, match="Duplicate"):
            zipped.writestr("word/document.xml", EMPTY)
    return made.getvalue()


REFUSED: dict[str, tuple[bytes, type[RuleError]]] = {
    "PDF and archive in one": (SAMPLES["pdf"] + ZIP, HarmfulFileError),
    "GIF and script in one": (b"GIF89a/*" + bytes(9) + b"*/=1;alert(1)", UnacceptedFileError),
    "a page that begins like a picture": (b"\xff\xd8\xff\xe0" + SCRIPT, UnreadableFileError),
    "a page in a PNG": (SAMPLES["png"][:16] + SCRIPT, UnreadableFileError),
    "a cut-off picture": (SAMPLES["jpg"][:-40], UnreadableFileError),
    "a picture of no size": (SAMPLES["webp"][:12], UnreadableFileError),
    "a heic of boxes that are none": (film(b"heic", SCRIPT), UnreadableFileError),
    "a film of boxes that are none": (film(b"isom", SCRIPT), UnreadableFileError),
    "too many pixels": (vast(), FileTooLargeError),
    "a decompression bomb": (bomb(), HarmfulFileError),
    "XML entities": (document(**{"word/document.xml": LAUGHS}), HarmfulFileError),
    "entities in UTF-16": (
        document(**{"word/x.xml": LAUGHS.decode()[21:].encode("utf-16")}),
        HarmfulFileError,
    ),
    "a file of the server": (document(**{"word/_rels/a.rels": OUTSIDE}), HarmfulFileError),
    "a way out of the folder": (document(**{"../../etc/passwd": b"x"}), HarmfulFileError),
    "a way out on Windows": (document(**{"..\\..\\x.dll": b"x"}), HarmfulFileError),
    "two parts of one name": (twice_named(), HarmfulFileError),
    "XML that is none": (document(**{"word/document.xml": b"\0\1"}), UnreadableFileError),
}


@pytest.mark.parametrize("trick", REFUSED)
async def test_a_file_that_pretends_is_refused_and_nothing_is_kept(
    web: httpx.AsyncClient, database: Database, tmp_path: Path, trick: str
) -> None:
    data, error = REFUSED[trick]
    made = await create(web)
    answer = await web.post(
        f"{CREATE}/{made['number']}/attachments",
        files=[("files", ("好的.png", png(), "")), ("files", ("照片.jpg", data, "image/jpeg"))],
        headers={"X-Query-Code": made["query_code"]},
    )
    status = 413 if error is FileTooLargeError else 422
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, error.__name__)
    detail = answer.json()["errors"][0]["detail"]
    assert (detail[:5], "“" in detail) == ("第2个文件", False)
    assert await kept(database, AttachmentRow) == 0
    assert files_in(tmp_path / "attachments") == []


async def test_the_form_keeps_what_is_good_and_names_what_is_not(
    web: httpx.AsyncClient, database: Database
) -> None:
    answer = await send(web, await blank(web) | FILLED, [("files", ("合同.docx", bomb(), ""))])
    assert answer.status_code == 422
    assert "夹带了会出问题的内容" in answer.text
    english = {"Accept": "text/html", "Accept-Language": "en"}
    fields = await blank(web) | FILLED
    broken = [("files", ("a.jpg", b"\xff\xd8\xff\xe0", ""))]
    answer = await web.post(NEW, data=fields, files=broken, headers=english)
    assert "cannot be opened" in answer.text
    assert await kept(database) == 0


@pytest.mark.parametrize(
    "data",
    [
        with_comment_script(),
        SAMPLES["jpg"] + SCRIPT,
        SAMPLES["jpg"] + ZIP,
        SAMPLES["png"] + ZIP,
        SAMPLES["webp"] + ZIP,
    ],
)
def test_what_hides_in_or_behind_a_picture_is_cut_off(data: bytes) -> None:
    after = cleaned(accept("照片.jpg", data), data)
    assert b"alert" not in after
    assert b"PK\x03\x04" not in after
    assert len(after) <= len(data) - 4


def test_what_is_packed_around_a_word_file_is_left_out() -> None:
    data = b"" + SAMPLES["docx"] + b""
    hidden = BytesIO(data)
    with zipfile.ZipFile(hidden, "a") as zipped:
        zipped.comment = SCRIPT
    after = cleaned(accept("合同.docx", hidden.getvalue()), hidden.getvalue())
    assert b"alert" not in after


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("发票.jpg.exe", "发票_jpg.png"),
        ("../../../etc/cron.d/x", "x.png"),
        ("..\\..\\boot.ini", "boot.png"),
        ("gpj.exe\u202egnp.发票", "gpj_exegnp_发票.png"),
        ("发\u202e票\u200b\ufeff.png", "发票.png"),
        ("NUL.png", "_NUL.png"),
        ("<img src=x onerror=alert(1)>.png", "img src=x onerror=alert(1).png"),
    ],
)
async def test_names_and_types_that_lie_are_not_believed(
    web: httpx.AsyncClient, token: dict[str, str], name: str, shown: str
) -> None:
    made = await create(web)
    answer = await web.post(
        f"{CREATE}/{made['number']}/attachments",
        files=[("files", (name, png(), "text/html"))],
        headers={"X-Query-Code": made["query_code"]},
    )
    assert answer.status_code == 201
    [file] = (await web.get(f"{CREATE}/{made['id']}", headers=token)).json()["files"]
    assert file["name"] == shown
    got = await web.get(f"{CREATE}/{made['id']}/attachments/{file['id']}", headers=token)
    assert got.content == png()
    assert got.headers["content-type"] == "image/png"
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert set(got.headers["content-disposition"]) <= set(map(chr, range(32, 127)))


async def test_a_part_whose_type_and_name_are_longer_than_a_head_is_refused(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = await create(web)
    answer = await web.post(
        f"{CREATE}/{made['number']}/attachments",
        files=[("files", ("长" * 20_000 + ".png", png(), "image/png"))],
        headers={"X-Query-Code": made["query_code"]},
    )
    assert answer.status_code in {400, 413, 422}
    assert await kept(database, AttachmentRow) == 0


def test_as_many_pixels_as_a_good_telephone_takes_pass() -> None:
    size = (8000, MOST_PIXELS // 8000)
    from PIL import Image  # noqa: PLC0415 - for this picture alone

    data = saved(Image.new("1", size), "PNG")
    assert len(cleaned(accept("照片.png", data), data)) > 0


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        ([("a", 10, 10)] * 2, "names"),
        ([(str(n), 1, 1) for n in range(archives.MOST_ENTRIES + 1)], "entries"),
        ([(str(n), 2**20, 2**20) for n in range(201)], "size"),
        ([("a", 2 * 2**20, 100)], "ratio"),
        ([("/etc/passwd", 1, 1)], "names"),
        ([("C:evil", 1, 1)], "names"),
    ],
)
def test_an_archive_is_refused_by_its_table_of_contents(
    listed: list[tuple[str, int, int]], reason: str
) -> None:
    entries = []
    for name, unpacked, packed in listed:
        entry = zipfile.ZipInfo(name)
        entry.file_size, entry.compress_size = unpacked, packed
        entries.append(entry)
    with pytest.raises(archives.ArchiveRefusedError, match=reason):
        archives.check(entries)


async def test_the_name_is_kept_sealed_and_the_content_under_no_name_at_all(
    web: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    made = await create(web)
    await web.post(
        f"{CREATE}/{made['number']}/attachments",
        files=[("files", ("../身份证.png", png(), ""))],
        headers={"X-Query-Code": made["query_code"]},
    )
    async with database.reading() as session:
        row = (await session.scalars(select(AttachmentRow))).one()
    assert files_in(tmp_path / "attachments") == [row.stored]
    assert "身份证".encode() not in row.name.blob
