"""Letters compared with their chains: one that was changed behind the trail's back is named.

The chains themselves are followed elsewhere (`shared.trail.verifying`); here what they said last of
a letter is held against its row, its attempts and its file.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.tables import LetterRow
from services.notification.use_cases.noting import chain_of
from services.notification.use_cases.register import COLUMNS, Entry, entries
from shared.trail.chain import Break
from shared.trail.findings import Findings
from shared.trail.logs import AUDIT
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.vault import Vault, WrongKeyError
from shared.work import Database

AT_ONCE = 200
FIRST = UUID(int=0)
Told = Mapping[str, tuple[int, Any]]
"""What a chain said last under each name, with the number of the row that said it."""


async def compare(database: Database, found: Findings) -> None:
    """Every letter, page by page; nobody who changes one is held up."""
    last = FIRST
    while True:
        async with database.reading() as session:
            rows = select(LetterRow.id).where(LetterRow.id > last).order_by(LetterRow.id)
            letters = list(await session.scalars(rows.limit(AT_ONCE)))
            doubtful = await differing(session, database.vault, letters)
        for one in sorted(doubtful):
            await look_again(database, one, found)
        if len(letters) < AT_ONCE:
            return
        last = letters[-1]


async def look_again(database: Database, letter: UUID, found: Findings) -> None:
    """Look at a letter once more while nobody can change it, and name it if it still differs."""
    async with database.work() as work:
        await work.session.get(LetterRow, letter, with_for_update=True)
        broken = await differing(work.session, work.vault, [letter])
    if letter in broken:
        found.broken(AUDIT.name, ":".join(chain_of(letter)), broken[letter])


async def differing(
    session: AsyncSession, vault: Vault, letters: Sequence[UUID]
) -> dict[UUID, Break]:
    """Those of these letters that are not what their chains say, each with the row that says it.

    What no row says (a letter of before the trail told of its changes) is not compared.
    """
    known = await entries(session, letters)
    told = await told_of(session, vault, letters)
    broken = {one: first_other(known[one], told.get(one, {})) for one in known}
    return {letter: one for letter, one in broken.items() if one}


def first_other(entry: Entry, told: Told) -> Break | None:
    """The first row whose word on a letter still stands, and is not true of it."""
    others = [seq for name, (seq, value) in told.items() if entry[name] != value]
    return Break(min(others), "otherwise") if others else None


async def told_of(
    session: AsyncSession, vault: Vault, letters: Sequence[UUID]
) -> dict[UUID, dict[str, tuple[int, Any]]]:
    """What the chains of these letters say last. Rows that do not open are named elsewhere."""
    keys = [chain_of(one).key for one in letters]
    rows = select(AuditRow).where(AuditRow.kind == "letter", AuditRow.key.in_(keys))
    told: dict[UUID, dict[str, tuple[int, Any]]] = {}
    for row in await session.scalars(rows.order_by(AuditRow.key, AuditRow.seq)):
        said = said_in(vault, row)
        known = {name: (row.seq, said[name]) for name in COLUMNS if name in said}
        told.setdefault(UUID(row.key), {}).update(known)
    return told


def said_in(vault: Vault, row: AuditRow) -> Mapping[str, Any]:
    """What was said in a row; nothing where it was erased, or does not open."""
    try:
        found = opened(vault, row.sealed, row.id)
    except (WrongKeyError, ValueError):
        return {}
    said: Mapping[str, Any] = found[1]["said"] if found else {}
    return said
