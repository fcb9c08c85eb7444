"""Letters that were made before whom to hide was kept with them: their pages show no text at all.

The files of those that went out do, to who may open them; the others go out made anew alone.
"""

import io
import json
from collections.abc import AsyncGenerator
from dataclasses import replace

import httpx
import pytest
from pypdf import PdfReader

from services.notification.clients import words_of
from services.notification.domain.states import Action, State
from services.notification.main import service_of
from services.notification.ports import Office
from services.notification.tables import SEALED_FACTS, LetterRow
from services.notification.use_cases.desk import act
from services.notification.use_cases.files import NotMadeYetError, facts_in
from services.notification.use_cases.make import make_letters
from services.notification.use_cases.opening import File, Wanted, open_letter
from services.notification.use_cases.send import nameless, send_due
from shared.masks.reasons import NoReasonError
from shared.web import edge
from shared.work import Database
from tests.notification.conftest import CLERK, RECEIPT, PostBox, Sisters, forwarded
from tests.notification.platform import made, only
from tests.notification.test_letter_masked import RECORD, SAYS, SHOWS
from tests.notification.test_opening import HEAD, WHY
from tests.shared.webs import COOKIE, options

SECRET = ("吴小莉", "冯大律", "陈共同", "吴晓丽", "光明街", "漏水", "付的钱", "小票")
"""People, where they live, and what was written of the matter."""


@pytest.fixture
async def clerk(database: Database, office: Office) -> AsyncGenerator[httpx.AsyncClient]:
    """A mediator with a browser."""
    routers = service_of(office).routers
    transport = httpx.ASGITransport(app=edge("notification", routers, database, options=options()))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        client.cookies.set("redress_session", COOKIE)
        yield client


async def of_before(
    database: Database, office: Office, sisters: Sisters, state: State
) -> LetterRow:
    """A letter in this state whose facts are as they were kept then."""
    sisters.words_of_all = replace(words_of(RECORD), files=(RECEIPT,))
    [letter] = await made(database, office, forwarded())
    kept = json.loads(database.vault.open(letter.facts, letter.id)) if letter.facts else {}
    then = {name: value for name, value in kept.items() if name not in {"names", "streets"}}
    assert len(then) == len(kept) - 2
    async with database.work() as work:
        row = await work.session.get_one(LetterRow, letter.id)
        row.facts = work.vault.seal(json.dumps(then), SEALED_FACTS, letter.id)
        row.state = state
    return await only(database)


@pytest.mark.parametrize("state", [State.SENT, State.TO_PRINT, State.WAITING])
async def test_its_page_shows_nothing_of_what_was_written(
    clerk: httpx.AsyncClient, database: Database, office: Office, sisters: Sisters, state: State
) -> None:
    letter = await of_before(database, office, sisters, state)
    page = await clerk.get(f"/notification/letters/{letter.id}")
    assert page.status_code == 200
    assert [one for one in SECRET if one in page.text] == []
    assert "所以这里不显示正文" in page.text
    assert letter.document_number in page.text
    assert "安澜迅修手机维修店：" in page.text
    for other in ("/notification/letters", "/notification/mail"):
        assert [one for one in SECRET if one in (await clerk.get(other)).text] == []


async def test_the_file_of_one_that_went_out_is_opened_with_a_reason(
    database: Database, office: Office, sisters: Sisters
) -> None:
    letter = await of_before(database, office, sisters, State.SENT)
    with pytest.raises(NoReasonError):
        await open_letter(database, office, HEAD, Wanted(letter.id))
    found = await open_letter(database, office, HEAD, Wanted(letter.id, why=WHY))
    assert "漏水" in PdfReader(io.BytesIO(found.body)).pages[0].extract_text()


async def test_what_a_mail_server_said_of_it_is_not_kept(
    database: Database, office: Office, sisters: Sisters
) -> None:
    letter = await of_before(database, office, sisters, State.SENT)
    assert nameless(database.vault, letter, "550 no 冯大律 here") == "****"


@pytest.mark.parametrize("file", list(File))
async def test_one_that_is_still_under_way_is_not_handed_out_before_it_is_made_anew(
    database: Database, office: Office, sisters: Sisters, file: File
) -> None:
    letter = await of_before(database, office, sisters, State.TO_PRINT)
    with pytest.raises(NotMadeYetError):
        await open_letter(database, office, CLERK, Wanted(letter.id, file))
    async with database.work() as work:
        await act(work, office, CLERK, letter.id, Action.MAKE)
    assert await make_letters(database, office) == 1
    fresh = await only(database)
    assert facts_in(database.vault, fresh).hidden_in(SAYS) == SHOWS
    assert (await open_letter(database, office, CLERK, Wanted(letter.id, file))).body


async def test_one_that_is_still_under_way_is_not_mailed_and_goes_to_a_person(
    database: Database, office: Office, sisters: Sisters, post: PostBox
) -> None:
    letter = await of_before(database, office, sisters, State.SENDING)
    assert await send_due(database, office) == 1
    after = await only(database)
    assert (after.id, after.state, after.reason) == (letter.id, "failed", "unprintable")
    assert post.mails == []
