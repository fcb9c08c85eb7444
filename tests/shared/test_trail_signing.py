"""What was signed is still there, or its row is named; a file that was changed proves nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.trail import checkpoints
from shared.trail.logs import AUDIT
from shared.trail.rows import head_row
from shared.trail.said import Chain
from shared.trail.signing import NotSignedError, check, head_of, lost, public_key, signed
from shared.trail.tables import AuditHeadRow, AuditRow, CheckpointRow
from shared.trail.verifying import verify
from shared.vault import Vault, new_vault
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.shared.trails import noted, rows_of, trail_on

Facts = dict[str, Any]


@pytest.fixture
async def database(engine: AsyncEngine, clock: StandingClock, vault: Vault) -> Database:
    made = await trail_on(engine, clock, vault)
    await noted(made, "a", "一", "二", "三")
    return made


async def signed_head(database: Database) -> Facts:
    return signed(database.vault, {"intake": await head_of(database, [AUDIT])}, NOON)


async def missing(database: Database, document: Facts) -> list[Facts]:
    then = check(database.vault, document)
    return await lost(database, [AUDIT], then["intake"])


async def spoil(database: Database, *statements: Any) -> None:
    async with database.engine.begin() as connection:
        for one in statements:
            await connection.execute(one)


async def test_a_signed_head_names_the_key_and_what_is_newer_than_the_last_checkpoint(
    database: Database,
) -> None:
    document = await signed_head(database)
    assert document["format"] == "redress-trail-head/1"
    assert document["made_at"] == NOON.isoformat()
    assert document["key_id"] == public_key(database.vault)["key_id"]
    last = (await rows_of(database))[-1]
    assert document["services"] == {
        "intake": {
            "checkpoint": None,
            "chains": [["audit_log", "unit", "a", "3", last.hash.hex()]],
        }
    }


async def test_what_grows_goes_on_being_proven(database: Database) -> None:
    document = await signed_head(database)
    await noted(database, "a", "四")
    assert await missing(database, document) == []


async def test_a_history_rewritten_with_the_key_itself_is_found(database: Database) -> None:
    document = await signed_head(database)
    rows = await rows_of(database)
    cut = head_row(database.vault, Chain("unit", "a"), 2, rows[1].hash)
    await spoil(
        database,
        delete(AuditRow).where(AuditRow.seq == 3),
        update(AuditHeadRow).values({name: cut[name] for name in ("seq", "hash", "mac")}),
    )
    assert (await verify(database, [AUDIT])).breaks == [], "alone, nobody can know"
    found = {"log": "audit_log", "chain": "unit:a", "seq": 3, "why": "signed"}
    assert await missing(database, document) == [found]


async def test_checkpoints_written_anew_are_found(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LAG_MS", -60_000)
    document = await signed_head(database)
    assert document["services"]["intake"]["checkpoint"]["number"] == 1
    assert document["services"]["intake"]["chains"] == []
    clock.move(minutes=1)
    await spoil(
        database,
        delete(AuditRow).where(AuditRow.seq == 3),
        delete(CheckpointRow),
        delete(AuditHeadRow).where(AuditHeadRow.kind == "checkpoint"),
    )
    assert (await head_of(database, [AUDIT]))["checkpoint"]["number"] == 1
    found = {"log": "log_checkpoints", "chain": "", "seq": 1, "why": "signed"}
    assert await missing(database, document) == [found]


CHANGED: list[tuple[Callable[[Facts], Any], str]] = [
    (lambda one: one | {"made_at": "2020-01-01T00:00:00+00:00"}, "changed after it was signed"),
    (lambda one: one | {"services": {}}, "changed after it was signed"),
    (lambda one: one | {"signature": "!"}, "changed after it was signed"),
    (lambda one: one | {"signature": None}, "changed after it was signed"),
    (lambda one: one | {"public_key": "AAAA"}, "was signed with the key"),
    (lambda _: signed(new_vault(), {}, NOON), "was signed with the key"),
    (lambda one: one | {"format": "other"}, "is no signed head"),
    (lambda _: {}, "is no signed head"),
    (lambda _: [], "is no signed head"),
]


@pytest.mark.parametrize(("change", "said"), CHANGED)
def test_a_file_that_is_not_as_it_was_signed_proves_nothing(
    vault: Vault, change: Callable[[Facts], Any], said: str
) -> None:
    document = signed(vault, {"intake": {"checkpoint": None, "chains": []}}, NOON)
    assert check(vault, document) == document["services"]
    with pytest.raises(NotSignedError, match=said):
        check(vault, change(document))
