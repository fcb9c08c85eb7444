"""The letters about a complaint, for whoever complained (函件查看).

Number and query code open them; where the body wants it, only together with a second code.
"""

from uuid import UUID

from services.intake.domain.errors import LettersCodeNeededError, NoSuchLetterError
from services.intake.domain.second_code import Destination, destination
from services.intake.ports import Office
from services.intake.tables import ComplaintRow
from services.intake.use_cases import letters_codes
from services.intake.use_cases.contacts import contact_of
from services.intake.use_cases.noting import note_deed
from shared.bodies import Bodies
from shared.i18n import N_
from shared.trail import Deed
from shared.work import Database

GRANT_SECONDS = 1800
"""How long a second code keeps the letters open."""
KINDS = {"forwarding": N_("投诉转送函")}
"""What each kind of letter is called."""


def needs_code(bodies: Bodies, row: ComplaintRow) -> bool:
    """Whether the body of a complaint shows letters only with a second code."""
    body = bodies.of(row.body)
    return body is not None and body.letters_code


async def where_to(database: Database, office: Office, row: ComplaintRow) -> Destination | None:
    """Where a code for this complaint would go; None: nothing reaches them. Raises Unanswered."""
    async with database.reading() as session:
        known = await contact_of(session, database.vault, row)
    return destination(known, await office.ways(row.body))


async def ask_for_code(database: Database, office: Office, row: ComplaintRow) -> Destination | None:
    """Have a code sent; where it goes, None: nothing reaches them. Raises Unanswered."""
    ways = await office.ways(row.body)
    async with database.work() as work:
        return await letters_codes.ask(work, row.id, ways)


async def open_letter(database: Database, office: Office, row: ComplaintRow, letter: UUID) -> bytes:
    """One letter as PDF, noted before it is given out. Raises NoSuchLetterError, Unanswered."""
    found = await office.letter(row.id, letter)
    if found is None:
        raise NoSuchLetterError("没有这份函件。")
    async with database.work() as work:
        await note_deed(work, row.id, Deed.LETTER_OPENED, {"letter": letter})
    return found


def code_needed() -> LettersCodeNeededError:
    """What a program is told that has shown number and query code alone."""
    return LettersCodeNeededError(
        "这个单位的函件要用验证码打开：请先申请验证码（POST /intake/api/v1/letters/code），"
        "再把收到的验证码放在letters_code里。",
        pointer="/letters_code",
    )
