"""Takes batches of events and answers questions, off the event loop."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from threading import Condition
from typing import Any, TypeVar

import duckdb

from services.analytics.domain.facts import Told
from services.analytics.domain.units import Unit, names_of
from services.analytics.store import changes
from services.analytics.store.facts_file import UNREADABLE, FactsFile
from shared.messaging.bus import Positions

Answer = TypeVar("Answer")
Connection = duckdb.DuckDBPyConnection
READERS = 2


class FactsStore:
    """The facts of one process. Opened by the first who needs it, closed by its owner."""

    def __init__(self, file: FactsFile) -> None:
        self._file = file
        self._connection: Connection | None = None
        self._asking = 0
        """Questions that are being answered: the file is not closed under them."""
        self._turn = Condition()
        self._writer = ThreadPoolExecutor(1, "facts-writer")
        self._readers = ThreadPoolExecutor(READERS, "facts-reader")

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """Open for the length of a block."""
        await self._in(self._writer, self._open)
        try:
            yield
        finally:
            await self.close()

    async def close(self) -> None:
        """Write everything into the file and let go of it; the next use opens it again."""
        await self._in(self._writer, self._close)

    async def end(self) -> None:
        """Close it, and let go of the threads as well: nobody uses it any more."""
        await self.close()
        for threads in (self._writer, self._readers):
            threads.shutdown()

    async def take(self, positions: Positions, told: Sequence[Told]) -> None:
        """Merge what these events state and move the positions, in one transaction.

        A repetition changes nothing. While facts are told anew, they go where nobody looks yet.
        """
        await self._write(lambda connection: changes.take(connection, positions, told))

    async def positions(self) -> dict[str, int]:
        """Where to read on: stream -> number of the next event. Empty: nothing is told yet."""
        return await self._write(changes.positions)

    async def start_anew(self) -> None:
        """Begin to tell the facts anew, from no position; readers see the old ones meanwhile."""
        await self._write(changes.start_anew)

    async def show_new(self) -> None:
        """Show the facts that were told anew, and forget the old ones."""
        await self._write(changes.show_new)

    async def is_anew(self) -> bool:
        """Whether facts are being told anew."""
        return (await self._write(changes.about)).anew

    async def newest(self) -> datetime | None:
        """The instant of the newest event among the facts that are shown."""
        [(instant,)] = await self.ask("SELECT newest FROM progress", {})
        return instant.replace(tzinfo=UTC) if instant else None

    async def complaints(self) -> int:
        """How many complaints the facts that are shown know."""
        counted = "SELECT count(*) FROM complaints WHERE removed_version IS NULL"
        [(number,)] = await self.ask(counted, {})
        return int(number)

    async def units(self) -> dict[str, str]:
        """Id and name of every unit."""
        rows = await self.ask(
            "SELECT CAST(unit_id AS VARCHAR), code, coalesce(unit_name, ''),"
            " CAST(parent AS VARCHAR) FROM units ORDER BY unit_id",
            {},
        )
        return names_of([Unit(*row) for row in rows])

    async def ask(self, question: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """The rows a question finds. The question is our own text, whatever came in is a value."""
        return await self._in(self._readers, lambda: self._ask(question, values))

    def _ask(self, question: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        with self._asked() as connection, connection.cursor() as cursor:
            return cursor.execute(question, dict(values)).fetchall()

    @contextmanager
    def _asked(self) -> Generator[Connection]:
        """The connection, which stays open while a question is answered."""
        with self._turn:
            connection = self._open()
            self._asking += 1
        try:
            yield connection
        finally:
            with self._turn:
                self._asking -= 1
                self._turn.notify_all()

    async def _write(self, change: Callable[[Connection], Answer]) -> Answer:
        return await self._in(self._writer, lambda: self._change(change))

    def _change(self, change: Callable[[Connection], Answer]) -> Answer:
        connection = self._open()
        try:
            return changes.in_a_transaction(connection, change)
        except UNREADABLE:
            self._close()
            with self._turn:
                self._connection = self._file.reopen()
            raise

    def _open(self) -> Connection:
        with self._turn:
            if self._connection is None:
                self._connection = self._file.open()
            return self._connection

    def _close(self) -> None:
        with self._turn:
            self._turn.wait_for(lambda: self._asking == 0)
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    async def _in(self, threads: ThreadPoolExecutor, call: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(threads, call)
