"""How a database goes about what it is asked."""

from collections.abc import Awaitable, Sequence
from typing import Any

from sqlalchemy import event

from shared.database import is_postgres
from shared.work import Database


async def plan_of(database: Database, table: str, asking: Awaitable[object]) -> Sequence[str]:
    """The lines of the plan for the one statement about a table that `asking` asks."""
    said: list[tuple[str, Any]] = []
    engine = database.engine.sync_engine

    def see(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        said.append((statement, values))

    event.listen(engine, "before_cursor_execute", see)
    await asking
    event.remove(engine, "before_cursor_execute", see)
    [(statement, values)] = [one for one in said if table in one[0]]
    async with database.engine.connect() as connection:
        if not is_postgres(database.engine):
            asked = f"EXPLAIN QUERY PLAN {statement}"
            return [row.detail for row in await connection.exec_driver_sql(asked, values)]
        await connection.exec_driver_sql(f"ANALYZE {table}")
        return [row[0] for row in await connection.exec_driver_sql(f"EXPLAIN {statement}", values)]
