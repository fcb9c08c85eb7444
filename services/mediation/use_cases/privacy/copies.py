"""A copy of everything about one person (个人信息保护法 art. 45), made by a step."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.ports import Letters, Privacy
from services.mediation.tables import CaseLogRow, PrivacyRequestRow
from services.mediation.use_cases.privacy.attempts import (
    Attempt,
    TakenError,
    begin,
    give_back,
    ours,
)
from services.mediation.use_cases.privacy.copy.archive import Archive
from services.mediation.use_cases.privacy.copy.gathering import Gathering
from services.mediation.use_cases.privacy.copy.person import Reporter
from services.mediation.use_cases.privacy.copy.said import Words
from services.mediation.use_cases.privacy.copy.spelling import language_in, paper_of
from services.mediation.use_cases.privacy.copy.telling import document_of, told
from services.mediation.use_cases.privacy.copy.whole import Here
from services.mediation.use_cases.privacy.errors import SubjectNeededError
from services.mediation.use_cases.privacy.giving import forget_old, keep
from services.mediation.use_cases.privacy.holds import holds_on
from services.mediation.use_cases.privacy.persons import cases_of
from services.mediation.use_cases.privacy.requests import Subject, cases_named, subject_of
from services.mediation.use_cases.privacy.retention import schedule_for, schedules
from shared.bodies import Bodies
from shared.clock import local_day
from shared.record.identity import Claimed
from shared.work import Database


@dataclass(frozen=True)
class MakeCopies:
    """A step: makes the copies that were asked for, and forgets those whose link has ended."""

    privacy: Privacy
    notification: Letters
    bodies: Bodies
    __name__ = "make_copies"

    async def __call__(self, database: Database) -> int:
        """How many were made or forgotten. Raises Unanswered; what was asked for stays so.

        What cannot be made holds up nobody: the one that was not tried for longest comes next.
        Nobody makes what another process is making.
        """
        gone = await forget_old(database)
        attempt = await begin(database)
        if attempt is None:
            return gone
        try:
            await self.make(database, attempt)
        except TakenError:
            return gone
        except BaseException as error:
            await give_back(database, attempt, failed=isinstance(error, Exception))
            raise
        return gone + 1

    async def make(self, database: Database, attempt: Attempt) -> None:
        """Make one copy, telling before each case how far it is. Raises Unanswered, TakenError."""
        async with database.reading() as session:
            row = await session.get_one(PrivacyRequestRow, attempt.request)
            here = await self.known_here(session, row.cases, local_day(database.clock()))
        who = subject_of(database.vault, row) or Subject()
        claimed = Claimed(who.name, who.phone, who.id_number)
        words = Words(language_in(who.language))
        reporters = await self.reporters_of(database, who, row.body)
        gathering = Gathering(self.privacy, self.notification, Archive())
        cases = []
        for done, one in enumerate(here):
            await tell(database, attempt, done, len(here))
            whole = await gathering.whole(one, claimed, reporters.get(one.case.id))
            cases.append(told(whole, words))
        document = document_of(who.name, cases, words, database.clock())
        pdf = await self.notification.paper(paper_of(document))
        content = await asyncio.to_thread(gathering.archive.close, document, pdf)
        await keep(database, attempt, content, len(here))

    async def known_here(
        self, session: AsyncSession, ids: Sequence[str], today: date
    ) -> list[Here]:
        """What we know ourselves of the cases, by number."""
        cases = await cases_named(session, ids)
        own = await schedules(session)
        held = await holds_on(session, [one.id for one in cases])
        logged = select(CaseLogRow).where(CaseLogRow.case_id.in_([one.id for one in cases]))
        rows = defaultdict[UUID, list[CaseLogRow]](list)
        for row in await session.scalars(logged.order_by(CaseLogRow.case_id, CaseLogRow.seq)):
            rows[row.case_id].append(row)
        return [
            Here(
                case=one,
                body=self.bodies.of(one.body),
                steps=rows[one.id],
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


async def tell(database: Database, attempt: Attempt, done: int, of: int) -> None:
    """Say how far a copy is. Raises TakenError."""
    async with database.work() as work:
        row = await ours(work, attempt)
        row.outcome = {**row.outcome, "done": done, "of": of}
