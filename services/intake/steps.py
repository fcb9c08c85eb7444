"""What the clock makes due in intake."""

from datetime import datetime, timedelta

from services.intake.ports import Office, Post, Scanner, Storage
from services.intake.use_cases.forgetting import forget_codes
from services.intake.use_cases.letters_codes import STEP
from services.intake.use_cases.letters_sending import send_due
from services.intake.use_cases.lost_codes import STEP as ANSWERING
from services.intake.use_cases.lost_codes_answering import answer_due
from services.intake.use_cases.scanning import scan_due
from services.intake.use_cases.sweeping import sweep
from services.intake.use_cases.uploads import AT_ONCE, purge
from shared.work import Database

BETWEEN = timedelta(minutes=10)
LOOK = timedelta(seconds=5)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
AT_FIRST = timedelta(hours=1)
"""Whoever started us with another database by mistake has this long to notice."""


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


class ScanFiles:
    """Shows files to the scanner; where nothing was due it looks again after a pause."""

    __name__ = "scan_files"

    def __init__(self, storage: Storage, scanner: Scanner) -> None:
        self._storage = storage
        self._scanner = scanner
        self._next: datetime | None = None

    async def __call__(self, database: Database) -> int:
        """How many were scanned."""
        now = database.clock()
        if self._next is not None and now < self._next:
            return 0
        count = await scan_due(database, self._storage, self._scanner)
        self._next = None if count else now + LOOK
        return count


class AnswerLostCodes:
    """Looks at who says that a query code was lost; looks again after a pause."""

    __name__ = ANSWERING

    def __init__(self, post: Post, address: str) -> None:
        self._post = post
        self._address = address

    async def __call__(self, database: Database) -> int:
        """How many were looked at."""
        return await answer_due(database, self._post, self._address)


class SendLettersCodes:
    """Sends the second codes that open letters."""

    __name__ = STEP

    def __init__(self, office: Office) -> None:
        self._office = office

    async def __call__(self, database: Database) -> int:
        """How many were looked at."""
        return await send_due(database, self._office)


class ForgetCodes:
    """Forgets codes that are long over; looks once an hour, as no index leads to them."""

    __name__ = "forget_codes"

    def __init__(self) -> None:
        self._next: datetime | None = None

    async def __call__(self, database: Database) -> int:
        """How many were forgotten."""
        now = database.clock()
        if self._next is not None and now < self._next:
            return 0
        count = await forget_codes(database)
        self._next = None if count else now + AN_HOUR
        return count


class SweepFiles:
    """Removes sealed files that a crash left without a row; looks once a day."""

    __name__ = "sweep_files"

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._next: datetime | None = None

    async def __call__(self, database: Database) -> int:
        """Nothing is left to do at once: always 0."""
        now = database.clock()
        if self._next is None:
            self._next = now + AT_FIRST
        if now >= self._next:
            self._next = now + A_DAY
            await sweep(database, self._storage, A_DAY)
        return 0
