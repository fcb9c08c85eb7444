"""What a respondent must not learn from a letter: numbers of identity papers, phones, cards."""

import re

_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")
_CARD = re.compile(r"(?<!\d)62\d{14,17}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_COMPOUND = re.compile("欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|南宫|独孤")


def without_personal_numbers(text: str) -> str:
    """Free text in which numbers of persons keep only their first and last digits.

    Identity numbers are told from order numbers by their check character (GB 11643-1999).
    """
    hidden = _IDENTITY.sub(lambda m: masked(m[0]) if is_identity(m[0]) else m[0], text)
    return _CARD.sub(lambda m: masked(m[0]), _PHONE.sub(lambda m: masked(m[0]), hidden))


def masked(number: str) -> str:
    """The first three and the last two characters; what is between is hidden."""
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def is_identity(number: str) -> bool:
    """Whether the last of 18 characters is the check character of the others (mod 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()


def masked_name(name: str) -> str:
    """The family name, and a star for each other character: 张**, 欧阳*."""
    kept = 2 if _COMPOUND.match(name) else 1
    return name[:kept] + "*" * max(len(name) - kept, 1)
