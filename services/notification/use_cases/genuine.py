"""Whether a letter is genuine: its number and its code belong together, and nothing else."""

from sqlalchemy import select

from services.notification.domain.number import read_number
from services.notification.tables import LetterRow
from services.notification.use_cases.identity import LENGTH, fits
from shared.text import clean, is_crockford, normal_crockford
from shared.work import Database

MOST = 20
"""Organisations may share a word; more letters of one number there are not."""


async def is_genuine(database: Database, number: str, code: str) -> bool:
    """Whether we issued a letter with this number and this code."""
    read, plain = read_number(clean(number)), normal_crockford(code)
    if read is None or not is_crockford(plain, LENGTH):
        return False
    same = select(LetterRow).where(LetterRow.document_number == str(read)).limit(MOST)
    async with database.reading() as session:
        letters = (await session.scalars(same)).all()
    return any(fits(database.vault, one, plain) for one in letters)
