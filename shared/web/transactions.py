"""The ways from a request to the database."""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from shared.work import Database, Work


async def the_database(request: Request) -> Database:
    """The service's own database."""
    database: Database = request.app.state.database
    return database


async def open_work(request: Request) -> AsyncGenerator[Work]:
    """One request, one transaction."""
    async with request.app.state.database.work() as work:
        yield work


async def open_read(request: Request) -> AsyncGenerator[AsyncSession]:
    """Read without waiting for writers."""
    async with request.app.state.database.reading() as session:
        yield session


# scope="function" commits before the answer leaves; FastAPI's default would commit after it.
OpenWork = Annotated[Work, Depends(open_work, scope="function")]
OpenRead = Annotated[AsyncSession, Depends(open_read, scope="function")]
TheDatabase = Annotated[Database, Depends(the_database)]
