"""Fictitious complaints in the books: as if people had brought and handled them."""

from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, text

from deploy.cli.operations import again, books_of, loaded, remove_demo, status
from deploy.cli.say import nobody_watches
from deploy.demo.keep import Books
from deploy.demo.load import load
from services.intake.tables import ComplaintRow, PublicStepRow
from services.mediation.domain.case import State
from services.mediation.tables import CaseRow, HeardRow
from services.mediation.use_cases.audit import CASES
from services.mediation.use_cases.staff import first_accounts
from services.notification.tables import DocumentNumberRow, LetterRow
from shared.bodies import Bodies
from shared.database import open_engine
from shared.messaging.bus import Message
from shared.net import in_process
from shared.runtime.migrate import migrate
from shared.tokens import CONSOLE, minting
from shared.trail.verifying import verify
from shared.vault import Vault
from shared.work import Database
from tests.databases import create_database, drop_database

if TYPE_CHECKING:
    from shared.runtime.embedded import Embedded
    from tests.conftest import StandingClock

NOW = datetime(2026, 6, 23, 4, tzinfo=UTC)


async def column(database: Database, statement: Any) -> list[Any]:
    async with database.reading() as session:
        return [tuple(row) for row in await session.execute(statement)]


async def figures(platform: "Embedded", measure: str) -> Any:
    """What analytics answers for the demonstration's body."""
    token = minting(platform.vault, CONSOLE, "analytics", platform.clock)
    asked = {"measure": measure, "body": "demo", "from": "2024-01-01", "by": "channel"}
    async with in_process(platform.running["analytics"].web(), token) as client:
        address, host = "/analytics/api/v1/figures", {"Host": "test"}
        answer = await client.get(address, params=asked, headers=host)
    answer.raise_for_status()
    found = answer.json()
    return {name: found[name] for name in found if name not in {"as_of", "lag", "freshness"}}


async def test_what_is_loaded_is_in_every_book_and_in_the_figures(platform: "Embedded") -> None:
    books = books_of(platform)
    async with books.mediation.work() as work:
        await first_accounts(work, demo=True)
    async with platform.running["analytics"].at_work():
        assert await load(books, 60, 2026, NOW) == 60
        await platform.settle()
        received = await figures(platform, "received")
        closed = await figures(platform, "closed")
        facts = await status(platform, {}, nobody_watches)

    states = dict(
        await column(books.mediation, select(CaseRow.state, func.count()).group_by(CaseRow.state))
    )
    assert sum(states.values()) == 60
    assert set(states) == {state.value for state in State}
    assert await column(books.intake, select(func.count()).select_from(ComplaintRow)) == [(60,)]
    assert (await verify(books.mediation, [CASES])).breaks == []
    assert facts["services"]["analytics"]["complaints"] == 60
    assert all(one["dead_letters"] == 0 for one in facts["services"].values())
    ended = select(func.count()).where(CaseRow.state == "closed")
    assert received["total"]["value"] == 60
    assert [(closed["total"]["value"],)] == await column(books.mediation, ended)


async def test_every_sister_has_heard_what_was_said(platform: "Embedded") -> None:
    books = books_of(platform)
    async with platform.running["analytics"].at_work():
        await load(books, 40, 1, NOW)
        await platform.settle()
    letters = await column(books.notification, select(LetterRow.state, LetterRow.number))
    heard = await column(books.mediation, select(HeardRow.kind))
    kinds = Counter(kind for (kind,) in heard)
    assert kinds["letter_prepared"] == len(letters)
    assert kinds["letter_sent"] == sum(state in {"sent", "printed"} for state, _ in letters)
    forwarded = select(func.count()).where(PublicStepRow.step == "case_forwarded")
    [(shown,)] = await column(books.intake, forwarded)
    assert shown == len(letters)
    assert "owed" not in {state for state, _ in letters}


async def test_loading_again_adds_only_what_is_missing(platform: "Embedded") -> None:
    books = books_of(platform)
    async with platform.running["analytics"].at_work():
        assert await load(books, 10, 1, NOW) == 10
        assert await load(books, 10, 1, NOW) == 0
        assert (await loaded(books, {"complaints": 15, "seed": 1}, nobody_watches))["made"] == 5
        assert (await loaded(books, {"complaints": 5, "seed": 2}, nobody_watches))["made"] == 5
        await platform.settle()
    assert await column(books.mediation, select(func.count()).select_from(CaseRow)) == [(20,)]


async def test_figures_rebuilt_are_the_same_figures(platform: "Embedded") -> None:
    async with platform.running["analytics"].at_work():
        await load(books_of(platform), 50, 3, NOW)
        await platform.settle()
        before = [await figures(platform, one) for one in ("received", "accepted", "closed")]
        await rebuilt(platform)
        after = [await figures(platform, one) for one in ("received", "accepted", "closed")]
    assert after == before


MEASURES = ("received", "accepted", "closed", "letters_sent")


async def rebuilt(platform: "Embedded") -> None:
    token = minting(platform.vault, CONSOLE, "analytics", platform.clock)
    async with in_process(platform.internal("analytics"), token) as client:
        (await client.post("/internal/rebuild")).raise_for_status()
    await platform.settle()


async def test_removing_leaves_nothing_of_it_in_the_books(platform: "Embedded") -> None:
    books = books_of(platform)
    async with platform.running["analytics"].at_work():
        await load(books, 30, 1, NOW)
        await platform.settle()
        assert await remove_demo(platform, {}, nobody_watches) == {"removed": 30}
        assert await remove_demo(platform, {}, nobody_watches) == {"removed": 0}
        await platform.settle()
        facts = await status(platform, {}, nobody_watches)
    assert facts["services"]["analytics"]["complaints"] == 0
    assert all(one["dead_letters"] == 0 for one in facts["services"].values())
    for database, tables in (
        (books.intake, ("complaints", "public_status")),
        (books.mediation, ("cases", "case_log", "case_words", "case_lookups", "heard")),
        (books.notification, ("letters", "attempts", "spoken", "endings", "document_numbers")),
    ):
        for table in tables:
            counted = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
            assert await column(database, counted) == [(0,)], table


async def test_what_was_removed_is_in_no_figure_even_told_anew(platform: "Embedded") -> None:
    books = books_of(platform)
    async with platform.running["analytics"].at_work():
        await load(books, 30, 1, NOW)
        await platform.settle()
        await remove_demo(platform, {}, nobody_watches)
        await platform.settle()
        removed = [await figures(platform, one) for one in MEASURES]
        await rebuilt(platform)
        assert [await figures(platform, one) for one in MEASURES] == removed
        assert removed[0]["total"]["value"] == 0
        assert await load(books, 40, 1, NOW + timedelta(seconds=1)) == 40
        await platform.settle()
        loaded_again = [await figures(platform, one) for one in MEASURES]
        await rebuilt(platform)
        assert [await figures(platform, one) for one in MEASURES] == loaded_again
    assert loaded_again[0]["total"]["value"] == 40
    assert await column(books.mediation, select(func.count()).select_from(CaseRow)) == [(40,)]


async def test_a_dead_letter_is_replayed_for_the_service_that_is_named(
    platform: "Embedded",
) -> None:
    counts = await again(platform, {"service": "intake"}, nobody_watches)
    assert counts == {"intake": {"went": 0, "failed": 0}}


@pytest.fixture
async def on_postgres(
    postgres: str, vault: Vault, clock: "StandingClock"
) -> AsyncGenerator[tuple[Books, list[Message]]]:
    """The books in three PostgreSQL databases; what is said is gathered."""
    said: list[Message] = []

    async def publish(messages: Sequence[Message]) -> None:
        said.extend(messages)

    databases, urls = {}, []
    for name in ("intake", "mediation", "notification"):
        url = create_database(postgres)
        urls.append(url)
        databases[name] = Database(open_engine(url), clock, vault)
        await migrate(databases[name].engine, name)
    yield Books(**databases, publish=publish, bodies=Bodies()), said
    for database in databases.values():
        await database.close()
    for url in urls:
        drop_database(postgres, url)


@pytest.mark.postgres
async def test_the_books_on_postgresql_hold_the_same(
    on_postgres: tuple[Books, list[Message]],
) -> None:
    books, said = on_postgres
    assert await load(books, 60, 2026, NOW) == 60
    assert await load(books, 60, 2026, NOW) == 0
    states = dict(
        await column(books.mediation, select(CaseRow.state, func.count()).group_by(CaseRow.state))
    )
    assert set(states) == {state.value for state in State}
    assert len({one.id for one in said}) == len(said)
    assert (await verify(books.mediation, [CASES])).breaks == []
    numbers = await column(
        books.notification, select(LetterRow.year, LetterRow.number, LetterRow.issued_on)
    )
    last = dict(
        await column(books.notification, select(DocumentNumberRow.year, DocumentNumberRow.last))
    )
    for year, count in last.items():
        of_year = sorted((number, day) for at, number, day in numbers if at == year)
        assert [number for number, _ in of_year] == list(range(1, count + 1))
        assert [day for _, day in of_year] == sorted(day for _, day in of_year)
