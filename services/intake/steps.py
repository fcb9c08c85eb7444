"""What the clock makes due in intake."""

from datetime import datetime, timedelta

from services.intake.ports import Storage
from services.intake.use_cases.uploads import AT_ONCE, purge
from shared.work import Database

BETWEEN = timedelta(minutes=10)


class ForgetUploads:
    """Forgets files whose forms never came; looks every ten minutes, not at every wake."""

    __name__ = "forget_uploads"

    def __init__(self, storage: Storage, older_than: timedelta) -> None:
        self._storage = storage
        self._older_than = older_than
        self._next: datetime | None = None

    async def __call__(self, database: Database) -> int:
        """How many were forgotten."""
        now = database.clock()
        if self._next is not None and now < self._next:
            return 0
        count = await purge(database, self._storage, self._older_than)
        if count < AT_ONCE:
            self._next = now + BETWEEN
        return count
