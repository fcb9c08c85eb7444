"""`redress audit`: verified through the server and on the files, signed, and compared later."""

import json
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from deploy.cli.apart import database_of
from deploy.cli.auditing import LOGS, trails_of, verified
from deploy.cli.commands.audit import WHY
from deploy.cli.reach import ask
from services.notification.tables import LetterRow
from services.notification.use_cases.owe import owe_letters
from shared.database import open_engine
from shared.runtime.embedded import Embedded
from shared.runtime.migrate import migrate
from shared.settings import CommonSettings
from shared.sisters import SERVICES
from shared.trail import Chain, Doer, Said, note
from shared.trail.tables import AuditRow
from shared.vault import Vault, write_key_file
from shared.work import Database
from tests.databases import create_database, drop_database
from tests.deploy.installation import Installation
from tests.notification.conftest import forwarded

INTACT: dict[str, Any] = {"chains": 0, "rows": 0, "checkpoints": 0, "since": None, "breaks": []}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation that was set up and has seen one account made; no server runs."""
    made = Installation(tmp_path_factory.mktemp("redress") / "data")
    made.up("--no-demo")
    try:
        made.run("audit", "verify")
    finally:
        assert made.down() == 0
    return made


def test_through_the_server_and_on_the_files_it_is_intact(here: Installation) -> None:
    found = here.facts("audit", "verify")
    assert found["intact"] is True
    assert set(found["services"]) == {"intake", "mediation", "notification", "analytics"}
    assert all(one["breaks"] == [] for one in found["services"].values())
    assert found["services"]["mediation"]["rows"] >= 1, "that it was verified is in it"
    assert "The trail is intact." in here.run("audit", "verify", "--service", "intake")


def test_a_service_that_there_is_not_is_wrong_usage(here: Installation) -> None:
    done = here.ended("audit", "verify", "--service", "nobody")
    assert done.returncode == 2
    assert "unknown service 'nobody'" in done.stderr


def test_what_was_signed_is_still_there_until_somebody_rewrites_it(
    here: Installation, tmp_path: Path
) -> None:
    """No checkpoint covers a row that is younger than a minute; the signed file does."""
    file = tmp_path / "head.json"
    here.run("staff", "add", "newcomer")
    here.run("audit", "head", "--out", str(file))
    known = here.facts("audit", "key")
    signed = json.loads(file.read_text())
    assert (signed["key_id"], signed["public_key"]) == (known["key_id"], known["public_key"])
    assert here.facts("audit", "verify", "--against", str(file))["intact"] is True
    with sqlite3.connect(here.folder / "mediation.db") as books:
        [newcomer] = books.execute("SELECT key FROM audit_log ORDER BY id DESC LIMIT 1").fetchone()
        for table in ("audit_log", "audit_heads"):
            books.execute(f"DELETE FROM {table} WHERE key = ?", [newcomer])  # noqa: S608 - two names
    assert here.facts("audit", "verify")["intact"] is True, "alone, nobody can know"
    done = here.ended("audit", "verify", "--against", str(file))
    assert done.returncode == 1
    assert "audit_log" in done.stdout
    assert newcomer in done.stdout
    assert "this is not what was signed and given away" in done.stdout
    assert "The trail is BROKEN" in done.stderr


def test_a_signed_head_is_never_written_over(here: Installation, tmp_path: Path) -> None:
    file = tmp_path / "head.json"
    file.write_text("evidence")
    done = here.ended("audit", "head", "--out", str(file))
    assert done.returncode == 1
    assert "File exists" in done.stderr
    assert file.read_text() == "evidence"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [("head", 2, "is no JSON document"), ("{}", 1, "The file is no signed head of a trail")],
)
def test_a_file_that_is_not_as_it_was_signed_proves_nothing(
    here: Installation, tmp_path: Path, text: str, code: int, said: str
) -> None:
    file = tmp_path / "head.json"
    file.write_text(text)
    done = here.ended("audit", "verify", "--against", str(file))
    assert done.returncode == code
    assert said in done.stderr


async def test_the_console_knows_every_log_that_a_service_keeps(platform: Embedded) -> None:
    assert {name: tuple(one.service.logs) for name, one in platform.running.items()} == LOGS


async def noted(database: Database, key: str) -> None:
    async with database.work() as work:
        await note(work, Chain("unit", key), Doer("system"), Said("unit.added"))


async def test_every_service_is_looked_at_and_the_broken_one_named(platform: Embedded) -> None:
    for name, one in platform.running.items():
        await noted(one.database, name)
    told: list[tuple[int, int]] = []
    found = await verified(trails_of(platform), {}, lambda done, of: told.append((done, of)))
    assert found["intact"] is True
    assert told[-1] == (4, 8)
    analytics = platform.running["analytics"].database
    async with analytics.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE audit_log SET action = 'unit.ended'")
    found = await verified(trails_of(platform), {}, lambda *_: None)
    assert found["intact"] is False
    assert found["services"]["analytics"]["breaks"] == [
        {"log": "audit_log", "chain": "unit:analytics", "seq": 1, "why": "public"}
    ]
    assert found["services"]["intake"] == INTACT | {"chains": 1, "rows": 1}


async def test_a_row_that_somebody_emptied_is_named_and_an_erased_one_is_not(
    platform: Embedded,
) -> None:
    intake = platform.running["intake"].database
    erased, emptied = Chain("complaint", "erased"), Chain("complaint", "emptied")
    for chain in (erased, emptied):
        async with intake.work() as work:
            await note(work, chain, Doer("citizen"), Said("code.renewed"))
    async with intake.work() as work:
        ours = update(AuditRow).where(AuditRow.key == "erased").values(sealed=None)
        await work.session.execute(ours)
        await note(work, erased, Doer("system"), Said("erasure.done"))
    assert (await verified(trails_of(platform), {}, lambda *_: None))["intact"] is True
    async with intake.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE audit_log SET sealed = NULL WHERE key = 'emptied'")
    found = await verified(trails_of(platform), {}, lambda *_: None)
    assert found["services"]["intake"]["breaks"] == [
        {"log": "audit_log", "chain": "complaint:emptied", "seq": 1, "why": "emptied"}
    ]
    assert "no erasure of it was noted" in WHY["emptied"]


async def test_a_letter_that_somebody_changed_in_the_database_is_named(platform: Embedded) -> None:
    running = platform.running["notification"]
    forwarding = forwarded(case=uuid4())
    async with running.database.work() as work:
        await owe_letters(work, [forwarding], running.around.common.organisations)
    assert (await verified(trails_of(platform), {}, lambda *_: None))["intact"] is True
    async with running.database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE letters SET state = 'sent'")
    async with running.database.reading() as session:
        letter = await session.scalar(select(LetterRow.id))
    found = await verified(trails_of(platform), {}, lambda *_: None)
    assert found["intact"] is False
    assert found["services"]["notification"]["breaks"] == [
        {"log": "audit_log", "chain": f"letter:{letter}", "seq": 1, "why": "otherwise"}
    ]
    assert "the letter is not what this row" in WHY["otherwise"]


@pytest.fixture
async def apart(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vault: Vault
) -> AsyncGenerator[CommonSettings]:
    """Four migrated PostgreSQL databases, as the console of the distributed mode finds them."""
    key = tmp_path / "data.key"
    write_key_file(vault, key)
    urls = {name: create_database(postgres) for name in SERVICES}
    for name, url in urls.items():
        monkeypatch.setenv(f"{name.upper()}_DATABASE_URL", url)
        engine = open_engine(url)
        await migrate(engine, name)
        await engine.dispose()
    yield CommonSettings(data=tmp_path / "data", key_file=key)
    for url in urls.values():
        drop_database(postgres, url)


@pytest.mark.postgres
async def test_apart_every_database_is_looked_at_and_signed(apart: CommonSettings) -> None:
    for name in SERVICES:
        database = database_of(apart, name)
        await noted(database, name)
        await database.close()
    signed = await ask(apart, "audit-head")
    assert set(signed["services"]) == set(SERVICES)
    found = await ask(apart, "audit-verify", {"against": signed})
    assert found["intact"] is True
    assert found["services"]["intake"] == INTACT | {"chains": 1, "rows": 1}
    notification = database_of(apart, "notification")
    async with notification.engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM audit_log")
        await connection.exec_driver_sql("DELETE FROM audit_heads")
    await notification.close()
    found = await ask(apart, "audit-verify", {"service": "notification", "against": signed})
    assert found["services"]["notification"]["breaks"] == [
        {"log": "audit_log", "chain": "unit:notification", "seq": 1, "why": "signed"}
    ]
