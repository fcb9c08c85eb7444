"""Every filter of the trail finds what walking through all of it would find, along an index."""

import random
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.clock import Clock
from shared.ids import uuid7, uuid7_at
from shared.trail import Chain, Doer, Said
from shared.trail.question import Question
from shared.trail.reading import read
from shared.trail.rows import Place, audit_row
from shared.trail.said import Noted
from shared.trail.tables import AuditRow
from shared.trail.walking import MOST_WALKED, milliseconds
from shared.vault import Vault
from shared.work import Database
from tests.conftest import NOON
from tests.shared.plans import plan_of
from tests.shared.trails import trail_on

LIN, WANG, HE = (UUID(int=one) for one in (7, 8, 9))
PEOPLE = (LIN, WANG, HE)
KINDS = {
    "unit": ("unit.added", "unit.changed"),
    "setting": ("setting.changed",),
    "staff": ("staff.changed", "staff.ended"),
    "session": ("session.begun",),
}
ONE_DAY = timedelta(days=1)
LATE = timedelta(minutes=50)


class Kept(NamedTuple):
    """A row as it was written."""

    row: dict[str, Any]

    def fits(self, asked: Question) -> bool:
        """Whether it is asked for, by its columns alone."""
        row, of = self.row, [str(one) for one in asked.people or ()]
        people = row["doer"] in (asked.people or ()) or row["for_id"] in (asked.people or ())
        account = row["kind"] in {"staff", "session"} and row["key"] in of
        return (
            (asked.kind is None or row["kind"] == asked.kind)
            and (asked.actions is None or row["action"] in asked.actions)
            and (asked.people is None or people or account)
            and (asked.since is None or row["at"] >= asked.since)
            and (asked.until is None or row["at"] < asked.until)
        )


@pytest.fixture
async def database(engine: AsyncEngine, clock: Clock, vault: Vault) -> Database:
    return await trail_on(engine, clock, vault)


async def written(database: Database, count: int, late: timedelta = timedelta()) -> list[Kept]:
    """Rows of the last forty days, the oldest first, by several people for themselves and others.

    Ids are of the same time as rows, or later, as the machine's clock tells it.
    """
    chance, ahead = random.Random(11), (uuid7().int >> 80) - milliseconds(NOON)  # noqa: S311 - the same each time
    rows = []
    for seq in range(1, count + 1):
        at = NOON - timedelta(days=40) * (1 - seq / count)
        kind = chance.choice(tuple(KINDS))
        key = str(chance.choice(PEOPLE)) if kind in {"staff", "session"} else "a"
        doer = Doer(
            "staff", chance.choice(PEOPLE), "名", "mediator", chance.choice((None, *PEOPLE))
        )
        made = uuid7_at(milliseconds(at + late) + ahead, chance.getrandbits(74))
        noted = Noted(Chain(kind, key), doer, Said(chance.choice(KINDS[kind])))
        rows.append(audit_row(database.vault, noted, Place(seq, b"", made, at)))
    async with database.work() as work:
        await work.insert(AuditRow, rows)
    return [Kept(row) for row in rows]


async def pages(database: Database, asked: Question) -> list[UUID]:
    """Everything that a question finds, page by page."""
    found: list[UUID] = []
    while lines := (await read(database, asked)).items:
        found += [one.id for one in lines]
        asked = asked.model_copy(update={"before": lines[-1].id})
    return found


ASKED: list[dict[str, Any]] = [
    {},
    {"kind": "unit"},
    {"kind": "pack"},
    {"actions": ["unit.added"]},
    {"actions": ["unit.added", "session.begun", "unit.added"]},
    {"actions": []},
    {"kind": "unit", "actions": ["unit.changed", "session.begun"]},
    {"people": [LIN]},
    {"people": [LIN, HE]},
    {"people": []},
    {"people": [LIN, *(UUID(int=100 + one) for one in range(MOST_WALKED))]},
    {"people": [WANG], "kind": "staff"},
    {"people": [WANG], "actions": ["staff.ended", "setting.changed"]},
    {"since": NOON - 3 * ONE_DAY},
    {"until": NOON - 37 * ONE_DAY},
    {"since": NOON - 20 * ONE_DAY, "until": NOON - 18 * ONE_DAY},
    {"since": NOON - 20 * ONE_DAY, "until": NOON - 10 * ONE_DAY, "people": [HE]},
    {"since": NOON + ONE_DAY},
    {"until": NOON - 41 * ONE_DAY},
]
QUESTIONS = [Question(limit=7, **one) for one in ASKED]


async def test_every_filter_and_page_finds_what_there_is_newest_first(database: Database) -> None:
    rows = await written(database, 300)
    for asked in QUESTIONS:
        wanted = [one.row["id"] for one in reversed(rows) if one.fits(asked)]
        assert await pages(database, asked) == wanted, asked
    assert len([one for one in rows if one.fits(QUESTIONS[14])]) > QUESTIONS[14].limit


async def test_a_row_that_had_to_wait_for_its_id_is_found_on_the_day_it_bears(
    database: Database,
) -> None:
    rows = await written(database, 300, LATE)
    for asked in QUESTIONS[13:]:
        wanted = [one.row["id"] for one in reversed(rows) if one.fits(asked)]
        assert await pages(database, asked) == wanted, asked


ALONG: dict[str, dict[str, Any]] = {
    "ix_audit_log_kind": {"kind": "unit"},
    "ix_audit_log_action": {"actions": ["unit.added"]},
    "ix_audit_log_doer": {"people": [LIN]},
    "ix_audit_log_for_id": {"people": [LIN]},
    "ix_audit_log_id": {"until": NOON - 37 * ONE_DAY},
}


@pytest.mark.parametrize("index", ALONG)
async def test_each_filter_walks_along_its_index(database: Database, index: str) -> None:
    await written(database, 2000)
    plan = await plan_of(database, "audit_log", read(database, Question(**ALONG[index])))
    assert any(index in line for line in plan), plan
    assert not any(line.endswith("SCAN audit_log") for line in plan), plan
