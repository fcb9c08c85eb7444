"""Settings and rule packs are noted when they are not what they were, and secrets are not told."""

import asyncio
import re
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from services.analytics.settings import AnalyticsSettings
from services.intake.settings import IntakeSettings
from services.mediation.settings import MediationSettings
from services.notification.settings import NotificationSettings
from shared.clock import Clock
from shared.settings import CommonSettings
from shared.trail.changes import NoteChanges, Told, hashed, pack_told, settings_told, spelled
from shared.trail.logs import AUDIT
from shared.trail.tables import AuditRow
from shared.trail.verifying import verify
from shared.vault import Vault
from shared.work import Database
from tests.shared.trails import rows_of, said_in, trail_on

SETTINGS: tuple[type[BaseSettings], ...] = (
    CommonSettings,
    IntakeSettings,
    MediationSettings,
    NotificationSettings,
    AnalyticsSettings,
)


class Some(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SOME_")

    minutes: int = 10
    password_length: int = 10
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


async def test_what_is_no_secret_is_told_as_it_was_and_as_it_is(database: Database) -> None:
    await started(database, password_length=10, database_url="postgresql://u:one@h/x")
    await started(database, password_length=14, database_url="postgresql://u:two@other/x")
    _, second = await rows_of(database, "intake")
    changed = said_in(database, second)["said"]["changed"]
    assert changed.pop("SOME_PASSWORD_LENGTH") == {"before": "10", "after": "14"}
    passwords = [hashed(database.vault, one) for one in ("one", "two")]
    assert changed == {
        "SOME_DATABASE_URL": {
            "before": f"postgresql://u:[{passwords[0]}]@h/x",
            "after": f"postgresql://u:[{passwords[1]}]@other/x",
        }
    }


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001"),
        ("https://host/a?size=5", "https://host/a?size=5"),
        ("sqlite+aiosqlite:///data/x.db", "sqlite+aiosqlite:///data/x.db"),
        ("redis://user@host/0", "redis://user@host/0"),
        ("https://sms.example/send?Token=abc&to=5", "https://sms.example/send?Token=[{}]&to=5"),
        ("postgresql://u:a@b@host/x?ssl=on", "postgresql://u:[{}]@host/x?ssl=on"),
        ("postgresql://u:a/b@host/x", None),
        ("postgresql://u:a#b@host/x", None),
        ('{"hook": "https://host/?token=abc"}', None),
        ("https://[broken", None),
    ],
)
def test_of_an_address_only_what_is_secret_is_hashed(
    vault: Vault, text: str, kept: str | None
) -> None:
    secret = text if kept is None else {"T": "abc", "@": "a@b"}["@" if "@b" in text else "T"]
    told = "{}" if kept is None else kept
    assert spelled(vault, text) == told.format(hashed(vault, secret))


def test_every_setting_that_is_a_secret_says_so() -> None:
    """By its type, as nothing else keeps it out of the trail, logs and error texts."""
    secret = re.compile(r"password$|secret|token$|^keys$")
    found = {
        f"{settings.__name__}.{name}": field.annotation
        for settings in SETTINGS
        for name, field in settings.model_fields.items()
        if secret.search(name)
    }
    assert found == dict.fromkeys(
        (
            "CommonSettings.keys",
            "IntakeSettings.s3_secret_key",
            "MediationSettings.oidc_secret",
            "NotificationSettings.smtp_password",
            "NotificationSettings.sms_token",
        ),
        SecretStr,
    )


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
