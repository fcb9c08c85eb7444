"""Background work of keeping and erasing: reporters moved, files dropped, backups outwitted."""

from services.intake.ports import Ledger, Storage
from services.intake.use_cases.dropping import STEP, drop_stored
from services.intake.use_cases.reapplying import brought_back
from shared.log import logger
from shared.work import Database


class DropErasedFiles:
    """Removes from the storage what was erased, or stored a second time."""

    __name__ = STEP

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def __call__(self, database: Database) -> int:
        """How many were removed."""
        return await drop_stored(database, self._storage)


class EraseAgain:
    """Once after each start: what a restored backup brought back is erased again."""

    __name__ = "erase_again"

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._compared = False

    async def __call__(self, database: Database) -> int:
        """How many were erased again."""
        if self._compared:
            return 0
        count = await brought_back(database, self._ledger)
        self._compared = True
        if count:
            logger(service="intake").warning("erased_again", count=count)
        return count
