"""The whole way of a complaint through four processes, PostgreSQL, Kafka and the front."""

import io
import uuid
from functools import partial
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer  # type: ignore[import-untyped] # aiokafka brings no types
from pypdf import PdfReader

from shared.events import TOPICS
from tests.distributed.platform import (
    Distributed,
    all_counted,
    case_of,
    citizen,
    clerk,
    letters_of,
    soon,
    step,
)

pytestmark = [pytest.mark.distributed, pytest.mark.postgres, pytest.mark.kafka]

NAME, PHONE, SHOP = "欧阳测试", "13912345678", "遂宁演练家电商行"
TEXT = "洗衣机用了三天就漏水，商家拒绝退货。"


def complaint() -> dict[str, Any]:
    return {
        "kind": "complaint",
        "channel": "web",
        "complainant": {"name": NAME, "phone": PHONE},
        "respondent": {"name": SHOP, "address": "演练路1号", "email": "shop@example.invalid"},
        "matter": {"subject": "洗衣机漏水", "text": TEXT, "amount_fen": 259900},
        "claims": [{"kind": "refund", "amount_fen": 259900}],
        "consents": {"forwarding": True, "mediation": True},
    }


async def sent(person: httpx.AsyncClient, key: str | None = None) -> dict[str, Any]:
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    answer = await person.post("/intake/api/v1/complaints", json=complaint(), headers=headers)
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def opened(desk: httpx.AsyncClient, number: str) -> dict[str, Any]:
    case = await soon(lambda: case_of(desk, number), lambda found: found is not None)
    assert case is not None
    return case


async def forwarded(desk: httpx.AsyncClient, number: str) -> dict[str, Any]:
    accepted = await step(desk, await opened(desk, number), "accept")
    return await step(desk, accepted, "forward")


async def test_from_the_form_to_the_letter_and_the_dashboard(cluster: Distributed) -> None:
    async with citizen(cluster) as person, clerk(cluster) as desk:
        await all_counted(cluster)
        before = await figure(desk, "received")
        said = await sent(person)
        case = await forwarded(desk, said["number"])
        assert case["state"] == "forwarded"
        [letter] = await soon(
            lambda: letters_of(desk, said["number"]),
            lambda found: bool(found) and found[0]["made_at"] is not None,
        )
        assert letter["document_number"]
        assert letter["to"] == SHOP
        pdf = await desk.get(f"/notification/api/v1/letters/{letter['id']}.pdf")
        words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
        assert SHOP in words.replace("\n", "")
        assert "漏水" in words.replace("\n", "")
        await soon(lambda: figure(desk, "received"), lambda now: now == before + 1)


async def figure(desk: httpx.AsyncClient, measure: str) -> int:
    answer = await desk.get("/analytics/api/v1/figures", params={"measure": measure})
    assert answer.status_code == 200, answer.text
    total: int = answer.json()["total"]["value"]
    return total


async def test_the_same_key_gives_the_same_complaint_through_the_front(
    cluster: Distributed,
) -> None:
    async with citizen(cluster) as person:
        key = uuid.uuid4().hex
        first, second = await sent(person, key), await sent(person, key)
        assert first == second


async def test_the_public_topics_hold_nothing_personal(cluster: Distributed) -> None:
    async with citizen(cluster) as person, clerk(cluster) as desk:
        said = await sent(person)
        await forwarded(desk, said["number"])
        heard = await everything_said(cluster, said["id"])
    assert b"intake.complaint_received.v1" in heard
    assert b"mediation.case_forwarded.v1" in heard
    for word in (NAME, PHONE, SHOP, "漏水", said["query_code"]):
        assert word.encode() not in heard


async def everything_said(cluster: Distributed, complaint: str) -> bytes:
    """All topics from their beginning, until the forwarding of this complaint was heard."""
    async with AIOKafkaConsumer(
        *TOPICS, bootstrap_servers=cluster.machine.kafka_servers, auto_offset_reset="earliest"
    ) as consumer:
        heard = b""

        async def more() -> bytes:
            nonlocal heard
            polled = await consumer.getmany(timeout_ms=500)
            records = [one for some in polled.values() for one in some]
            heard += b"".join(record.value + (record.key or b"") for record in records)
            return b"".join(record.value for record in records)

        def is_it(said: bytes) -> bool:
            return complaint.encode() in said and b"case_forwarded" in said

        await soon(more, is_it)
        return heard


async def test_the_logs_hold_nothing_personal(cluster: Distributed) -> None:
    async with citizen(cluster) as person, clerk(cluster) as desk:
        said = await sent(person)
        await forwarded(desk, said["number"])
        await soon(lambda: letters_of(desk, said["number"]), bool)
    words = cluster.words()
    assert words
    for word in (NAME, PHONE, SHOP, "漏水", said["query_code"]):
        assert word not in words


async def test_a_sister_is_asked_with_a_token_only_and_never_through_the_front(
    cluster: Distributed,
) -> None:
    asked = {"ids": [str(uuid.uuid4())]}
    async with citizen(cluster) as person:
        assert (await person.post("/internal/words", json=asked)).status_code == 404
        intake = f"http://127.0.0.1:{cluster.machine.ports.services['intake']}"
        assert (await person.post(f"{intake}/internal/words", json=asked)).status_code == 401


async def test_an_unknown_host_is_refused_behind_the_front(cluster: Distributed) -> None:
    async with citizen(cluster) as person:
        answer = await person.get("/intake/complaints/new", headers={"Host": "evil.example"})
        assert answer.status_code in {400, 421}


@pytest.mark.parametrize("name", ["intake", "mediation", "notification", "analytics"])
async def test_a_killed_service_comes_back_and_nothing_is_lost_or_doubled(
    cluster: Distributed, name: str
) -> None:
    async with citizen(cluster) as person, clerk(cluster) as desk:
        await all_counted(cluster)
        before = await figure(desk, "received")
        said = [await sent(person) for _ in range(3)]
        cluster.kill(name)
        await soon(lambda: answers(person, "/intake/complaints/new"), bool)
        await soon(lambda: answers(desk, "/mediation/api/v1/cases"), bool)
        await forwarded(desk, said[0]["number"])
        letters = await soon(lambda: letters_of(desk, said[0]["number"]), bool)
        assert len(letters) == 1
        await soon(lambda: answers(desk, "/analytics/api/v1/figures?measure=received"), bool)
        await soon(lambda: figure(desk, "received"), lambda now: now == before + 3)


async def answers(person: httpx.AsyncClient, path: str) -> bool:
    return (await person.get(path)).status_code == 200


async def test_document_numbers_have_no_gap(cluster: Distributed) -> None:
    async with citizen(cluster) as person, clerk(cluster) as desk:
        said = [await sent(person) for _ in range(3)]
        for one in said:
            await forwarded(desk, one["number"])
        for one in said:
            await soon(partial(letters_of, desk, one["number"]), bool)
        found = (await desk.get("/notification/api/v1/letters")).json()["items"]
    numbers = sorted(int(one["document_number"].partition("〕")[2].rstrip("号")) for one in found)
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
