"""Files of forms that come back with errors fill no disk; what was typed is never lost."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from services.intake import pages, routes
from services.intake.domain.errors import TooMuchWaitsError
from services.intake.domain.waiting import Lying, Room
from services.intake.ports import Means
from services.intake.storage import Folder
from services.intake.tables import AttachmentRow, UploadRow
from shared.bodies import Bodies
from shared.web import EdgeOptions, edge
from shared.work import Database
from tests.intake.builders import a_complaint
from tests.intake.conftest import WIDE
from tests.intake.office import OfficeInMemory
from tests.intake.samples import png
from tests.intake.test_pages import FILLED, HTML, NEW, blank, hidden, kept, send
from tests.intake.test_storage import files_in

FILE = len(png(1))
NO_ROOM = "只是这次选的文件现在没有地方先存着"
FULL = "系统存文件的地方快满了"
WRONG = {"complainant.phone": "1"}


@asynccontextmanager
async def served(
    database: Database, folder: Path, room: Room, keep_free: int = 0
) -> AsyncGenerator[httpx.AsyncClient]:
    storage = Folder(folder, keep_free)
    means = Means(Bodies(), storage, OfficeInMemory(), room=room)
    options = EdgeOptions(public_url="http://test", limits=WIDE, trusted_hops=1)
    app = edge("intake", [*routes.routers(means), *pages.routers(means)], database, options=options)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def a_file(shade: int) -> tuple[str, tuple[str, bytes]]:
    return "files", (f"{shade}.png", png(shade))


async def test_beyond_its_limit_an_address_has_no_more_files_kept_and_loses_no_word(
    database: Database, tmp_path: Path
) -> None:
    async with served(database, tmp_path / "files", Room(per_sender=2 * FILE + 50)) as web:
        for shade in (1, 2):
            kept_one = await send(web, await blank(web) | FILLED | WRONG, [a_file(shade)])
            assert NO_ROOM not in kept_one.text
        refused = await send(web, await blank(web) | FILLED | WRONG, [a_file(3)])
        english = HTML | {"Accept-Language": "en"}
        fields = await blank(web) | FILLED | WRONG
        told = await web.post(NEW, data=fields, files=[a_file(4)], headers=english)
        other = HTML | {"X-Forwarded-For": "9.9.9.9"}
        page = (await web.get(NEW, headers=other)).text
        own = {name: hidden(page, name) for name in ("form_token", "form_key")}
        elsewhere = await web.post(NEW, data=fields | own, files=[a_file(5)], headers=other)
    assert (refused.status_code, told.status_code, elsewhere.status_code) == (422, 422, 422)
    assert NO_ROOM in refused.text
    assert 'value="餐桌开裂"' in refused.text
    assert "choose the files again" in told.text
    assert NO_ROOM not in elsewhere.text
    assert await kept(database, UploadRow) == 3
    assert len(files_in(tmp_path / "files")) == 3
    assert await kept(database) == 0


async def test_beyond_the_limit_of_all_nobody_has_more_kept_whatever_the_address(
    database: Database, tmp_path: Path
) -> None:
    async with served(database, tmp_path / "files", Room(in_all=FILE + 50)) as web:
        for shade, address in enumerate(("9.9.9.1", "9.9.9.2", "9.9.9.3")):
            headers = HTML | {"X-Forwarded-For": address}
            page = (await web.get(NEW, headers=headers)).text
            own = {name: hidden(page, name) for name in ("form_token", "form_key")}
            answer = await web.post(
                NEW, data=FILLED | WRONG | own, files=[a_file(shade)], headers=headers
            )
            assert (NO_ROOM in answer.text) == (shade > 0)
    assert await kept(database, UploadRow) == 1


async def test_files_of_a_form_that_is_right_need_no_room_among_those_that_wait(
    database: Database, tmp_path: Path
) -> None:
    async with served(database, tmp_path / "files", Room(per_sender=1, in_all=1)) as web:
        right = await send(web, await blank(web) | FILLED, [a_file(1)])
        with_a_bad_file = [("files", ("坏.png", b"MZ")), a_file(2)]
        wrong = await send(web, await blank(web) | FILLED, with_a_bad_file)
    assert (right.status_code, wrong.status_code) == (303, 422)
    assert await kept(database, AttachmentRow) == 1
    assert await kept(database, UploadRow) == 0
    assert len(files_in(tmp_path / "files")) == 1


async def test_files_of_a_form_that_was_sent_before_wait_for_nobody(
    database: Database, tmp_path: Path
) -> None:
    async with served(database, tmp_path / "files", Room()) as web:
        fields = await blank(web) | FILLED
        assert (await send(web, fields)).status_code == 303
        again = await send(web, fields | {"matter.text": "另一件事"}, [a_file(1)])
    assert "这张表刚才已经提交过了" in again.text
    assert await kept(database, UploadRow) == 0
    assert files_in(tmp_path / "files") == []


async def test_on_a_disk_that_is_nearly_full_files_are_refused_and_complaints_are_not(
    database: Database, tmp_path: Path
) -> None:
    async with served(database, tmp_path / "files", Room(), keep_free=10**18) as web:
        fields = await blank(web) | FILLED
        with_file = await send(web, fields, [a_file(1)])
        assert (with_file.status_code, await kept(database)) == (507, 0)
        assert FULL in with_file.text
        assert 'value="餐桌开裂"' in with_file.text
        without = await send(web, fields)
        assert (without.status_code, await kept(database)) == (303, 1)
        headers = {"Idempotency-Key": "k", "Accept-Language": "en"}
        receipt = (
            await web.post("/intake/api/v1/complaints", json=a_complaint(), headers=headers)
        ).json()
        evidence = await web.post(
            f"/intake/api/v1/complaints/{receipt['number']}/attachments",
            files=[a_file(1)],
            headers={"X-Query-Code": receipt["query_code"]},
        )
    assert (evidence.status_code, evidence.json()["type"]) == (507, "NoRoomError")
    assert evidence.json()["title"] == "存不下了"
    assert [await kept(database, one) for one in (UploadRow, AttachmentRow)] == [0, 0]
    assert files_in(tmp_path / "files") == []


def test_many_files_at_once_get_no_more_room_than_one_after_the_other() -> None:
    room = Room(per_sender=100, in_all=150)
    with room.coming(b"a", 60):
        room.refuse_beyond(b"a", Lying(40, 40))
        with room.coming(b"a", 1), pytest.raises(TooMuchWaitsError):
            room.refuse_beyond(b"a", Lying(40, 40))
        with room.coming(b"b", 51), pytest.raises(TooMuchWaitsError):
            room.refuse_beyond(b"b", Lying(0, 40))
        room.refuse_beyond(b"a", Lying(40, 90))
    assert room == Room(per_sender=100, in_all=150)
