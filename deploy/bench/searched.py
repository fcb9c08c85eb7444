"""Cases with sealed texts, written in bulk as the demonstration's are, to be searched."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from deploy.bench.load import Told
from deploy.bench.texts import Writer
from services.mediation.tables import SEALED_WORDS, CaseRow, CaseWordsRow, SearchTextRow
from services.mediation.use_cases import opening
from services.mediation.use_cases.calendar import calendar_for
from services.mediation.use_cases.searching.texts import Searched, queue_texts, seal
from services.mediation.use_cases.words import dumped
from shared import bulk
from shared.events import ComplaintReceived
from shared.ids import uuid7
from shared.kernel import ComplaintId
from shared.text import crockford
from shared.vault import Vault
from shared.work import Database, table_of

AT_ONCE = 2_000
CHAIN = bytes(32)
Rows = dict[type[Any], list[dict[str, Any]]]


async def fill(database: Database, writer: Writer, count: int, told: Told) -> None:
    """So many cases, each with a text; all of them wait for their tokens."""
    now = database.clock() - timedelta(days=1)
    calendar = await calendar_for(database, now)
    first = complaint(now, 0)
    start = opening.beginning(opening.day_of(first), calendar)
    for at in range(0, count, AT_ONCE):
        numbers = range(at, min(at + AT_ONCE, count))
        cases = [
            opening.case_columns(complaint(now, number), start, now) | {"chain": CHAIN}
            for number in numbers
        ]
        rows = await asyncio.to_thread(rows_of, database.vault, writer, cases)
        async with database.work(redone=True) as work:
            for written, these in rows.items():
                await bulk.copy(work.session, table_of(written), these)
            await queue_texts(work, [one["id"] for one in cases])
        told((at + len(cases)) / count)


def complaint(now: Any, number: int) -> ComplaintReceived:
    """What intake would say of one of them."""
    return ComplaintReceived(
        occurred_at=now,
        complaint_id=ComplaintId(uuid7()),
        version=1,
        number=f"260101{crockford(number, 9)}",
        body="main",
        kind="complaint",
        channel="web",
        received_at=now,
        region=None,
        category=None,
        nature=None,
        amount_fen=None,
        happened_on=None,
        respondent_known=True,
    )


def rows_of(vault: Vault, writer: Writer, cases: Sequence[dict[str, Any]]) -> Rows:
    """The rows of these cases, with their words sealed."""
    rows: Rows = {CaseRow: list(cases), CaseWordsRow: [], SearchTextRow: []}
    for case in cases:
        words = writer.text()
        copy = dumped({"matter": {"subject": words[:20]}})
        sealed = vault.seal(copy, SEALED_WORDS, case["id"])
        rows[CaseWordsRow].append(
            {"case_id": case["id"], "words": sealed, "fetched_at": case["opened_at"]}
        )
        text = seal(vault, Searched(words), case["id"])
        rows[SearchTextRow].append({"case_id": case["id"], "text": text})
    return rows
