"""A copy of everything about one person (个人信息保护法 art. 45): made by a step, given out once.

It lies sealed until its link ends. Whoever made it may fetch it; that it was given is noted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from services.mediation.ports import Letters, Privacy, Record
from services.mediation.tables import (
    SEALED_PART,
    CaseRow,
    CopyPartRow,
    PrivacyRequestRow,
)
from services.mediation.use_cases.privacy.archive import Archive, Told, told_of
from services.mediation.use_cases.privacy.errors import CopyGoneError
from services.mediation.use_cases.privacy.holds import Officer
from services.mediation.use_cases.privacy.persons import cases_of
from services.mediation.use_cases.privacy.requests import (
    COPY,
    DONE,
    MAKING,
    chain_of,
    locked_request,
    subject_of,
)
from shared.ids import uuid7
from shared.rights import Action
from shared.trail import Deed, Said, note
from shared.work import Database, Work

GOOD_FOR = timedelta(hours=1)
PART = 2**20
SILENT = {"synchronize_session": False}


@dataclass(frozen=True)
class MakeCopies:
    """A step: makes the copies that were asked for, and forgets those whose link has ended."""

    privacy: Privacy
    notification: Letters
    __name__ = "make_copies"

    async def __call__(self, database: Database) -> int:
        """How many were made or forgotten. Raises Unanswered; what was asked for stays so."""
        gone = await forget_old(database)
        wanted = select(PrivacyRequestRow.id).where(
            PrivacyRequestRow.kind == COPY, PrivacyRequestRow.state == MAKING
        )
        async with database.reading() as session:
            request = await session.scalar(wanted.order_by(PrivacyRequestRow.id).limit(1))
        if request is None:
            return gone
        await self.make(database, request)
        return gone + 1

    async def make(self, database: Database, request: UUID) -> None:
        """Make one copy, telling after each case how far it is."""
        async with database.reading() as session:
            row = await session.get_one(PrivacyRequestRow, request)
        who = subject_of(database.vault, row)
        archive = Archive(database.clock())
        wanted = set(row.cases)
        found = await cases_of(database, self.privacy, who, [row.body]) if who else []
        reporters = {one.case.id: one.reporter for one in found}
        async with database.reading() as session:
            ids = [UUID(one) for one in sorted(wanted)]
            cases = list(await session.scalars(select(CaseRow).where(CaseRow.id.in_(ids))))
        for done, case in enumerate(cases):
            await tell(database, request, done, len(cases))
            archive.add(await self.told(case, reporters.get(case.id)))
        await keep(database, request, archive.close(), len(cases))

    async def told(self, case: CaseRow, reporter: dict[str, Any] | None) -> Told:
        """One case with its files and letters. Raises Unanswered."""
        known = await self.privacy.words([case.complaint_id])
        record = known.get(case.complaint_id) or Record(case.complaint_id, {}, {}, {})
        files = [
            (str(one["name"]), await self.privacy.file(case.complaint_id, UUID(one["id"])))
            for one in record.files
            if one.get("scan") != "infected"
        ]
        letters = [
            (f"{number}.pdf", pdf)
            for number, pdf in await self.notification.letters(case.complaint_id)
        ]
        facts = {
            "number": case.number,
            "kind": case.kind,
            "received_at": case.received_at,
            "state": case.state,
            "closed_on": case.closed_on,
        }
        documents = {
            "complainant": record.complainant,
            "respondent": record.respondent,
            "words": record.words,
        }
        told = told_of(facts, documents, reporter)
        told |= {
            "files": [name for name, _ in files],
            "letters": [name for name, _ in letters],
        }
        return Told(told, files, letters)


async def tell(database: Database, request: UUID, done: int, of: int) -> None:
    """Say how far a copy is."""
    async with database.work() as work:
        row = await work.session.get_one(PrivacyRequestRow, request, with_for_update=True)
        row.outcome = {"done": done, "of": of}


async def keep(database: Database, request: UUID, content: bytes, of: int) -> None:
    """Keep a finished copy, sealed, in parts, until its link ends."""
    async with database.work() as work:
        until = work.now + GOOD_FOR
        row = await work.session.get_one(PrivacyRequestRow, request, with_for_update=True)
        ours = delete(CopyPartRow).where(CopyPartRow.request == request)
        await work.session.execute(ours, execution_options=SILENT)
        await work.insert(CopyPartRow, list(parts_of(work, request, content, until)))
        row.state, row.done_at = DONE, work.now
        row.outcome = {"done": of, "of": of, "bytes": len(content)}


def parts_of(
    work: Work, request: UUID, content: bytes, until: datetime
) -> Sequence[dict[str, Any]]:
    rows = []
    for place, begin in enumerate(range(0, len(content), PART)):
        identity = uuid7()
        sealed = work.vault.seal(content[begin : begin + PART], SEALED_PART, identity)
        rows.append(
            {
                "id": identity,
                "request": request,
                "place": place,
                "content": sealed,
                "until": until,
            }
        )
    return rows


async def fetch(work: Work, request: UUID, officer: Officer) -> bytes:
    """The copy, for whoever answers the person; it is noted that it was given.

    Raises NoSuchThingError, CopyGoneError.
    """
    row = await locked_request(work, request, officer)
    wanted = select(CopyPartRow).where(CopyPartRow.request == request, CopyPartRow.until > work.now)
    parts = list(await work.session.scalars(wanted.order_by(CopyPartRow.place)))
    if row.kind != COPY or not parts:
        raise CopyGoneError("副本已经过了一小时的下载期限。要再给一份，请重新登记请求。")
    said = Said(Deed.COPY_GIVEN.value, {"cases": row.cases})
    await note(work, chain_of(request), officer.doing(Action.PRIVACY_ANSWER, row.body), said)
    return b"".join(work.vault.open(one.content, one.id) for one in parts)


async def forget_old(database: Database) -> int:
    """Forget copies whose link has ended; how many parts."""
    async with database.reading() as session:
        over = select(func.count()).where(CopyPartRow.until <= database.clock())
        if not await session.scalar(over):
            return 0
    async with database.work() as work:
        gone = delete(CopyPartRow).where(CopyPartRow.until <= work.now).returning(CopyPartRow.id)
        return len((await work.session.scalars(gone)).all())
