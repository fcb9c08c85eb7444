"""Receiving complaints: each once, whatever the network does."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from services.intake.domain.errors import KeyUsedError
from services.intake.tables import ComplaintRow
from services.intake.use_cases import receiving
from services.intake.use_cases.codes import is_code_of
from services.intake.use_cases.receipts import Receipt
from services.intake.use_cases.receiving import receive_complaints
from services.intake.use_cases.sealing import opened
from shared.events import ComplaintReceived, decode
from shared.messaging.tables import OutboxRow
from shared.work import Database
from tests.conftest import NOON
from tests.intake.builders import PARTNER, a_submission

if TYPE_CHECKING:
    from collections.abc import Callable


async def count(database: Database, table: type[Any]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def receive(database: Database, **given: Any) -> Receipt:
    return await database.together(receive_complaints, a_submission(**given))


async def test_a_complaint_is_kept_with_its_event(database: Database) -> None:
    receipt = await receive(database)
    async with database.reading() as session:
        row = (await session.scalars(select(ComplaintRow))).one()
        said = (await session.scalars(select(OutboxRow))).one()
    assert (row.id, row.number, row.received_at) == (receipt.id, receipt.number, NOON)
    assert receipt.number.startswith("260623-")
    assert is_code_of(database.vault, row.id, 1, receipt.query_code.lower())
    event = decode(said.payload)
    assert isinstance(event, ComplaintReceived)
    assert (event.complaint_id, event.number, event.version) == (row.id, row.number, 1)
    assert (event.body, event.demo, event.amount_fen) == ("main", False, 1280000)
    assert said.aggregateid == str(row.id)


async def test_what_is_personal_is_sealed_and_opens_again(database: Database) -> None:
    await receive(database, joint={"people": [{"name": "李四"}], "representatives": ["李四"]})
    async with database.reading() as session:
        row = (await session.scalars(select(ComplaintRow))).one()
        said = (await session.scalars(select(OutboxRow))).one()
    everything = b"".join(
        sealed.blob for sealed in (row.complainant, row.respondent, row.words) if sealed
    )
    for secret in ("张三", "13800138000", "安澜禾木", "桌面开裂", "李四"):
        assert secret.encode() not in everything
        assert secret.encode() not in said.payload
    complainant = opened(row.complainant, row.id, database.vault)
    words = opened(row.words, row.id, database.vault)
    assert complainant is not None
    assert words is not None
    assert (complainant["phone"], complainant["email"]) == ("13800138000", None)
    assert words["claims"] == [{"kind": "refund", "amount_fen": 1280000}]
    assert words["joint"]["representatives"] == ["李四"]
    assert words["consents"]["publication"] is False


async def test_a_repetition_gets_the_same_answer_and_keeps_nothing_new(database: Database) -> None:
    first = await receive(database, key="k-1")
    again = await receive(database, key="k-1")
    assert again == first._replace(known=True)
    assert await count(database, ComplaintRow) == 1
    assert await count(database, OutboxRow) == 1


async def test_the_same_complaint_typed_differently_is_a_repetition(database: Database) -> None:
    first = await receive(database, key="k", complainant_phone="13800138000")
    again = await receive(database, key="k", complainant_phone="+86 １３８-0013-8000 ")
    assert again == first._replace(known=True)


async def test_another_complaint_under_the_same_key_is_a_conflict(database: Database) -> None:
    await receive(database, key="k-1")
    with pytest.raises(KeyUsedError):
        await receive(database, key="k-1", matter_text="另一件事")
    assert await count(database, ComplaintRow) == 1
    assert await count(database, OutboxRow) == 1


async def test_without_a_key_each_is_a_complaint_of_its_own(database: Database) -> None:
    first, second = await receive(database), await receive(database)
    assert first.number != second.number
    assert await count(database, ComplaintRow) == 2


async def test_keys_of_different_senders_do_not_meet(database: Database) -> None:
    first = await receive(database, key="k-1")
    second = await receive(database, key="k-1", sender=PARTNER)
    assert first.id != second.id


async def test_fifty_at_once_under_one_key_are_one_complaint(database: Database) -> None:
    answers = await asyncio.gather(*(receive(database, key="k") for _ in range(50)))
    assert len({one.id for one in answers}) == 1
    assert [one.known for one in answers].count(False) == 1
    assert await count(database, ComplaintRow) == 1
    assert await count(database, OutboxRow) == 1


async def test_two_processes_and_one_key_are_one_complaint(database: Database) -> None:
    other = Database(database.engine, database.clock, database.vault)
    answers = await asyncio.gather(
        *(receive(one, key=f"k{n}") for n in range(10) for one in (database, other))
    )
    assert len({one.id for one in answers}) == 10
    assert await count(database, ComplaintRow) == 10
    assert await count(database, OutboxRow) == 10
    for made in list(other._made.values()):  # noqa: SLF001 - its engine is not its own
        await made.close()


async def test_in_one_group_only_the_item_in_conflict_is_refused(database: Database) -> None:
    group = [
        a_submission(key="a"),
        a_submission(key="b"),
        a_submission(key="a", matter_text="另一件事"),
        a_submission(key="b"),
        a_submission(),
    ]
    a, b, other, b_again, alone = await receive_complaints(database, group)
    assert isinstance(a, Receipt)
    assert isinstance(other, KeyUsedError)
    assert isinstance(b, Receipt)
    assert b_again == b._replace(known=True)
    assert isinstance(alone, Receipt)
    assert await count(database, ComplaintRow) == 3
    assert await count(database, OutboxRow) == 3


async def test_what_comes_from_elsewhere_is_known_by_its_number_there(database: Database) -> None:
    there = {"source": "mayor", "id": "188006", "received_at": "2020-01-12T08:00:00+08:00"}
    first = await receive(database, sender=PARTNER, external=there)
    again = await receive(database, sender=PARTNER, external=there)
    assert again == first._replace(known=True)
    assert first.received_at.isoformat() == "2020-01-12T08:00:00+08:00"
    async with database.reading() as session:
        row = (await session.scalars(select(ComplaintRow))).one()
    assert row.received_at.isoformat() == "2020-01-12T00:00:00+00:00"
    assert row.registered_at == NOON


async def test_a_public_number_that_is_taken_is_replaced(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter(["260623-000000000", "260623-000000000", "260623-000000001"])
    made: Callable[[object], str] = lambda _: next(numbers)  # noqa: E731 - chance, decided
    monkeypatch.setattr(receiving, "new_number", made)
    first = await receive(database)
    second = await receive(database)
    assert (first.number, second.number) == ("260623-000000000", "260623-000000001")
    assert await count(database, OutboxRow) == 2
