"""Before anything is begun: whether these keys belong to these data."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from shared.runtime.rotation.columns import SealedTable
from shared.runtime.rotation.held import Held
from shared.vault import KeyMissingError, Sealed, UnknownKeyError, WrongKeyError
from shared.work import Database


async def prove(database: Database, held: Sequence[Held]) -> None:
    """Open the oldest and the newest value of each sealed column.

    Raises KeyMissingError where one was sealed with a key that is not among ours, or where none of
    them opens. A single damaged value is not the fault of the keys.
    """
    opened = [await tried(database, one) for one in held if isinstance(one, SealedTable)]
    tries = [one for each in opened for one in each]
    if tries and not any(tries):
        raise KeyMissingError(
            "The keys do not belong to this data: nothing can be opened with them. Nothing was "
            "changed. Put the keys back that were in use when the data were written."
        )


async def tried(database: Database, one: SealedTable) -> list[bool]:
    """Which of the values at both ends of a table open. Raises KeyMissingError."""
    found: list[bool] = []
    async with database.reading() as session:
        for column, bound in one.columns.items():
            for order in ([key.asc() for key in one.key], [key.desc() for key in one.key]):
                statement = select(column, bound).where(column.is_not(None)).order_by(*order)
                row = (await session.execute(statement.limit(1))).first()
                if row is not None:
                    found.append(opens(database, row[0], row[1]))
    return found


def opens(database: Database, sealed: Sealed, row: UUID) -> bool:
    try:
        database.vault.open(sealed, row)
    except UnknownKeyError as error:
        raise KeyMissingError(
            f"There are data that were sealed with the key {error}, and it is not among the keys. "
            "Nothing was changed. Put the newest key file (or document of keys) back."
        ) from None
    except WrongKeyError:
        return False
    return True
