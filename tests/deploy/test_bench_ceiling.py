"""What the figures are held against: intake's own routes, which keep nothing."""

import httpx

from deploy.bench.ceiling import CODE, NUMBER, app
from deploy.bench.complaints import complaint


async def test_the_ceiling_takes_a_complaint_as_intake_does_and_keeps_nothing() -> None:
    transport = httpx.ASGITransport(app=app())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.post("/intake/api/v1/complaints", json=complaint(1))
        wrong = await client.post("/intake/api/v1/complaints", json={})
    assert answer.status_code == httpx.codes.CREATED, answer.text
    assert (answer.json()["number"], answer.json()["query_code"]) == (NUMBER, CODE)
    assert wrong.status_code == httpx.codes.UNPROCESSABLE_ENTITY
