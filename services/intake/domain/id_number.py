"""The citizen's identity number (公民身份号码, GB 11643-1999)."""

from datetime import date

from services.intake.domain.errors import MistypedIdNumberError

LENGTH = 18
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def check_digit(first_seventeen: str) -> str:
    """The 18th character that belongs to the first seventeen (ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * w for digit, w in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECKS[total % 11]


def birthday(number: str) -> date | None:
    """The day of birth in the number; None for a day that never was."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def check_id_number(number: str, today: date, pointer: str) -> None:
    """Refuse a number (upper case, no blanks) that cannot be one, with what is wrong with it."""
    if len(number) != LENGTH:
        raise MistypedIdNumberError(
            "居民身份证号码是18位，您填了{count}位。", pointer=pointer, count=len(number)
        )
    if not (number[:17].isascii() and number[:17].isdigit() and number[17] in CHECKS):
        raise MistypedIdNumberError(
            "居民身份证号码只有数字，最后一位可以是X，请对照证件再看一遍。", pointer=pointer
        )
    born = birthday(number)
    if born is None or born > today:
        raise MistypedIdNumberError(
            "居民身份证号码里的出生日期不对，请对照证件再看一遍。", pointer=pointer
        )
    if check_digit(number[:17]) != number[17]:
        raise MistypedIdNumberError(
            "居民身份证号码的校验位不对，请对照证件再看一遍。", pointer=pointer
        )
