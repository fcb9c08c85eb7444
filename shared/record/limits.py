"""How much a field takes, and which days and amounts can be meant."""

from datetime import date

from shared.record.errors import ImpossibleAmountError, ImpossibleDateError

SHORT, LINE, PHONE, EMAIL, CODE, TEXT = 100, 200, 40, 254, 40, 10_000
"""Characters of a person's name, of a line, of numbers and addresses as typed, of free text."""
LONGEST = {
    "/complainant/name": SHORT,
    "/complainant/phone": PHONE,
    "/complainant/email": EMAIL,
    "/complainant/address": LINE,
    "/respondent/name": LINE,
    "/respondent/uscc": CODE,
    "/respondent/address": LINE,
    "/respondent/phone": PHONE,
    "/respondent/email": EMAIL,
    "/respondent/platform": LINE,
    "/matter/subject": LINE,
    "/matter/text": TEXT,
    "/matter/place": LINE,
    "/matter/region": LINE,
    "/matter/goods_or_service": LINE,
    "/matter/order_no": LINE,
    "/matter/category": LINE,
}
"""The most characters of each field with text, by JSON pointer of the complaint."""
EARLIEST = date(1949, 10, 1)
MOST_FEN = 1_000_000_000_000
"""Ten billion yuan: more is a slip of the finger."""


def check_day(day: date, today: date, pointer: str) -> None:
    """Refuse a day that is not over yet, or too long ago; `today` is the legal day."""
    if day > today:
        raise ImpossibleDateError("这一天还没有到，请填今天或者以前的日期。", pointer=pointer)
    check_not_too_early(day, pointer)


def check_not_too_early(day: date, pointer: str) -> None:
    """Refuse a day before anybody could complain to us."""
    if day < EARLIEST:
        raise ImpossibleDateError("这一天太早了，请检查年份。", pointer=pointer)


def check_amount(fen: int, pointer: str) -> None:
    """Refuse a sum (in fen, 分) below nothing or beyond what anybody claims."""
    if not 0 <= fen <= MOST_FEN:
        raise ImpossibleAmountError(
            "金额要在0元到{most}亿元之间。", pointer=pointer, most=MOST_FEN // 10_000_000_000
        )
