"""Whether a letter is genuine: its number and its code belong together, and nothing else."""

from enum import StrEnum

from sqlalchemy import select

from services.notification.domain.number import read_number
from services.notification.domain.states import State
from services.notification.tables import LetterRow
from services.notification.use_cases.identity import LENGTH, fits
from shared.text import clean, is_crockford, normal_crockford
from shared.work import Database

MOST = 20
"""Organisations may share a word; more letters of one number there are not."""


class Verdict(StrEnum):
    """What a stranger is told about a number and a code."""

    UNKNOWN = "unknown"
    GENUINE = "genuine"
    DEMO = "demo"
    """A letter of the fictitious organisation, which nobody has to answer."""
    VOID = "void"
    """Its case was over before it left."""


async def verdict_on(database: Database, number: str, code: str) -> Verdict:
    """Whether we issued a letter with this number and this code, and whether it counts."""
    read, plain = read_number(clean(number)), normal_crockford(code)
    if read is None or not is_crockford(plain, LENGTH):
        return Verdict.UNKNOWN
    same = select(LetterRow).where(LetterRow.document_number == str(read)).limit(MOST)
    async with database.reading() as session:
        letters = (await session.scalars(same)).all()
    ours = [one for one in letters if fits(database.vault, one, plain)]
    return verdict_of(ours[0]) if ours else Verdict.UNKNOWN


def verdict_of(letter: LetterRow) -> Verdict:
    """What is said of a letter of ours."""
    if letter.demo:
        return Verdict.DEMO
    return Verdict.VOID if letter.state == State.VOID else Verdict.GENUINE
