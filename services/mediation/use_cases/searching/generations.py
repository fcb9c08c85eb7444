"""Which generations of keys have their table of tokens, and which of them answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import SearchGenerationRow
from services.mediation.use_cases.searching.stores import Store, store_of
from shared.log import logger
from shared.vault import Vault
from shared.work import Work

PURPOSE = "search"


@dataclass(frozen=True)
class Generation:
    """A table of tokens, made with one generation of keys."""

    place: int
    id: str
    """Of the key."""
    reached: int
    complete: bool

    def key(self, vault: Vault) -> bytes:
        """The key of its tokens. Raises WrongKeyError where the vault has it no more."""
        return vault.derived_for(self.id, PURPOSE)

    def store(self, session: AsyncSession) -> Store:
        """Its table."""
        return store_of(session, self.place)


async def generations(session: AsyncSession) -> list[Generation]:
    """All that have a table, the oldest first."""
    row = SearchGenerationRow
    columns = select(row.place, row.generation, row.reached, row.complete).order_by(row.place)
    return [Generation(*one) for one in await session.execute(columns)]


async def generations_in_use(session: AsyncSession) -> set[str]:
    """The keys without which words are not found: none of them may be retired.

    The newest complete table answers; those that are still being filled will answer next.
    """
    return {one.id for one in needed(await generations(session))}


def needed(there: Sequence[Generation]) -> list[Generation]:
    complete = [one.place for one in there if one.complete]
    newest = max(complete, default=0)
    return [one for one in there if one.place >= newest]


def answering(there: Sequence[Generation], vault: Vault) -> Generation | None:
    """The newest complete table, else the oldest, among those whose key is there."""
    ours = [one for one in there if one.id in vault.generations]
    complete = [one for one in ours if one.complete]
    return complete[-1] if complete else next(iter(ours), None)


def fitting(there: Sequence[Generation], vault: Vault) -> bool:
    """Whether there is a table for the active key, and none for a key that was retired."""
    ids = {one.id for one in there}
    return vault.active in ids and ids <= set(vault.generations)


async def tend(work: Work) -> bool:
    """Make the table of the active key, if it has none; drop those of retired keys.

    A key is retired when the provider was asked and does not name it any more. Says whether there
    was anything to make or to drop.
    """
    there = await generations(work.session)
    missing = work.vault.active not in {one.id for one in there}
    retired = [one for one in there if one.id not in work.vault.generations]
    if missing:
        await begin(work, max((one.place for one in there), default=0) + 1)
    if work.vault.trouble is None:
        await drop(work, retired)
    return missing or bool(retired and work.vault.trouble is None)


async def drop(work: Work, retired: Sequence[Generation]) -> None:
    """Drop the tables of keys that are no more."""
    for one in retired:
        await one.store(work.session).drop(work.session)
        gone = delete(SearchGenerationRow).where(SearchGenerationRow.place == one.place)
        await work.session.execute(gone)
        logger(service="mediation").info("search_table_dropped", version=one.id)


async def begin(work: Work, place: int) -> None:
    """A table for the active key; of two that want to make it one waits and finds it made."""
    row = {
        "place": place,
        "generation": work.vault.active,
        "reached": 0,
        "complete": False,
        "begun_at": work.now,
    }
    if await work.insert_new(SearchGenerationRow, [row], [SearchGenerationRow.place]):
        await store_of(work.session, place).make(work.session)
        logger(service="mediation").info("search_table_made", version=work.vault.active)
