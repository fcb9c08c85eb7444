"""How keeping is doing in intake, for `redress status`: what is still to be moved or deleted."""

from sqlalchemy import func, select

from services.intake.tables import ErasedFileRow
from services.intake.use_cases.reporters import to_move
from shared.work import Database


async def keeping_status(database: Database) -> dict[str, object]:
    """Counts; no names."""
    async with database.reading() as session:
        files = await session.scalar(select(func.count()).select_from(ErasedFileRow))
        return {"reporters_to_move": await to_move(session), "erased_files_waiting": files or 0}
