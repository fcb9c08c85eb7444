"""Values sealed anew, and put in the place of the old ones unless somebody else was faster."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, Table, bindparam, select, tuple_

from shared.database import is_away
from shared.runtime.rotation.held import Companion
from shared.vault import Sealed
from shared.work import Database, Work

TRIES = 5
AGAIN = 0.2
"""Seconds before a lot that met another writer (or a database that is away) is tried again."""


class Change(NamedTuple):
    """A value and what takes its place, if nobody changes it meanwhile."""

    column: Column[Any]
    key: tuple[Any, ...]
    row: UUID
    old: Sealed
    new: Sealed
    plain: bytes


@dataclass(frozen=True)
class Changes:
    """What is to be changed in some rows of a table."""

    table: Table
    made: Sequence[Change]
    unreadable: int
    """Rows with a value that no key opens."""

    @property
    def size(self) -> int:
        """Bytes of the sealed values."""
        return sum(len(one.old.blob) for one in self.made)

    async def keep(self, database: Database, companions: dict[str, Companion]) -> None:
        """Keep them in one transaction; what others hold up is tried again."""
        for tried in range(1, TRIES + 1):
            try:
                async with database.work() as work:
                    await self._keep(work, companions)
            except Exception as error:
                if tried == TRIES or not is_away(error):
                    raise
                await asyncio.sleep(AGAIN * tried)
            else:
                return

    async def _keep(self, work: Work, companions: dict[str, Companion]) -> None:
        for column in dict.fromkeys(one.column for one in self.made):
            changes = [one for one in self.made if one.column is column]
            await self._put(work, column, changes)
            companion = companions.get(changes[0].old.place)
            if companion is not None:
                await companion(work, await self._standing(work, column, changes))

    async def _put(self, work: Work, column: Column[Any], changes: Sequence[Change]) -> None:
        """Replace the values that are still what they were."""
        keys = list(self.table.primary_key)
        same = [one == bindparam(f"key_{at}", type_=one.type) for at, one in enumerate(keys)]
        statement = (
            self.table.update()
            .where(*same, column == bindparam("old_value", type_=column.type))
            .values({column: bindparam("new_value", type_=column.type)})
        )
        values = [
            {f"key_{at}": value for at, value in enumerate(one.key)}
            | {"old_value": one.old, "new_value": one.new}
            for one in changes
        ]
        await work.session.execute(statement, values)

    async def _standing(
        self, work: Work, column: Column[Any], changes: Sequence[Change]
    ) -> dict[UUID, bytes]:
        """The plain values of those that took their place."""
        ours = {one.new.blob: one for one in changes}
        among = tuple_(*self.table.primary_key).in_([one.key for one in changes])
        found = (await work.session.scalars(select(column).where(among))).all()
        stand = [ours[one.blob] for one in found if one is not None and one.blob in ours]
        return {one.row: one.plain for one in stand}
