"""A copy of everything about one person (个人信息保护法 art. 45), made by a step."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.ports import Letters, Privacy
from services.mediation.tables import (
    CaseLogRow,
    PrivacyRequestRow,
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
from services.mediation.use_cases.privacy.requests import (
    COPY,
    MAKING,
    Subject,
    cases_named,
    subject_of,
)
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
    _tried: dict[UUID, int] = field(default_factory=dict, init=False)
    """When each that is not made yet was tried last, as a count of tries."""
    __name__ = "make_copies"

    async def __call__(self, database: Database) -> int:
        """How many were made or forgotten. Raises Unanswered; what was asked for stays so.

        What cannot be made holds up nobody: the one that was not tried for longest comes next.
        """
        gone = await forget_old(database)
        request = await self.next_one(database)
        if request is None:
            return gone
        self._tried[request] = max(self._tried.values(), default=0) + 1
        await self.make(database, request)
        return gone + 1

    async def next_one(self, database: Database) -> UUID | None:
        """The request to be tried now; None: all copies are made."""
        wanted = select(PrivacyRequestRow.id).where(
            PrivacyRequestRow.kind == COPY, PrivacyRequestRow.state == MAKING
        )
        async with database.reading() as session:
            waiting = list(await session.scalars(wanted.order_by(PrivacyRequestRow.id)))
        for over in self._tried.keys() - set(waiting):
            del self._tried[over]
        return min(waiting, key=lambda one: self._tried.get(one, 0), default=None)

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
        content = await asyncio.to_thread(gathering.archive.close, document, pdf)
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
