"""A photo of the public form costs its decoding once, however much else comes with it."""

from typing import Any

import httpx
import pytest
from PIL import Image

from services.intake.tables import AttachmentRow
from services.intake.use_cases.files import Named, prepared
from shared.work import Database
from tests.intake.samples import png
from tests.intake.test_pages import FILLED, blank, kept, send


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One entry for each time that the library of pictures reads one."""
    times: list[None] = []
    read: Any = Image.open

    def counted(*what: Any, **how: Any) -> Any:
        times.append(None)
        return read(*what, **how)

    monkeypatch.setattr(Image, "open", counted)
    return times


async def test_the_one_photo_of_a_form_that_is_right_is_read_once(
    web: httpx.AsyncClient, database: Database, opened: list[None]
) -> None:
    answer = await send(web, await blank(web) | FILLED, [("files", ("1.png", png(1)))])
    assert answer.status_code == 303
    assert await kept(database, AttachmentRow) == 1
    in_all = len(opened)
    prepared(Named("1.png"), png(1))
    assert len(opened) - in_all == in_all


async def test_a_single_file_that_is_not_taken_brings_the_form_back_and_is_not_kept(
    web: httpx.AsyncClient, database: Database
) -> None:
    answer = await send(web, await blank(web) | FILLED, [("files", ("1.png", b"no picture"))])
    assert answer.status_code == 422
    assert await kept(database, AttachmentRow) == 0
    assert await kept(database) == 0
