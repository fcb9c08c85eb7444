"""The unified social credit code (统一社会信用代码, GB 32100-2015).

Its own check character finds every single wrong or swapped character. The organisation code
inside (GB 11714) has one more, which would find nothing new and is not asked for.
"""

from shared.record.errors import MistypedCreditCodeError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""No I, O, S, V, Z (GB 32100-2015, 4.2)."""
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
LENGTH = 18
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
"""3^(i-1) mod 31: 1 3 9 27 19 26 16 17 20 29 25 13 8 24 10 30 28."""


def check_character(first_seventeen: str) -> str:
    """The 18th character that belongs to the first seventeen: 31 - sum mod 31, 31 being 0."""
    total = sum(VALUES[c] * w for c, w in zip(first_seventeen, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def check_uscc(code: str, pointer: str) -> None:
    """Refuse a code (upper case, no blanks) that cannot be one, with what is wrong with it."""
    if len(code) != LENGTH:
        raise MistypedCreditCodeError(
            "统一社会信用代码是18位，您填了{count}位。", pointer=pointer, count=len(code)
        )
    if strange := [letter for letter in code if letter not in VALUES]:
        raise MistypedCreditCodeError(
            "统一社会信用代码里不会有“{letter}”，请对照营业执照再看一遍。",
            pointer=pointer,
            letter=strange[0],
        )
    if check_character(code[:17]) != code[17]:
        raise MistypedCreditCodeError(
            "统一社会信用代码的校验位不对，请对照营业执照再看一遍。", pointer=pointer
        )
