"""Settings and rule packs are noted when they are not what they were, and secrets are not told."""

import asyncio
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.clock import Clock
from shared.trail.changes import NoteChanges, Told, pack_told, settings_told
from shared.trail.logs import AUDIT
from shared.trail.tables import AuditRow
from shared.trail.verifying import verify
from shared.vault import Vault
from shared.work import Database
from tests.shared.trails import rows_of, said_in, trail_on


class Some(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SOME_")

    minutes: int = 10
    smtp_password: SecretStr = SecretStr("")
    database_url: str = ""


@pytest.fixture
async def database(engine: AsyncEngine, clock: Clock, vault: Vault) -> Database:
    return await trail_on(engine, clock, vault)


async def started(database: Database, **settings: Any) -> None:
    """A process starts with these settings."""

    def told(vault: Vault) -> list[Told]:
        return [settings_told(vault, "intake", [Some(**settings)])]

    assert await NoteChanges(told)(database) == 0


async def actions(database: Database, key: str = "intake") -> list[str]:
    return [row.action for row in await rows_of(database, key)]


async def test_settings_are_noted_at_the_first_start_and_when_they_change(
    database: Database,
) -> None:
    await started(database)
    await started(database)
    assert await actions(database) == ["setting.noted"]
    await started(database, minutes=5)
    assert await actions(database) == ["setting.noted", "setting.changed"]
    row = (await rows_of(database, "intake"))[1:]
    assert said_in(database, row[0])["said"]["changed"] == {
        "SOME_MINUTES": {"before": "10", "after": "5"}
    }
    assert row[0].doer_kind == "system"
    assert (await verify(database, [AUDIT])).breaks == []


async def test_that_a_secret_changed_is_told_and_not_what_it_is(database: Database) -> None:
    await started(database, smtp_password="first secret", database_url="postgresql://u:pw@h/x")
    await started(database, smtp_password="second secret", database_url="postgresql://u:pw@h/x")
    first, second = await rows_of(database, "intake")
    assert list(said_in(database, second)["said"]["changed"]) == ["SOME_SMTP_PASSWORD"]
    for row in (first, second):
        said = str(said_in(database, row))
        assert not any(word in said for word in ("first secret", "second secret", "pw"))


async def test_many_that_start_at_once_note_it_once(database: Database) -> None:
    await asyncio.gather(*(started(database) for _ in range(8)))
    assert await actions(database) == ["setting.noted"]


async def test_where_it_was_erased_it_is_noted_anew(database: Database) -> None:
    await started(database)
    async with database.engine.begin() as connection:
        await connection.execute(update(AuditRow).values(sealed=None))
    await started(database)
    assert await actions(database) == ["setting.noted", "setting.noted"]


async def test_a_pack_is_noted_when_it_is_applied_and_when_its_content_changes(
    database: Database,
) -> None:
    for sha in ("1", "1", "2"):
        await NoteChanges(lambda _, sha=sha: [pack_told("association", {"sha256": sha})])(database)  # type: ignore[misc]  # the default binds this turn's value
    assert await actions(database, "association") == ["pack.applied", "pack.changed"]
