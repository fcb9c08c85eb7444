"""The privacy notice: shown where data are asked for, kept by version, readable for ever."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from services.intake import pages, routes
from services.intake.domain.notice import Notice, Notices, Text
from services.intake.ports import Means
from services.intake.tables import ComplaintRow
from services.intake.use_cases.notices import OURS, NoticeRefusedError, notices, read
from shared.bodies import Body, bodies_of
from shared.web import EdgeOptions, edge
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.builders import a_complaint
from tests.intake.conftest import WIDE
from tests.intake.test_api import CREATE, kept
from tests.intake.test_pages import FILLED, HTML, NEW, blank, hidden, send

PAGE, VERSION, NEXT = "/intake/privacy", "2026-11", "2026-11-23"
TEMPLATES = Path(pages.__file__).parents[1] / "templates" / "intake"
SAYS = Text("t", "s", ())
TODAY = date(2026, 12, 1)


def a_notice(version: str, body: str = "*", since: date = date(2026, 11, 1)) -> Notice:
    return Notice(version, body, since, SAYS, SAYS)


@pytest.fixture
def clock() -> StandingClock:
    """A day on which the first version is in force."""
    return StandingClock(datetime.fromisoformat("2026-11-22T12:00:00+08:00"))


async def notice_of(database: Database) -> str | None:
    async with database.reading() as session:
        return (await session.scalars(select(ComplaintRow.notice))).one()


def test_a_bodys_own_notice_comes_first_and_the_newest_that_is_in_force() -> None:
    old, new = a_notice("1"), a_notice("2", since=date(2026, 11, 20))
    later, own = a_notice("3", since=date(2027, 1, 1)), a_notice("own", "bank")
    known = Notices((new, old, later, own))
    assert known.in_force("main", TODAY) == new
    assert known.in_force("main", date(2026, 11, 19)) == old
    assert known.in_force("bank", TODAY) == own
    assert known.in_force("main", date(2026, 10, 31)) is None
    assert [one.version for one in known.of_body("main")] == ["3", "2", "1"]
    assert "own" in [one.version for one in known.of_body("bank")]
    assert (known.of("1"), known.of("4")) == (old, None)


def test_ours_says_what_the_law_asks_for_in_both_languages() -> None:
    for one in notices().known:
        for text in (one.zh, one.en):
            assert "{name}" in text.short + text.parts[0].text
            assert len(text.parts) == 8
        titles = " ".join(part.title for part in one.zh.parts)
        for duty in ("谁", "为什么", "哪些", "怎样", "给谁", "敏感", "多久", "权利"):
            assert duty in titles


def test_it_promises_on_the_page_of_the_status_what_stands_there_and_no_more() -> None:
    """Copies, corrections, erasures and withdrawn consents are done by the body, on request."""
    first, second = (notices().in_force("main", date(2026, 11, day)) for day in (22, 23))
    assert first
    assert second
    assert (first.version, second.version) == (VERSION, NEXT)
    assert (first.zh.parts[:-1], first.en.parts[:-1]) == (
        second.zh.parts[:-1],
        second.en.parts[:-1],
    )
    said = second.zh.parts[-1].text
    assert "请向上面的处理者提出" in said
    [own] = [one for one in said.split("。") if "查询进度" in one]
    assert own.endswith("您自己可以在“查询进度”里看办理情况、补交证据、看函件、撤回投诉")
    page = (TEMPLATES / "status.html").read_text()
    for done in ("/intake/status/letters", "/intake/status/withdraw", 'upload("files"'):
        assert done in page


def test_a_folder_of_its_own_adds_notices_and_mistakes_in_it_are_named(tmp_path: Path) -> None:
    ours = (OURS / f"{VERSION}.yaml").read_text()
    own = tmp_path / "bank.yaml"
    own.write_text(ours.replace('body: "*"', "body: bank").replace(f'"{VERSION}"', "bank-1"))
    assert {one.version for one in read(tmp_path).known} == {VERSION, NEXT, "bank-1"}
    own.write_text(ours)
    with pytest.raises(NoticeRefusedError, match=VERSION):
        read(tmp_path)
    own.write_text("version: 1")
    with pytest.raises(NoticeRefusedError, match=r"bank\.yaml"):
        read(tmp_path)


async def test_the_form_shows_it_and_the_complaint_keeps_the_version_that_was_seen(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    page = (await web.get(NEW, headers=HTML)).text
    assert f'href="{PAGE}?body=main&amp;version={VERSION}"' in page
    assert "您填的内容由消费者权益保护委员会用来办理这件事" in page
    seen = {"privacy_notice": hidden(page, "privacy_notice")}
    assert (await send(web, await blank(web) | FILLED | seen)).status_code == 303
    assert await notice_of(database) == VERSION
    async with database.reading() as session:
        row = (await session.scalars(select(ComplaintRow))).one()
    record = (await web.get(f"{CREATE}/{row.id}", headers=token)).json()
    assert record["privacy_notice"] == VERSION
    assert record["consents"]["sensitive"] is False


async def test_a_program_that_says_nothing_of_it_is_taken_at_its_word(
    web: httpx.AsyncClient, database: Database
) -> None:
    assert (await web.post(CREATE, json=a_complaint())).status_code == 201
    assert await notice_of(database) is None
    answer = await web.post(CREATE, json=a_complaint(privacy_notice="1999"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/privacy_notice"
    assert await kept(database) == 1


@pytest.mark.parametrize(("read_out", "version"), [(True, VERSION), (False, None)])
async def test_a_clerk_states_that_it_was_read_out(
    web: httpx.AsyncClient,
    database: Database,
    token: dict[str, str],
    *,
    read_out: bool,
    version: str | None,
) -> None:
    entry = a_complaint(channel="phone", registrar=str(uuid4()), notice_read_out=read_out)
    answer = await web.post("/internal/complaints", json=entry, headers=token)
    assert answer.status_code == 201
    assert await notice_of(database) == version


@pytest.mark.parametrize("agreed", [True, False])
async def test_an_identity_number_needs_a_consent_of_its_own(
    web: httpx.AsyncClient, database: Database, *, agreed: bool
) -> None:
    asked = {"complainant.id_type": "resident_id", "complainant.id_number": "11010519491231002X"}
    ticked = {"consents.sensitive": "true"} if agreed else {}
    answer = await send(web, await blank(web) | FILLED | asked | ticked)
    assert answer.status_code == (303 if agreed else 422)
    assert ('id="consents-sensitive-error"' in answer.text) is not agreed
    assert await kept(database) == int(agreed)


async def test_the_page_says_it_all_and_older_versions_stay_readable(
    web: httpx.AsyncClient, clock: StandingClock
) -> None:
    page = await web.get(PAGE, headers=HTML)
    assert page.status_code == 200
    assert "您的权利" in page.text
    assert "处理者是消费者权益保护委员会" in page.text
    assert "{" not in page.text.split("<main")[1].split("</main")[0]
    english = await web.get(PAGE, headers=HTML | {"Accept-Language": "en"})
    assert "Your rights" in english.text
    clock.now += timedelta(days=4000)
    assert (await web.get(f"{PAGE}?version={VERSION}", headers=HTML)).status_code == 200
    for wrong in ("version=1999", "body=nowhere", f"version={VERSION}&body=nowhere"):
        assert (await web.get(f"{PAGE}?{wrong}", headers=HTML)).status_code == 404


CITY, COUNTY = (
    Body("main", "安澜市消委会", "市消委会", "安消", phone="0999-1"),
    Body("county", "安澜县消委会", "县消委会", "县消", phone="0999-2"),
)


@pytest.fixture
async def several(
    database: Database, means: Means, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[httpx.AsyncClient]:
    """Intake of two bodies, of which one has a privacy notice of its own."""
    ours = notices().known
    first = next(one for one in ours if one.version == VERSION)
    own = replace(first, version="county-1", body="county")
    known = Notices((*ours, own))
    for module in ("pages.form", "pages.privacy", "use_cases.checking"):
        monkeypatch.setattr(f"services.intake.{module}.notices", lambda: known)
    both = replace(means, bodies=bodies_of([CITY, COUNTY]))
    options = EdgeOptions(public_url="http://test", limits=WIDE)
    routers = [*routes.routers(both), *pages.routers(both)]
    app = edge("intake", routers, database, options=options)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def form_for(web: httpx.AsyncClient, body: str) -> tuple[str, dict[str, str]]:
    """The page of the form for a body, and its hidden fields."""
    page = (await web.get(NEW, params={"body": body}, headers=HTML)).text
    names = ("form_token", "form_key", "privacy_notice", "notice_of")
    return page, {name: hidden(page, name) for name in names}


async def test_the_form_shows_the_notice_of_the_body_that_the_address_names(
    several: httpx.AsyncClient,
) -> None:
    page, fields = await form_for(several, "county")
    assert (fields["privacy_notice"], fields["notice_of"]) == ("county-1", "county")
    assert "您填的内容由安澜县消委会用来办理这件事" in page
    assert 'href="/intake/privacy?body=county&amp;version=county-1"' in page
    assert '<option value="county" selected>' in page
    for other in ("", "main", "nobody", "demo"):
        page, fields = await form_for(several, other)
        assert (fields["privacy_notice"], fields["notice_of"]) == (VERSION, "main")
        assert "您填的内容由安澜市消委会用来办理这件事" in page


async def test_the_version_of_the_body_that_was_seen_is_kept(
    several: httpx.AsyncClient, database: Database
) -> None:
    _, fields = await form_for(several, "county")
    done = await send(several, FILLED | fields | {"body": "county"})
    assert done.status_code == 303, done.text
    async with database.reading() as session:
        row = (await session.scalars(select(ComplaintRow))).one()
    assert (row.body, row.notice) == ("county", "county-1")


async def test_who_chooses_another_body_sees_its_notice_before_anything_is_kept(
    several: httpx.AsyncClient, database: Database
) -> None:
    _, fields = await form_for(several, "main")
    chosen = FILLED | fields | {"body": "county"}
    shown = await send(several, chosen)
    assert shown.status_code == 422
    assert "下面已经换成“安澜县消委会”的隐私告知" in shown.text
    assert "没有这个版本的隐私告知" not in shown.text
    assert hidden(shown.text, "privacy_notice") == "county-1"
    assert "安澜禾木家居有限公司" in shown.text
    assert await kept(database, ComplaintRow) == 0
    by_button = await send(several, chosen | {"other_body": "true"})
    assert by_button.status_code == 200
    assert hidden(by_button.text, "notice_of") == "county"
    assert "安澜禾木家居有限公司" in by_button.text
    assert await kept(database, ComplaintRow) == 0
    seen = {name: hidden(by_button.text, name) for name in fields}
    assert (await send(several, chosen | seen)).status_code == 303
    assert await notice_of(database) == "county-1"


async def test_a_program_may_not_name_the_notice_of_another_body(
    several: httpx.AsyncClient, database: Database
) -> None:
    for body, version, status in (
        ("main", "county-1", 422),
        ("county", "county-1", 201),
        ("county", VERSION, 201),
    ):
        sent = a_complaint(body=body, privacy_notice=version)
        assert (await several.post(CREATE, json=sent)).status_code == status
    assert await kept(database, ComplaintRow) == 2
