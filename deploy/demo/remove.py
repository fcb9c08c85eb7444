"""Everything of the demonstration's body out of the books again, part by part, for good.

What was said of it stays. So that it is gone is said too, before it goes: no figure counts it then,
not even one that is told anew. Complaints go last, so that whoever goes on after an interruption
finds them; what a load that was interrupted left without a complaint goes as well.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Delete, Select, Table, and_, delete, func, select

from deploy.demo.keep import Books
from deploy.demo.load import Progress, forget_tellings
from deploy.demo.said import Said, message
from services.intake import tables as intake
from services.mediation import tables as mediation
from services.mediation.use_cases.searching.texts import forget_texts
from services.notification import tables as notification
from shared.bodies import DEMO
from shared.events import ComplaintRemoved
from shared.ids import uuid7
from shared.work import Database, table_of

PART = 1000
COMPLAINTS = table_of(intake.ComplaintRow)
CASES = table_of(mediation.CaseRow)
LETTERS = table_of(notification.LetterRow)
HEADS = {COMPLAINTS, CASES, LETTERS}
FIRST = UUID(int=0)
Ids = Sequence[UUID]


async def remove(books: Books, progress: Progress = lambda _, __: None) -> int:
    """Remove it from all books; how many complaints that were."""
    await forget_tellings(books.intake)
    async with books.intake.reading() as session:
        counted = select(func.count()).select_from(COMPLAINTS).where(COMPLAINTS.c.demo)
        total = await session.scalar(counted) or 0
    gone = 0
    for database, table, complaint in (
        (books.intake, COMPLAINTS, COMPLAINTS.c.id),
        (books.mediation, CASES, CASES.c.complaint_id),
        (books.notification, LETTERS, LETTERS.c.complaint_id),
    ):
        async for part in parts(database, table, complaint):
            await take_out(books, part)
            gone += len(part)
            progress(gone, max(total, gone))
    await last_traces(books.notification)
    return gone


async def parts(database: Database, table: Table, complaint: Column[Any]) -> AsyncIterator[Ids]:
    """The complaints of the fictitious rows of a table, part by part, in the order of its key."""
    last = FIRST
    while True:
        some = and_(table.c.demo, table.c.id > last)
        picked = select(table.c.id, complaint).where(some).order_by(table.c.id).limit(PART)
        async with database.reading() as session:
            rows = [tuple(row) for row in await session.execute(picked)]
        if not rows:
            return
        last = rows[-1][0]
        yield list(dict.fromkeys(of for _, of in rows))


async def take_out(books: Books, ids: Ids) -> None:
    """Say that these complaints are gone, then remove them."""
    await books.publish([message(one) for one in await gone(books.intake, ids)])
    letters = select(LETTERS.c.id).where(LETTERS.c.complaint_id.in_(ids))
    cases = select(CASES.c.id).where(CASES.c.complaint_id.in_(ids))
    await unsearched(books.mediation, cases)
    for database, base, keys, head in (
        (books.notification, notification.Base, {"letter_id": letters}, LETTERS.c.complaint_id),
        (books.mediation, mediation.Base, {"case_id": cases}, CASES.c.complaint_id),
        (books.intake, intake.Base, {}, COMPLAINTS.c.id),
    ):
        tables = base.metadata.sorted_tables
        belonging = deletions(tables, {**keys, "complaint_id": ids})
        await emptied(database, [*belonging, delete(head.table).where(head.in_(ids))])


async def unsearched(database: Database, cases: Select[UUID]) -> None:
    """Nothing of these cases is found by its words any more."""
    async with database.work() as work:
        await forget_texts(work, list(await work.session.scalars(cases)))


async def gone(database: Database, ids: Ids) -> list[Said]:
    """What is said of complaints that go: the last that intake says of them."""
    known = select(COMPLAINTS.c.id, COMPLAINTS.c.version).where(COMPLAINTS.c.id.in_(ids))
    async with database.reading() as session:
        versions = {row.id: row.version for row in await session.execute(known)}
    now = database.clock()
    return [
        Said(ComplaintRemoved, uuid7(), now, one, {"version": versions.get(one, 1) + 1})
        for one in ids
    ]


def deletions(tables: Sequence[Table], keys: Mapping[str, Any]) -> list[Delete]:
    """Of every table the rows that belong to these letters, cases or complaints; not these."""
    found = []
    for table in reversed(tables):
        named = next((name for name in keys if name in table.c), None)
        if named and table not in HEADS:
            found.append(delete(table).where(table.c[named].in_(keys[named])))
    return found


async def last_traces(database: Database) -> None:
    """The numbers begin anew; of endings without a letter nothing else is left."""
    tables = (notification.DocumentNumberRow, notification.EndingRow)
    await emptied(database, [delete(one).where(one.body == DEMO.code) for one in tables])


async def emptied(database: Database, deletions: Sequence[Delete]) -> None:
    """Run these deletions in one transaction."""
    async with database.work() as work:
        for one in deletions:
            await work.session.execute(one, execution_options={"synchronize_session": False})
