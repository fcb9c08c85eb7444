"""The public number of a complaint: its day and nine characters nobody can guess."""

from datetime import date
from functools import lru_cache

from shared.text import NUMBER_TAIL, crockford

CHANCE_BITS = 5 * NUMBER_TAIL


def public_number(day: date, chance: int) -> str:
    """`YYMMDD-XXXXXXXXX`: the legal day of registration and 45 random bits in base 32."""
    return beginning(day) + crockford(chance, NUMBER_TAIL)


@lru_cache(maxsize=8)
def beginning(day: date) -> str:
    """What all numbers of one day begin with."""
    return f"{day:%y%m%d}-"
