"""Failed log-ins and wrong codes: counted before they are looked at, so that many at once count.

Wrong passwords are counted per known browser, per account at an address and per address
(`services.mediation.domain.guessing`). Wrong codes of a second factor are counted per account:
that is reached only by somebody who has the password, so no stranger locks anybody out with it.
"""

from services.mediation.use_cases.guesses.codes import CodesLockedError, forgive_codes, take_try
from services.mediation.use_cases.guesses.counting import at_address, forget
from services.mediation.use_cases.guesses.passwords import (
    AddressLockedError,
    Door,
    Taken,
    forgive,
    give_back,
    take,
)

__all__ = [
    "AddressLockedError",
    "CodesLockedError",
    "Door",
    "Taken",
    "at_address",
    "forget",
    "forgive",
    "forgive_codes",
    "give_back",
    "take",
    "take_try",
]
