"""Steps of cases are filtered along indexes, and those of the demonstration found by their days."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.mediation.tables import CaseLogRow, CaseRow
from services.mediation.use_cases.keeping import SYSTEM, Actor, Entry, log_row
from services.mediation.use_cases.trail.sources import Steps
from shared.ids import uuid7, uuid7_at
from shared.runtime.migrate import downgrade, migrate
from shared.trail.question import Question
from shared.trail.walking import MOST_WALKED, milliseconds
from shared.work import Database
from tests.conftest import NOON
from tests.mediation.things import a_case
from tests.shared.plans import plan_of

LIN, WANG, HE = (UUID(int=one) for one in (7, 8, 9))
PEOPLE = (LIN, WANG, HE)
STEPS = ("open", "accept", "note", "extend")
ONE_DAY = timedelta(days=1)


@pytest.fixture
async def cases(database: Database) -> dict[UUID, CaseRow]:
    """Cases of two bodies."""
    made = [await a_case(database, body=body) for body in ("main", "demo", "main")]
    return {one.id: one for one in made}


async def written(database: Database, cases: Sequence[UUID], count: int) -> None:
    """Steps of the last forty days, the oldest first, with ids of the time they bear."""
    chance, ahead = random.Random(11), (uuid7().int >> 80) - milliseconds(NOON)  # noqa: S311 - the same each time
    rows = []
    for seq in range(2, count + 2):
        at = NOON - timedelta(days=40) * (1 - seq / (count + 2))
        step = chance.choice(STEPS)
        actor = Actor("staff", chance.choice(PEOPLE), "mediator", chance.choice((None, *PEOPLE)))
        entry = Entry(step, "a@1", "", "received", "received", {})
        doing = (at, SYSTEM if step == "open" else actor, entry)
        made = uuid7_at(milliseconds(at) + ahead, chance.getrandbits(74))
        row = log_row(database.vault, chance.choice(cases), seq, b"", doing)
        rows.append(row | {"id": made})
    async with database.work() as work:
        await work.insert(CaseLogRow, rows)


def fits(row: CaseLogRow, case: CaseRow, asked: Question) -> bool:
    """Whether a step is asked for."""
    return (
        asked.kind in {None, "case"}
        and (asked.actions is None or f"step:{row.step}" in asked.actions)
        and (asked.people is None or not {row.actor, row.behalf}.isdisjoint(asked.people))
        and (asked.since is None or row.at >= asked.since)
        and (asked.until is None or row.at < asked.until)
        and (asked.bodies is None or case.body in asked.bodies)
        and (asked.complaint is None or case.complaint_id == asked.complaint)
    )


QUESTIONS: list[dict[str, Any]] = [
    {},
    {"kind": "case"},
    {"kind": "unit"},
    {"bodies": ["main"]},
    {"bodies": []},
    {"actions": ["step:extend"], "bodies": ["main"]},
    {"actions": ["step:open", "step:note"]},
    {"actions": ["mask.opened"]},
    {"people": [LIN]},
    {"people": [LIN, WANG], "actions": ["step:accept"]},
    {"people": [HE, *(UUID(int=100 + one) for one in range(MOST_WALKED))]},
    {"people": []},
    {"until": NOON - 30 * ONE_DAY, "bodies": ["demo"]},
    {"since": NOON - 20 * ONE_DAY, "until": NOON - 18 * ONE_DAY},
    {"since": NOON - 3 * ONE_DAY, "people": [WANG]},
]


async def pages(database: Database, asked: Question) -> list[UUID]:
    """All steps that a question finds, page by page."""
    found: list[UUID] = []
    while lines := (await Steps(database)(asked)).items:
        found += [one.id for one in lines]
        asked = asked.model_copy(update={"before": lines[-1].id})
    return found


async def test_every_filter_and_page_finds_what_there_is_newest_first(
    database: Database, cases: dict[UUID, CaseRow]
) -> None:
    await written(database, list(cases), 300)
    async with database.reading() as session:
        every = list(await session.scalars(select(CaseLogRow).order_by(CaseLogRow.id.desc())))
    of_one = [{"complaint": one.complaint_id, "people": [LIN]} for one in cases.values()]
    for facts in (*QUESTIONS, *of_one):
        asked = Question(limit=7, **facts)
        wanted = [row.id for row in every if fits(row, cases[row.case_id], asked)]
        assert await pages(database, asked) == wanted, facts


ALONG: dict[str, dict[str, Any]] = {
    "ix_case_log_step": {"actions": ["step:extend"], "bodies": ["main"]},
    "ix_case_log_actor": {"people": [LIN], "bodies": ["main"]},
    "ix_case_log_behalf": {"people": [LIN], "bodies": ["main"]},
    "ix_case_log_id": {"until": NOON - 37 * ONE_DAY, "bodies": ["main"]},
}


@pytest.mark.parametrize("index", ALONG)
async def test_each_filter_walks_along_its_index(
    database: Database, cases: dict[UUID, CaseRow], index: str
) -> None:
    await written(database, list(cases), 2000)
    plan = await plan_of(database, "case_log", Steps(database)(Question(**ALONG[index])))
    assert any(index in line for line in plan), plan


async def test_steps_that_were_told_before_get_ids_of_their_days(database: Database) -> None:
    told, real = await a_case(database, body="demo", demo=True), await a_case(database)
    async with database.reading() as session:
        before = {row.case_id: row.id for row in await session.scalars(select(CaseLogRow))}
    await downgrade(database.engine, "mediation", "0013")
    await migrate(database.engine, "mediation")
    async with database.reading() as session:
        after = {row.case_id: row.id for row in await session.scalars(select(CaseLogRow))}
    assert after[real.id] == before[real.id]
    assert after[told.id].int >> 80 == milliseconds(NOON)
    assert after[told.id].int & (1 << 80) - 1 == before[told.id].int & (1 << 80) - 1
