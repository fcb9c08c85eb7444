"""A wrong number costs as much work as a wrong code and as the right one: counted, not timed."""

import hmac
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event, select

from services.intake.domain.errors import NoSuchComplaintError
from services.intake.tables import ComplaintRow
from services.intake.use_cases.looking_up import with_code
from shared.vault import Vault
from shared.work import Database
from tests.intake.test_api import CREATE, create
from tests.intake.test_pages import HTML, STATUS, hidden

UNKNOWN = "261122-000000000"


@contextmanager
def counting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Generator[Counter[str]]:
    """How often the database is asked, and how often a code is derived and compared."""
    done: Counter[str] = Counter()
    mac, compare = Vault.mac, hmac.compare_digest

    def asked(*args: Any) -> None:
        done[f"statement {args[2].split(' WHERE ')[0]}"] += 1

    def derived(vault: Vault, purpose: str, data: bytes) -> bytes:
        done[f"mac {purpose} of {len(data)} bytes"] += 1
        return mac(vault, purpose, data)

    def compared(right: bytes, typed: bytes) -> bool:
        done["compared"] += 1
        return bool(compare(right, typed))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", asked)
    with monkeypatch.context() as patched:
        patched.setattr(Vault, "mac", derived)
        patched.setattr("hmac.compare_digest", compared)
        yield done
    event.remove(engine, "before_cursor_execute", asked)


async def test_looking_up_costs_the_same_whatever_is_wrong(
    web: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await create(web)
    typed = [
        (made["number"], made["query_code"]),
        (made["number"], "000000000000"),
        (made["number"], ""),
        (UNKNOWN, made["query_code"]),
        (UNKNOWN, "000000000000"),
        ("no number at all", "x" * 40),
    ]
    seen: list[Counter[str]] = []
    found: list[bool] = []
    for number, code in typed:
        with counting(database, monkeypatch) as done:
            async with database.reading() as session:
                try:
                    await with_code(session, database.vault, number, code)
                    found.append(True)
                except NoSuchComplaintError:
                    found.append(False)
        seen.append(done)
    assert found == [True, False, False, False, False, False]
    assert all(one == seen[0] for one in seen)
    assert seen[0]["mac query-code of 20 bytes"] == 1
    assert seen[0]["compared"] == 1
    assert sum(count for what, count in seen[0].items() if "FROM complaints" in what) == 1


async def test_every_door_answers_a_wrong_number_as_a_wrong_code(
    web: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await create(web)
    page = (await web.get(STATUS, headers=HTML)).text
    token = hidden(page, "form_token")
    for address in ("status", "withdraw", "attachments", "page"):
        answers, work = [], []
        for number in (made["number"], UNKNOWN):
            with counting(database, monkeypatch) as done:
                answer = await knock(web, address, number, token)
            answers.append((answer.status_code, answer.text.replace(number, "…")))
            work.append({what: count for what, count in done.items() if "audit" not in what})
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
        assert work[0] == work[1]
    async with database.reading() as session:
        row = (await session.scalars(select(ComplaintRow))).one()
    assert (row.withdrawn_at, row.files) == (None, 0)


async def knock(web: httpx.AsyncClient, door: str, number: str, token: str) -> httpx.Response:
    """Try a wrong code at one of the doors."""
    code = "7KQ4M2XD9RTB"
    if door == "page":
        fields = {"number": number, "query_code": code, "form_token": token}
        return await web.post(STATUS, data=fields, headers=HTML)
    if door == "status":
        body = {"number": number, "query_code": code}
        return await web.post("/intake/api/v1/status", json=body)
    files = [("files", ("a.pdf", b"%PDF-1.7\n", ""))] if door == "attachments" else []
    return await web.post(f"{CREATE}/{number}/{door}", files=files, headers={"X-Query-Code": code})
