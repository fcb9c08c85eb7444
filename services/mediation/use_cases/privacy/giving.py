"""A finished copy of everything about one person: sealed until its link ends, given out, noted."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from services.mediation.tables import SEALED_PART, CopyPartRow, PrivacyRequestRow
from services.mediation.use_cases.privacy.attempts import Attempt, ours
from services.mediation.use_cases.privacy.errors import CopyGoneError
from services.mediation.use_cases.privacy.holds import Officer
from services.mediation.use_cases.privacy.requests import COPY, DONE, chain_of, locked_request
from shared.ids import uuid7
from shared.rights import Action
from shared.trail import Deed, Said, note
from shared.vault import Vault
from shared.work import Database

GOOD_FOR = timedelta(hours=1)
PART = 2**20
SILENT = {"synchronize_session": False}


async def keep(database: Database, attempt: Attempt, content: bytes, of: int) -> None:
    """Keep a finished copy, sealed, in parts, until its link ends. Raises TakenError.

    It is sealed before there is a transaction, and beside other requests: it may be large.
    """
    parts = await asyncio.to_thread(parts_of, database.vault, attempt.request, content)
    async with database.work() as work:
        until = work.now + GOOD_FOR
        row = await ours(work, attempt)
        before = delete(CopyPartRow).where(CopyPartRow.request == attempt.request)
        await work.session.execute(before, execution_options=SILENT)
        await work.insert(CopyPartRow, [{**one, "until": until} for one in parts])
        row.state, row.done_at = DONE, work.now
        row.outcome = {"done": of, "of": of, "bytes": len(content)}


def parts_of(vault: Vault, request: UUID, content: bytes) -> Sequence[dict[str, Any]]:
    """The rows of a copy, but for when they end."""
    rows = []
    for place, begin in enumerate(range(0, len(content), PART)):
        identity = uuid7()
        sealed = vault.seal(content[begin : begin + PART], SEALED_PART, identity)
        rows.append({"id": identity, "request": request, "place": place, "content": sealed})
    return rows


def is_fetchable(row: PrivacyRequestRow, now: datetime) -> bool:
    """Whether a copy that was made can still be fetched."""
    return row.kind == COPY and row.done_at is not None and now < row.done_at + GOOD_FOR


async def fetch(database: Database, request: UUID, officer: Officer) -> bytes:
    """The copy, for whoever answers the person; first it is noted that it is given.

    It is opened after the transaction, and beside other requests.
    Raises NoSuchThingError, CopyGoneError.
    """
    async with database.work() as work:
        row = await locked_request(work, request, officer)
        good = (CopyPartRow.request == request) & (CopyPartRow.until > work.now)
        wanted = select(CopyPartRow.id, CopyPartRow.content).where(good)
        parts = (await work.session.execute(wanted.order_by(CopyPartRow.place))).all()
        if row.kind != COPY or not parts:
            raise CopyGoneError("副本已经过了一小时的下载期限。要再给一份，请重新登记请求。")
        said = Said(Deed.COPY_GIVEN.value, {"cases": row.cases})
        await note(work, chain_of(request), officer.doing(Action.PRIVACY_ANSWER, row.body), said)
    return await asyncio.to_thread(opened, database.vault, parts)


def opened(vault: Vault, parts: Sequence[Any]) -> bytes:
    """The parts of a copy as one."""
    return b"".join(vault.open(one.content, one.id) for one in parts)


async def forget_old(database: Database) -> int:
    """Forget copies whose link has ended; how many parts."""
    async with database.reading() as session:
        over = select(func.count()).where(CopyPartRow.until <= database.clock())
        if not await session.scalar(over):
            return 0
    async with database.work() as work:
        gone = delete(CopyPartRow).where(CopyPartRow.until <= work.now).returning(CopyPartRow.id)
        return len((await work.session.scalars(gone)).all())
