"""The public number of a complaint: its day and nine characters nobody can guess."""

from datetime import date

from shared.text import NUMBER_TAIL, crockford

CHANCE_BITS = 5 * NUMBER_TAIL


def public_number(day: date, chance: int) -> str:
    """`YYMMDD-XXXXXXXXX`: the legal day of registration and 45 random bits in base 32."""
    return f"{day:%y%m%d}-{crockford(chance, NUMBER_TAIL)}"
