"""A sister shows who audits one body what was done to that body's complaints and letters alone."""

from collections.abc import AsyncGenerator
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine

from services.intake import tables as intake
from services.intake.use_cases.belonging import THINGS as OF_INTAKE
from services.mediation.use_cases.trail.belonging import THINGS as OF_MEDIATION
from services.notification import tables as notification
from services.notification.use_cases.belonging import THINGS as OF_NOTIFICATION
from shared.clock import Clock
from shared.ids import uuid7
from shared.trail import Chain, Doer, Said, note
from shared.trail.belonging import OWNED, Things
from shared.trail.question import Question
from shared.trail.reading import Lines, read
from shared.trail.said import KINDS
from shared.vault import Vault
from shared.work import Database
from tests.conftest import NOON
from tests.shared.trails import LIN, trail_on

CITIZEN, STRANGER = Doer("citizen"), Doer("stranger")


class Sister(NamedTuple):
    """A service, and a row of what its trail tells of."""

    metadata: MetaData
    table: type[Any]
    kind: str
    things: Things


INTAKE = Sister(intake.Base.metadata, intake.ComplaintRow, "complaint", OF_INTAKE)
NOTIFICATION = Sister(notification.Base.metadata, notification.LetterRow, "letter", OF_NOTIFICATION)
TODAY = date(2026, 6, 23)
USUAL: dict[str, dict[str, Any]] = {
    "complaint": {
        "caller": "", "key_hash": None, "demo": False, "kind": "complaint", "channel": "web",
        "received_at": NOON, "registered_at": NOON, "respondent_known": True,
    },
    "letter": {
        "kind": "forwarding", "serial": 1, "version": 1, "demo": False,
        "year": 2026, "issued_on": TODAY, "forwarded_on": TODAY, "reply_due": TODAY,
        "state": "owed", "due_at": None,
    },
}  # fmt: skip


@pytest.fixture(params=[INTAKE, NOTIFICATION], ids=["intake", "notification"])
def sister(request: pytest.FixtureRequest) -> Sister:
    made: Sister = request.param
    return made


@pytest.fixture
async def database(
    engine: AsyncEngine, clock: Clock, vault: Vault, sister: Sister
) -> AsyncGenerator[Database]:
    async with engine.begin() as connection:
        await connection.run_sync(sister.metadata.create_all)
    made = await trail_on(engine, clock, vault)
    yield made
    await made.close()


async def a_thing(database: Database, sister: Sister, body: str, number: int) -> tuple[UUID, UUID]:
    """Its id, and the id of the complaint."""
    identity, complaint = uuid7(), uuid7()
    own: dict[str, dict[str, Any]] = {
        "complaint": {"number": str(number), "body_mac": bytes([number])},
        "letter": {
            "complaint_id": complaint, "case_id": uuid7(),
            "number": number, "document_number": str(number),
        },
    }  # fmt: skip
    row = USUAL[sister.kind] | own[sister.kind] | {"id": identity, "body": body}
    async with database.work() as work:
        await work.insert(sister.table, [row])
    return identity, complaint if sister.kind == "letter" else identity


async def did(database: Database, chain: Chain, *doers: Doer, **said: Any) -> None:
    for doer in doers:
        async with database.work() as work:
            await note(work, chain, doer, Said("letter.opened", said))


async def test_a_body_sees_what_anybody_did_to_its_own_and_to_no_others(
    database: Database, sister: Sister
) -> None:
    (ours, complaint), (theirs, foreign) = [
        await a_thing(database, sister, body, number)
        for number, body in enumerate(("main", "demo"), start=1)
    ]
    for one in (ours, theirs):
        await did(database, Chain(sister.kind, str(one)), LIN, CITIZEN, STRANGER)

    async def seen(**asked: Any) -> list[tuple[str, str]]:
        question = Question(bodies=["main"], staff=[UUID(int=7)], **asked)
        found = await read(database, question, sister.things)
        return [(one.key, one.doer_kind) for one in found.items]

    mine = [(str(ours), kind) for kind in ("stranger", "citizen", "staff")]
    assert await seen() == mine
    assert await seen(people=[UUID(int=7)]) == mine[-1:]
    assert await seen(complaint=complaint) == mine
    assert await seen(complaint=foreign) == []
    assert len((await read(database, Question(), sister.things)).items) == 6
    assert len((await read(database, Question(complaint=foreign), sister.things)).items) == 3


async def test_what_is_tried_at_a_thing_is_seen_by_its_body(
    database: Database, sister: Sister
) -> None:
    ours, _ = await a_thing(database, sister, "main", 1)
    refused = Chain("refused", "sister")
    await did(database, refused, STRANGER, tried={"kind": sister.kind, "id": str(ours)})
    await did(database, refused, STRANGER, tried={"kind": sister.kind, "id": str(uuid7())})
    await did(database, refused, STRANGER, tried={"kind": sister.kind, "hash": "00"})
    for body, rows in (("main", 1), ("demo", 0)):
        found = await read(database, Question(bodies=[body]), sister.things)
        assert len(found.items) == rows


async def test_a_kind_that_a_service_does_not_know_is_shown_to_no_single_body(
    database: Database, sister: Sister
) -> None:
    await did(database, Chain("unit", str(uuid7())), LIN)
    await did(database, Chain("unit", "no-id"), LIN)
    question = Question(bodies=["main"], staff=[UUID(int=7)])
    assert await read(database, question, sister.things) == Lines(items=[])
    assert len((await read(database, Question(), sister.things)).items) == 2


def test_of_each_kind_of_chain_it_is_decided_whether_it_is_about_a_thing_of_one_body() -> None:
    nobodys = {"setting", "pack", "key", "audit", "refused", "checkpoint", "notice", "figures"}
    assert nobodys | {"search"} == KINDS - OWNED
    known = OF_INTAKE.keys() | OF_MEDIATION.keys() | OF_NOTIFICATION.keys()
    assert OWNED - known == {"role"}, "which no service notes anything of"


async def test_a_body_may_have_more_people_than_a_statement_takes_values(
    database: Database, sister: Sister
) -> None:
    await did(database, Chain("refused", "sister"), LIN)
    many = [UUID(int=number) for number in range(40_000)]
    for staff, rows in ((many, 1), (many[8:], 0)):
        question = Question(bodies=["main"], staff=staff)
        assert len((await read(database, question, sister.things)).items) == rows
