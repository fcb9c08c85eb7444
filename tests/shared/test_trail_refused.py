"""Refusals are gathered beside the requests, capped, written by a step, not lost at an end."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.runtime.embedded import Embedded
from shared.trail.caps import Limits
from shared.trail.logs import AUDIT
from shared.trail.refusals import (
    MOST_WAITING,
    STRANGER,
    Refusal,
    Refusals,
    refusals_of,
    write_last,
)
from shared.trail.tables import AuditRow
from shared.trail.verifying import Findings, verify
from shared.vault import Vault
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.shared.trails import HUA, LIN, rows_of, said_in, trail_on

KEPT = Limits().address
"""From one address, at what does not exist."""


@pytest.fixture
async def database(engine: AsyncEngine, clock: StandingClock, vault: Vault) -> Database:
    return await trail_on(engine, clock, vault)


def a_refusal(clock: StandingClock, action: str = "code.wrong") -> Refusal:
    route = "/intake/api/v1/status"
    return Refusal(action, clock(), STRANGER, "POST", route, "NoSuchComplaintError", "ab12")


async def test_a_refusal_waits_for_its_step_and_then_has_its_row(
    database: Database, clock: StandingClock
) -> None:
    waiting = refusals_of(database)
    waiting.add(a_refusal(clock))
    assert list(await rows_of(database, "intake")) == []
    assert await waiting.write("intake") == 1
    assert await waiting.write("intake") == 0
    [row] = await rows_of(database, "intake")
    assert (row.kind, row.action, row.doer_kind, row.doer) == (
        "refused",
        "code.wrong",
        "stranger",
        None,
    )
    assert said_in(database, row)["said"] == {
        "method": "POST",
        "route": "/intake/api/v1/status",
        "error": "NoSuchComplaintError",
        "address": "ab12",
        "at": NOON.isoformat(),
    }


async def test_a_flood_is_counted_and_leaves_one_row_more(
    database: Database, clock: StandingClock
) -> None:
    waiting = Refusals(database)
    for _ in range(KEPT + 41):
        waiting.add(a_refusal(clock))
    while await waiting.write("intake"):
        pass
    assert len(await rows_of(database, "intake")) == KEPT
    clock.move(minutes=1)
    assert await waiting.write("intake") == 1
    rows = await rows_of(database, "intake")
    assert len(rows) == KEPT + 1
    assert rows[-1].action == "refused.left_out"
    assert said_in(database, rows[-1])["said"] == {
        "count": 41,
        "minute": NOON.isoformat(),
        "addresses": {"ab12": 41},
    }
    waiting.add(a_refusal(clock))
    assert await waiting.write("intake") == 1
    assert await verify(database, [AUDIT]) == Findings(chains=1, rows=KEPT + 2)


async def test_a_flood_hides_neither_other_addresses_nor_people_nor_accounts(
    database: Database, clock: StandingClock
) -> None:
    waiting = Refusals(database)
    for _ in range(5000):
        waiting.add(a_refusal(clock))
    elsewhere = replace(a_refusal(clock), address="cd34")
    by_lin = replace(a_refusal(clock), doer=LIN)
    at_hua = replace(a_refusal(clock), tried={"kind": "account", "id": str(HUA)})
    for other in (elsewhere, by_lin, at_hua):
        waiting.add(other)
    assert [said.values["address"] for _, said in waiting.waiting].count("ab12") == KEPT + 2
    assert list(waiting.waiting)[KEPT:] == [
        (one.doer, one.said()) for one in (elsewhere, by_lin, at_hua)
    ]


async def test_while_the_database_is_away_strangers_wait_in_a_row_that_does_not_grow(
    database: Database, clock: StandingClock
) -> None:
    waiting = Refusals(database)
    for number in range(MOST_WAITING + 7):
        if number % 300 == 0:
            clock.move(minutes=1)
        waiting.add(replace(a_refusal(clock), address=f"{number:04x}"))
    rows = len(waiting.waiting)
    waiting.add(replace(a_refusal(clock), doer=LIN))
    assert (rows, len(waiting.waiting)) == (MOST_WAITING, MOST_WAITING + 1)
    assert waiting.cap.left_out.total() == 7


async def test_what_cannot_be_written_waits_on(database: Database, clock: StandingClock) -> None:
    waiting = Refusals(database)
    waiting.add(a_refusal(clock))
    async with database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE audit_log RENAME TO away"))
    with pytest.raises(Exception, match="audit_log"):
        await waiting.write("intake")
    async with database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO audit_log"))
    assert await waiting.write("intake") == 1
    assert [row.seq for row in await rows_of(database, "intake")] == [1]


async def test_at_the_end_everything_is_written_the_count_too(
    database: Database, clock: StandingClock
) -> None:
    for _ in range(KEPT + 5):
        refusals_of(database).add(a_refusal(clock))
    await write_last(database, "intake")
    rows = await rows_of(database, "intake")
    assert len(rows) == KEPT + 1
    assert said_in(database, rows[-1])["said"]["count"] == 5


async def refused_rows(database: Database) -> list[AuditRow]:
    statement = select(AuditRow).where(AuditRow.kind == "refused").order_by(AuditRow.seq)
    async with database.reading() as session:
        return list(await session.scalars(statement))


async def test_whoever_asks_without_a_session_is_noted_without_their_address(
    platform: Embedded, client: httpx.AsyncClient
) -> None:
    answer = await client.get("/mediation/api/v1/cases/260622-000000001")
    assert answer.status_code == 401
    mediation = platform.running["mediation"].database
    assert await refusals_of(mediation).write("mediation") == 1
    [row] = await refused_rows(mediation)
    assert (row.action, row.doer_kind) == ("refused.stranger", "stranger")
    said = said_in(mediation, row)["said"]
    assert said["route"] == "/mediation/api/v1/cases/{case_id}"
    assert said["error"] == "NotLoggedInError"
    assert "127.0.0.1" not in str(said)


async def test_a_page_that_sends_people_to_the_login_refuses_nobody(
    platform: Embedded, client: httpx.AsyncClient
) -> None:
    answer = await client.get("/mediation/cases", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert await refusals_of(platform.running["mediation"].database).write("mediation") == 0


FOUND_NOTHING = {"number": "260622-000000001", "query_code": "ABCDEFGHJKMN"}


async def by_page(client: httpx.AsyncClient) -> httpx.Response:
    page = await client.get("/intake/status")
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert token
    form = {**FOUND_NOTHING, "form_token": token[1]}
    return await client.post("/intake/status", data=form, headers={"origin": "http://test"})


async def by_api(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/intake/api/v1/status", json=FOUND_NOTHING)


@pytest.mark.parametrize("ask", [by_page, by_api])
async def test_a_wrong_query_code_is_noted_by_page_and_api_alike(
    platform: Embedded,
    client: httpx.AsyncClient,
    ask: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]],
) -> None:
    assert (await ask(client)).status_code == 404
    intake = platform.running["intake"]
    async with intake.at_work():
        pass
    [row] = await refused_rows(intake.database)
    assert row.action == "code.wrong"
    assert FOUND_NOTHING["number"] not in str(said_in(intake.database, row))


def test_who_is_known_is_named(clock: StandingClock) -> None:
    refusal = Refusal("refused.forbidden", clock(), LIN, "GET", "/x", "NotAllowedError", "ab")
    assert refusal.doer == LIN
