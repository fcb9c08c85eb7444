"""One's own second factor turned on or off: the session goes on under a new id, all others end.

Both or neither: whoever stole a session does not keep it where the factor was changed.
"""

from typing import NamedTuple

from services.mediation.settings import MediationSettings
from services.mediation.use_cases import second_factor
from services.mediation.use_cases.guesses import take_try
from services.mediation.use_cases.sessions.kept import Caller, Session
from services.mediation.use_cases.sessions.mine import renewed
from shared.acting import Staff
from shared.work import Database


class Here(NamedTuple):
    """Whose session it is, which one, and where from."""

    who: Staff
    cookie: str
    caller: Caller


async def confirm_factor(
    database: Database, here: Here, code: str, settings: MediationSettings
) -> tuple[list[str], Session]:
    """Turn it on: ten codes on paper, and the session. A wrong code counts as a try.

    Raises NotEnrolledError, AlreadyEnrolledError, WrongOwnCodeError, CodesLockedError,
    NoSuchSessionError.
    """
    await take_try(database, here.who.id, settings)
    async with database.work() as work:
        codes = await second_factor.confirm(work, here.who, code)
        return codes, await renewed(work, here.cookie, here.caller, settings)


async def drop_factor(
    database: Database, here: Here, code: str, settings: MediationSettings
) -> Session:
    """Turn it off; the session. A wrong code counts as a try.

    Raises NotEnrolledError, WrongOwnCodeError, CodesLockedError, NoSuchSessionError.
    """
    await take_try(database, here.who.id, settings)
    async with database.work() as work:
        await second_factor.turn_off(work, here.who, code)
        return await renewed(work, here.cookie, here.caller, settings)
