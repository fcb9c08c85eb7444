"""The pages of letters in a browser: every state, both widths, without a fault that axe finds."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from deploy.processes import free_port
from services.notification.domain.states import Action, Reason
from services.notification.domain.way import Outcome
from services.notification.main import service_of
from services.notification.ports import Office
from services.notification.printer.printer import Printer
from services.notification.tables import Base, LetterRow
from services.notification.use_cases.desk import act
from services.notification.use_cases.identity import check_code
from services.notification.use_cases.send import send_due
from shared.bodies import bodies_of
from shared.database import open_engine
from shared.messaging import tables
from shared.trail import tables as trail
from shared.vault import Vault
from shared.web import EdgeOptions, edge
from shared.web.options import Site
from shared.web.sessions import Remembered
from shared.work import Database
from tests.conftest import StandingClock
from tests.notification.conftest import CITY, CLERK, PostBox, Sisters, forwarded
from tests.notification.platform import letters, made
from tests.pages.conftest import Open, listening, shot, sideways, violations
from tests.pages.going import follow
from tests.shared.webs import COOKIE, LogIns

LOOKED_AT_CLOSELY = {"list", "none", "mail", "verify", "held", "sending", "to_print"}
"""Where axe is asked; the other pages are made of the same pieces."""


@dataclass(frozen=True)
class Desk:
    """Letters in every state, behind one address."""

    url: str
    database: Database
    letters: dict[str, LetterRow]


@pytest_asyncio.fixture(loop_scope="session")
async def desk(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Desk]:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('letters')}/letters.db")
    async with engine.begin() as connection:
        for metadata in (tables.Base.metadata, trail.Base.metadata, Base.metadata):
            await connection.run_sync(metadata.create_all)
    database = Database(engine, clock, vault)
    post, sisters = PostBox(), Sisters()
    office = Office(bodies_of([CITY]), "http://test", sisters, sisters, Printer(), post)
    await in_every_state(database, office, post, sisters)
    port = free_port()
    options = EdgeOptions(
        public_url=f"http://127.0.0.1:{port}",
        site=Site(CITY.name, CITY.phone, CITY.address),
        sessions=Remembered(LogIns()),
    )
    app = edge("notification", service_of(office).routers, database, options=options)
    async with listening(app, port) as url:
        yield Desk(url, database, {one.state: one for one in await letters(database)})
    await database.close()


async def in_every_state(
    database: Database, office: Office, post: PostBox, sisters: Sisters
) -> None:
    """One letter in each state, and one of the demonstration."""
    post.outcomes = [
        Outcome(Reason.ADDRESS, "550 5.1.1 … no such user"),
        Outcome(Reason.DEFERRED, "451 4.7.1 greylisted"),
    ]
    await made(database, office, forwarded(), forwarded(), forwarded())
    await send_due(database, office)
    sisters.about(email="")
    await made(database, office, forwarded())
    *_, last = await made(database, office, forwarded())
    async with database.work() as work:
        await act(work, office, CLERK, last.id, Action.PRINTED)
    sisters.about(name="")
    await made(database, office, forwarded())
    post.open = False
    sisters.about(name="安澜迅修手机维修店", email="shop@example.invalid")
    await made(database, office, forwarded())
    kept, sisters.case = sisters.case, None
    await made(database, office, forwarded())
    sisters.case = kept


async def test_every_page_of_letters_is_fit_for_everybody(open_page: Open, desk: Desk) -> None:
    states = ["owed", "held", "waiting", "sending", "sent", "to_print", "printed", "failed"]
    assert sorted(desk.letters) == sorted(states)
    paths = {
        "list": "/notification/letters",
        "todo": "/notification/letters?tab=todo",
        "mail": "/notification/mail",
        "verify": "/notification/verify",
        **{state: f"/notification/letters/{desk.letters[state].id}" for state in states},
    }
    for name, path in paths.items():
        page = await open_page(desk.url + path, session=COOKIE)
        if name in LOOKED_AT_CLOSELY:
            assert await violations(page) == [], name
        await page.set_viewport_size({"width": 360, "height": 780})
        assert await sideways(page) <= 0, name
        await page.set_viewport_size({"width": 1280, "height": 900})
        await shot(page, f"letters-{name}")


async def test_a_letter_is_searched_by_its_number_which_stands_in_no_address(
    open_page: Open, desk: Desk
) -> None:
    page = await open_page(desk.url + "/notification/letters", session=COOKIE)
    number = desk.letters["to_print"].document_number
    for typed, found in ((number, [number]), ("没有的", [])):
        await page.fill("#filter-q", typed)
        await follow(page, "form[role=search] button")
        assert await page.locator("a.what").all_inner_texts() == found
        assert page.url.startswith(desk.url + "/notification/letters?q=~")
        assert await page.input_value("#filter-q") == typed
    assert await violations(page) == []
    await shot(page, "letters-none")


async def test_a_clerk_notes_that_a_letter_was_posted(open_page: Open, desk: Desk) -> None:
    page = await open_page(desk.url + "/notification/letters?tab=todo", session=COOKIE)
    await follow(page, f"text={desk.letters['to_print'].document_number}")
    await follow(page, "button:has-text('已打印寄送')")
    assert await page.inner_text(".head .state") == "已打印寄送"
    assert "打印寄送" in await page.inner_text("ol.timeline")


async def test_a_reader_of_a_letter_verifies_it_without_script(open_page: Open, desk: Desk) -> None:
    letter = desk.letters["sent"]
    page = await open_page(desk.url + "/notification/verify", script=False)
    typed = letter.document_number.replace("〔", "[").replace("〕", "]")
    await page.fill("#number", typed)
    await page.fill("#code", "0000-0000-0000")
    await follow(page, "main button")
    assert "没有查到" in await page.inner_text("main")
    await page.fill("#code", check_code(desk.database.vault, letter).lower())
    await follow(page, "main button")
    assert "是真的" in await page.inner_text("main")
    assert await page.input_value("#number") == typed
