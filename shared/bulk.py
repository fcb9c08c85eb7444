"""Many rows in one round trip, on both databases.

PostgreSQL takes a column as one array (`unnest`), SQLite takes SQLAlchemy's multi-row INSERT.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Row, Table, TypeDecorator, create_mock_engine, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from shared.columns import Instant

Values = Mapping[str, Any]
PG: Any = create_mock_engine("postgresql+asyncpg://", lambda *_: None).dialect


async def insert(session: AsyncSession, table: Table, rows: Sequence[Values]) -> None:
    """Insert all rows. Each row names the same columns."""
    if not rows:
        return
    if is_postgres(session):
        await session.execute(
            text(insert_statement(table, named(table, rows))), arrays(table, rows)
        )
    else:
        await session.execute(table.insert(), [with_defaults(table, row) for row in rows])


async def insert_new(
    session: AsyncSession, table: Table, rows: Sequence[Values], returning: Sequence[str]
) -> Sequence[Row[Any]]:
    """Insert the rows whose keys are not taken; give back `returning` of those, and only those."""
    if not rows:
        return []
    if is_postgres(session):
        ending = " ON CONFLICT DO NOTHING RETURNING " + ", ".join(map(quoted, returning))
        statement = text(insert_statement(table, named(table, rows)) + ending)
        columns = {name: table.c[name].type for name in returning}
        typed = statement.columns(**columns)
        return (await session.execute(typed, arrays(table, rows))).all()
    fresh = sqlite.insert(table).on_conflict_do_nothing()
    given = [with_defaults(table, row) for row in rows]
    answer = fresh.returning(*(table.c[name] for name in returning))
    return (await session.execute(answer, given)).all()


async def put(
    session: AsyncSession, table: Table, rows: Sequence[Values], change: Sequence[str]
) -> Sequence[Row[Any]]:
    """Insert the rows; where the primary key of one is taken, change these columns to its own.

    Where none are named nothing changes; in any case the rows are this transaction's until it ends,
    taken in the order given. Gives back all of them, as they are now. No key may come twice.
    """
    if not rows:
        return []
    if is_postgres(session):
        names = named(table, rows)
        statement = text(put_statement(table, names, tuple(change)))
        typed = statement.columns(**{column.name: column.type for column in table.columns})
        return (await session.execute(typed, arrays(table, rows))).all()
    new = sqlite.insert(table).values([with_defaults(table, row) for row in rows])
    kept = new.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={one: new.excluded[one] for one in change} or {plain(table): table.c[plain(table)]},
    )
    return (await session.execute(kept.returning(*table.columns))).all()


async def copy(session: AsyncSession, table: Table, rows: Sequence[Values]) -> None:
    """Insert very many rows: by COPY on PostgreSQL, where a taken key fails the transaction.

    Each row names the same columns.
    """
    if not rows:
        return
    if not is_postgres(session):
        await insert(session, table, rows)
        return
    raw = await (await session.connection()).get_raw_connection()
    driver: Any = raw.driver_connection
    if not driver.is_in_transaction():  # SQLAlchemy begins with the first statement of its own
        await session.execute(text("SELECT 1"))
    if any(column.name not in rows[0] for column in defaulted(table)):
        rows = [with_defaults(table, row) for row in rows]
    names = tuple(column.name for column in table.columns if column.name in rows[0])
    await driver.copy_records_to_table(
        table.name, records=records(table, names, rows), columns=names
    )


def records(table: Table, names: Sequence[str], rows: Sequence[Values]) -> Iterator[list[Any]]:
    """The rows as the driver takes them; instants it takes as they are."""
    values_of = itemgetter(*names, names[0])  # of one name alone it would give no tuple
    decorated = [
        (place, column.type.process_bind_param)
        for place, column in enumerate(table.c[name] for name in names)
        if isinstance(column.type, TypeDecorator) and not isinstance(column.type, Instant)
    ]
    for row in rows:
        record = list(values_of(row)[:-1])
        for place, bind in decorated:
            record[place] = bind(record[place], PG)
        yield record


def upsert(session: AsyncSession, table: Table) -> Any:
    """INSERT .. ON CONFLICT, which both databases have and SQLAlchemy has for each."""
    insert = postgresql.insert if is_postgres(session) else sqlite.insert
    return insert(table)


def is_postgres(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def with_defaults(table: Table, row: Values) -> dict[str, Any]:
    """The row, and the plain defaults of columns it leaves out."""
    return {**{c.name: plain_default(c) for c in defaulted(table)}, **row}


def defaulted(table: Table) -> tuple[Column[Any], ...]:
    return tuple(c for c in table.columns if c.default is not None and c.default.is_scalar)


def plain_default(column: Column[Any]) -> Any:
    """The value a row gets that leaves this column out."""
    plain = column.default is not None and column.default.is_scalar
    return getattr(column.default, "arg", None) if plain else None


def named(table: Table, rows: Sequence[Values]) -> tuple[str, ...]:
    """The columns that the statement fills, in the table's order."""
    given = rows[0].keys()
    extra = {column.name for column in defaulted(table)}
    return tuple(c.name for c in table.columns if c.name in given or c.name in extra)


@lru_cache(maxsize=256)
def insert_statement(table: Table, names: tuple[str, ...]) -> str:
    """`INSERT .. SELECT .. FROM unnest(..)` with one named array per column."""
    columns = ", ".join(map(quoted, names))
    given = ", ".join(f"CAST(:{name} AS {array_type(table.c[name])})" for name in names)
    return f"INSERT INTO {quoted(table.name)} ({columns}) SELECT * FROM unnest({given})"  # noqa: S608 - names come from our tables


@lru_cache(maxsize=256)
def put_statement(table: Table, names: tuple[str, ...], change: tuple[str, ...]) -> str:
    """The same, which takes the rows that are there already."""
    keys = ", ".join(quoted(column.name) for column in table.primary_key)
    new = [f"{quoted(one)} = EXCLUDED.{quoted(one)}" for one in change]
    same = f"{quoted(plain(table))} = {quoted(table.name)}.{quoted(plain(table))}"
    all_columns = ", ".join(f"{quoted(table.name)}.{quoted(one.name)}" for one in table.columns)
    return (
        f"{insert_statement(table, names)} ON CONFLICT ({keys}) DO UPDATE SET "
        f"{', '.join(new) or same} RETURNING {all_columns}"
    )


def plain(table: Table) -> str:
    """A column that is not of the primary key."""
    return next(column.name for column in table.columns if not column.primary_key)


def array_type(column: Column[Any]) -> str:
    """The PostgreSQL type of an array of this column's values."""
    return f"{column.type.compile(dialect=PG)}[]"


def arrays(table: Table, rows: Sequence[Values]) -> dict[str, list[Any]]:
    """One array per column, as the driver takes them."""
    return {name: array(table.c[name], rows) for name in named(table, rows)}


def array(column: Column[Any], rows: Sequence[Values]) -> list[Any]:
    default, bind = plain_default(column), binder(column)
    values = [row.get(column.name, default) for row in rows]
    return [bind(value) for value in values] if bind else values


@lru_cache(maxsize=1024)
def binder(column: Column[Any]) -> Any:
    """What turns a Python value into what the driver takes; None where it is the same."""
    return column.type.dialect_impl(PG).bind_processor(PG)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
