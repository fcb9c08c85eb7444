"""A load interrupted anywhere is completed by the next one: nothing twice, nothing lost."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from deploy.demo.keep import HEARD, Books
from deploy.demo.load import forget_tellings, load, telling_of
from deploy.demo.remove import remove
from services.intake import tables as of_intake
from services.intake.tables import ComplaintRow, PublicStepRow
from services.mediation import tables as of_mediation
from services.mediation.tables import CaseRow, HeardRow
from services.mediation.use_cases.audit import CASES
from services.notification import tables as of_notification
from services.notification.tables import DocumentNumberRow, LetterRow
from shared.bodies import Bodies
from shared.clock import Clock
from shared.database import open_engine
from shared.events import ComplaintRemoved, decode
from shared.messaging.bus import Message
from shared.messaging.tables import InboxRow
from shared.runtime.migrate import migrate
from shared.trail.verifying import verify
from shared.vault import Vault
from shared.work import Database
from tests.databases import create_database, drop_database

NOW = datetime(2026, 6, 23, 4, tzinfo=UTC)
LATER = datetime(2026, 6, 25, 4, tzinfo=UTC)
NAMES = ("intake", "mediation", "notification")
STORIES = 60
TABLES = {
    "intake": of_intake.Base.metadata,
    "mediation": of_mediation.Base.metadata,
    "notification": of_notification.Base.metadata,
}


class PulledOutError(Exception):
    """The plug was pulled."""


@dataclass
class Installation:
    """Three databases, and a bus that can be pulled out."""

    databases: dict[str, Database]
    said: list[Message] = field(default_factory=list)

    async def publish(self, messages: Sequence[Message]) -> None:
        self.said.extend(messages)

    def books(self, publish: Callable[[Sequence[Message]], Awaitable[None]] | None = None) -> Books:
        return Books(**self.databases, publish=publish or self.publish, bodies=Bodies())

    async def rename(self, service: str, table: str, name: str) -> None:
        async with self.databases[service].work() as work:
            await work.session.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))

    async def values(self, service: str, statement: Any) -> list[Any]:
        async with self.databases[service].reading() as session:
            return [tuple(row) for row in await session.execute(statement)]

    async def count(self, service: str, table: type[Any]) -> int:
        [(number,)] = await self.values(service, select(func.count()).select_from(table))
        return int(number)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def installation(
    request: pytest.FixtureRequest, tmp_path: Path, vault: Vault, clock: Clock
) -> AsyncGenerator[Installation]:
    server = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    urls = {
        name: create_database(server) if server else f"sqlite+aiosqlite:///{tmp_path}/{name}.db"
        for name in NAMES
    }
    databases = {name: Database(open_engine(url), clock, vault) for name, url in urls.items()}
    for name, database in databases.items():
        await migrate(database.engine, name)
    yield Installation(databases)
    for database in databases.values():
        await database.close()
    for url in urls.values() if server else ():
        drop_database(server, url)


async def at_letters(there: Installation) -> None:
    await fails_at(there, "notification", "attempts")


async def at_cases(there: Installation) -> None:
    await fails_at(there, "mediation", "heard")


async def at_status_pages(there: Installation) -> None:
    await fails_at(there, "intake", "public_status")


async def fails_at(there: Installation, service: str, table: str) -> None:
    await there.rename(service, table, "away")
    with pytest.raises((DBAPIError, asyncpg.PostgresError)):
        await load(there.books(), STORIES, 1, NOW)
    await there.rename(service, "away", table)


async def before_anything_is_said(there: Installation) -> None:
    async def publish(_: Sequence[Message]) -> None:
        raise PulledOutError

    with pytest.raises(PulledOutError):
        await load(there.books(publish), STORIES, 1, NOW)


async def after_everything_was_said(there: Installation) -> None:
    async def publish(messages: Sequence[Message]) -> None:
        await there.publish(messages)
        raise PulledOutError

    with pytest.raises(PulledOutError):
        await load(there.books(publish), STORIES, 1, NOW)


PLACES = (
    at_letters, at_cases, at_status_pages, before_anything_is_said, after_everything_was_said
)  # fmt: skip


@pytest.mark.parametrize("interrupted", PLACES)
async def test_a_load_interrupted_anywhere_is_completed_by_the_next(
    installation: Installation, interrupted: Callable[[Installation], Awaitable[None]]
) -> None:
    await interrupted(installation)
    assert await installation.count("intake", ComplaintRow) == 0
    assert await load(installation.books(), STORIES, 1, LATER) == STORIES
    assert await load(installation.books(), STORIES, 1, LATER) == 0
    await is_whole(installation)


async def is_whole(there: Installation) -> None:
    """As many of everything as was said, each once."""
    said = {one.id: event for one in there.said if (event := decode(one.body))}
    complaints = {one.subject for one in said.values()}
    assert await there.values("intake", select(func.count(ComplaintRow.id))) == [(STORIES,)]
    assert len(complaints) == STORIES
    kept = await there.values("intake", select(ComplaintRow.id))
    cases = await there.values("mediation", select(CaseRow.complaint_id))
    assert {one for (one,) in kept} == {one for (one,) in cases} == complaints
    heard = {
        name: sum(type(one) in kinds for one in said.values()) for name, kinds in HEARD.items()
    }
    for name, number in heard.items():
        mark = 1 if name == "intake" else 0
        assert await there.count(name, InboxRow) == number + mark
    assert await there.count("intake", PublicStepRow) == heard["intake"]
    assert await there.count("mediation", HeardRow) == heard["mediation"] - STORIES
    numbers = await there.values("notification", select(LetterRow.year, LetterRow.number))
    last = await there.values(
        "notification", select(DocumentNumberRow.year, DocumentNumberRow.last)
    )
    for year, count in last:
        of_year = sorted(number for at, number in numbers if at == year)
        assert of_year == list(range(1, count + 1))
    found = await verify(there.databases["mediation"], [CASES])
    assert (found.breaks, found.chains) == ([], STORIES)


async def test_what_was_said_of_a_letter_names_its_number(installation: Installation) -> None:
    await after_everything_was_said(installation)
    first = {one.id: one.body for one in installation.said}
    await load(installation.books(), STORIES, 1, LATER)
    for one in installation.said:
        assert one.body == first[one.id]


async def test_a_seed_is_told_up_to_the_instant_it_was_first_told(
    installation: Installation,
) -> None:
    intake = installation.databases["intake"]
    assert (await telling_of(intake, 1, NOW)).until == NOW
    assert (await telling_of(intake, 1, LATER)).until == NOW
    assert (await telling_of(intake, 2, LATER)).until == LATER
    await forget_tellings(intake)
    assert (await telling_of(intake, 1, LATER)).until == LATER


async def test_a_removal_interrupted_is_completed_by_the_next(installation: Installation) -> None:
    await load(installation.books(), STORIES, 1, NOW)
    await load(installation.books(), 10, 2, NOW)
    await at_status_pages_of(installation, 3)
    loaded = {one.key for one in installation.said}
    installation.said.clear()
    await installation.rename("intake", "public_status", "away")
    with pytest.raises(DBAPIError):
        await remove(installation.books())
    await installation.rename("intake", "away", "public_status")
    assert await installation.count("intake", ComplaintRow) == STORIES + 10
    assert await installation.count("mediation", CaseRow) == 10
    steps: list[tuple[int, int]] = []
    assert await remove(installation.books(), lambda *at: steps.append(at)) == STORIES + 20
    assert await remove(installation.books()) == 0
    assert steps[-1] == (STORIES + 20, STORIES + 20)
    assert {type(decode(one.body)) for one in installation.said} == {ComplaintRemoved}
    assert {one.key for one in installation.said} >= loaded
    for name, metadata in TABLES.items():
        for table in metadata.sorted_tables:
            if set(table.c.keys()) & {"complaint_id", "case_id", "letter_id", "demo"}:
                counted = select(func.count()).select_from(table)
                assert await installation.values(name, counted) == [(0,)], table.name


async def at_status_pages_of(there: Installation, seed: int) -> None:
    """Ten more that have cases and letters, and no complaints."""
    await there.rename("intake", "public_status", "away")
    with pytest.raises((DBAPIError, asyncpg.PostgresError)):
        await load(there.books(), 10, seed, NOW)
    await there.rename("intake", "away", "public_status")


async def test_after_a_removal_everybody_is_somebody_else(installation: Installation) -> None:
    await load(installation.books(), STORIES, 1, NOW)
    first = {one.id for one in installation.said}
    await remove(installation.books())
    installation.said.clear()
    assert await load(installation.books(), STORIES, 1, LATER) == STORIES
    assert not first & {one.id for one in installation.said}
