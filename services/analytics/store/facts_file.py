"""Opening the facts file: what cannot be read is set aside, because the log can tell it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from services.analytics.store import schema
from shared.log import logger

log = logger(service="analytics")

LOCKED = "Could not set lock on file"
NOT_THE_FILE = ("No space left", "Permission denied", "Too many open files", "Out of Memory")
"""Words of errors for which the file itself is not to blame."""
UNREADABLE = (
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.IOException,
)
"""What DuckDB raises where a file is damaged, among other reasons."""


class FactsInUseError(Exception):
    """Another process has the facts file open; one owner at a time."""


@dataclass(frozen=True)
class FactsFile:
    """Where the facts lie, and how much DuckDB may take."""

    path: Path
    memory_limit: str = "64MB"
    threads: int = 1

    def open(self) -> duckdb.DuckDBPyConnection:
        """Open the file; make it where there is none, or none of this schema.

        Raises FactsInUseError where another process has it, OSError where the folder is missing.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = self._connect()
        except duckdb.Error as error:
            if any(words in str(error) for words in NOT_THE_FILE):
                raise
            self._set_aside(error)
            connection = self._connect()
        if not is_current(connection):
            connection.close()
            self.remove()
            connection = self._connect()
            make(connection)
        return connection

    def reopen(self) -> duckdb.DuckDBPyConnection:
        """Open the file after an error that may mean damage: read all of it first."""
        connection = self.open()
        try:
            for table in schema.TABLES:
                connection.sql(f"FROM {table.name}").aggregate("count(COLUMNS(*))").fetchall()
        except duckdb.Error as error:
            connection.close()
            self._set_aside(error)
            connection = self.open()
        return connection

    def remove(self) -> None:
        """Forget the facts; the log tells them again."""
        for file in self.files:
            file.unlink(missing_ok=True)

    @property
    def files(self) -> Sequence[Path]:
        """The file and its write-ahead log."""
        return self.path, self.path.with_name(self.path.name + ".wal")

    def _connect(self) -> duckdb.DuckDBPyConnection:
        try:
            connection = duckdb.connect(self.path, config=self._config())
        except duckdb.IOException as error:
            if LOCKED in str(error):
                raise FactsInUseError(str(self.path)) from error
            raise
        connection.execute("SET python_enable_replacements = false")
        return connection

    def _config(self) -> dict[str, str | bool | int | float | list[str]]:
        return {
            "memory_limit": self.memory_limit,
            "threads": self.threads,
            "autoinstall_known_extensions": False,
        }

    def _set_aside(self, error: duckdb.Error) -> None:
        """Keep what cannot be read beside its place, for whoever wants to know why."""
        log.error("facts_unreadable", path=str(self.path), reason=type(error).__name__)
        for file in self.files:
            if file.exists():
                file.replace(file.with_name(file.name + ".unreadable"))


def is_current(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the file holds facts of the schema this code knows."""
    try:
        found = connection.execute("SELECT schema FROM about").fetchone()
    except duckdb.CatalogException:
        return False
    return found == (schema.NUMBER,)


def make(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of an empty file."""
    first = schema.SHELVES[0]
    connection.begin()
    for statement in [schema.ABOUT, *schema.shelf(first), *schema.show(first)]:
        connection.execute(statement)
    connection.execute("INSERT INTO about VALUES (?, ?, ?)", [schema.NUMBER, first, first])
    connection.commit()
