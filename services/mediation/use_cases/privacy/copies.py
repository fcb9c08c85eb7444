"""A copy of everything about one person (个人信息保护法 art. 45): made by a step, given out once.

It lies sealed until its link ends. Whoever made it may fetch it; that it was given is noted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.ports import Letters, Privacy
from services.mediation.tables import (
    SEALED_PART,
    CaseLogRow,
    CopyPartRow,
    PrivacyRequestRow,
)
from services.mediation.use_cases.privacy.copy.archive import Archive
from services.mediation.use_cases.privacy.copy.gathering import Gathering
from services.mediation.use_cases.privacy.copy.person import Reporter
from services.mediation.use_cases.privacy.copy.said import Words
from services.mediation.use_cases.privacy.copy.spelling import language_in, paper_of
from services.mediation.use_cases.privacy.copy.telling import document_of, told
from services.mediation.use_cases.privacy.copy.whole import Here
from services.mediation.use_cases.privacy.errors import CopyGoneError, SubjectNeededError
from services.mediation.use_cases.privacy.holds import Officer, holds_on
from services.mediation.use_cases.privacy.persons import cases_of
from services.mediation.use_cases.privacy.requests import (
    COPY,
    DONE,
    MAKING,
    Subject,
    cases_named,
    chain_of,
    locked_request,
    subject_of,
)
from services.mediation.use_cases.privacy.retention import schedule_for, schedules
from shared.bodies import Bodies
from shared.clock import local_day
from shared.ids import uuid7
from shared.record.identity import Claimed
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
    bodies: Bodies
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
            here = await self.known_here(session, row.cases, local_day(database.clock()))
        who = subject_of(database.vault, row) or Subject()
        claimed = Claimed(who.name, who.phone, who.id_number)
        words = Words(language_in(who.language))
        reporters = await self.reporters_of(database, who, row.body)
        gathering = Gathering(self.privacy, self.notification, Archive())
        cases = []
        for done, one in enumerate(here):
            await tell(database, request, done, len(here))
            whole = await gathering.whole(one, claimed, reporters.get(one.case.id))
            cases.append(told(whole, words))
        document = document_of(who.name, cases, words, database.clock())
        pdf = await self.notification.paper(paper_of(document))
        content = gathering.archive.close(document, pdf)
        await keep(database, request, content, len(here))

    async def known_here(
        self, session: AsyncSession, ids: Sequence[str], today: date
    ) -> list[Here]:
        """What we know ourselves of the cases, by number."""
        cases = await cases_named(session, ids)
        own = await schedules(session)
        held = await holds_on(session, [one.id for one in cases])
        logged = select(CaseLogRow).where(CaseLogRow.case_id.in_([one.id for one in cases]))
        rows = list(await session.scalars(logged.order_by(CaseLogRow.case_id, CaseLogRow.seq)))
        return [
            Here(
                case=one,
                body=self.bodies.of(one.body),
                steps=[row for row in rows if row.case_id == one.id],
                schedule=schedule_for(own, one.body),
                held=any(hold.on(today) for hold in held.get(one.id, ())),
            )
            for one in cases
        ]

    async def reporters_of(
        self, database: Database, who: Subject, body: str
    ) -> dict[UUID, Reporter | None]:
        """Who they are in their reports; nothing where only cases were named. Raises Unanswered."""
        try:
            found = await cases_of(database, self.privacy, who, [body])
        except SubjectNeededError:
            return {}
        return {one.case.id: one.reporter for one in found}


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
