"""Dates in the spellings people use; without a zone they are Shanghai time."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from shared.clock import SHANGHAI, local_day, start_of_day
from shared.sheets.cells import Cell, text_of
from shared.sheets.problems import CellRefusedError

SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day 0 has no zone
SERIALS = range(20_000, 80_000)
"""Day numbers of a spreadsheet that are believable: 1954 to 2119."""

DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
CHINESE = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
DAY = r"(?P<y>\d{4})\s*(?:[-/.年])\s*(?P<m>\d{1,2})\s*(?:[-/.月])\s*(?P<d>\d{1,2})\s*[日号]?"
WEEKDAY = r"(?:\s*[(]?(?:星期|周)[一二三四五六日天][)]?)?"
HOUR = (
    r"(?:[\sT,]*(?P<half>上午|中午|下午|晚上|凌晨|[AaPp][Mm])?\s*"
    r"(?P<h>\d{1,2})\s*(?:[:时点])\s*(?:(?P<n>\d{1,2})\s*(?:[:分]\s*)?)?"
    r"(?:(?P<s>\d{1,2})(?:\.(?P<f>\d{1,9}))?\s*秒?)?\s*(?P<half2>[AaPp][Mm])?)?"
)
ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
SPELLED = re.compile(DAY + WEEKDAY + HOUR + ZONE)
COMPACT = re.compile(
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:[\sT]?(?P<h>\d{2}):?(?P<n>\d{2}):?(?P<s>\d{2})?)?"
    r"(?P<f>)(?P<zone>)(?P<half>)(?P<half2>)"
)
NOON = 12
LAST_HOUR = 23


def instant_of(cell: Cell) -> datetime:
    """The instant a cell names, aware. A day alone is its first moment in Shanghai."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=SHANGHAI)
    if isinstance(cell, date):
        return start_of_day(cell)
    return written(text_of(cell))


@lru_cache(maxsize=4096)
def written(cell: str) -> datetime:
    """What a text names; the days of a ledger come again and again."""
    text = unicodedata.normalize("NFKC", cell)
    if (serial := serial_of(text)) is not None:
        return serial
    return spelled(half_chinese(text), text)


def day_of(cell: Cell) -> date:
    """The legal day a cell names, in Shanghai."""
    return local_day(instant_of(cell))


def serial_of(text: str) -> datetime | None:
    """A spreadsheet's day number (1900 system), such as 43524.475752."""
    try:
        number = float(text)
    except ValueError:
        return None
    if not SERIALS.start <= number < SERIALS.stop:
        return None
    return (SERIAL_ZERO + timedelta(seconds=round(number * 86_400))).replace(tzinfo=SHANGHAI)


def half_chinese(text: str) -> str:
    """二〇二六年六月十六日 becomes 2026年6月16日."""
    return CHINESE.sub(
        lambda found: f"{found[1].translate(DIGITS)}年{ten(found[2])}月{ten(found[3])}日", text
    )


def ten(words: str) -> int:
    """Chinese numbers below one hundred: 十六, 二十, 三十一."""
    tens, mark, ones = words.rpartition("十")
    value = int(ones.translate(DIGITS)) if ones else 0
    return value + (int(tens.translate(DIGITS)) if tens else 1) * 10 if mark else value


def spelled(text: str, original: str) -> datetime:
    found = SPELLED.fullmatch(text) or COMPACT.fullmatch(text)
    if found is None:
        raise CellRefusedError(
            "看不懂这个日期“{value}”；请写成 2026-06-16 或 2026-06-16 09:12。", value=original
        )
    hour = hour_of(found)
    if hour > LAST_HOUR:
        raise CellRefusedError("一天里没有{hour}点；请改正时间。", hour=hour)
    year, month, day = (int(found[part]) for part in "ymd")
    minute, second = (int(found[part] or 0) for part in "ns")
    try:
        named = datetime(year, month, day, hour, minute, second, tzinfo=zone_of(found["zone"]))
        return named.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        raise CellRefusedError(
            "没有“{value}”这个时刻；请核对年月日和时间。", value=original
        ) from None


def hour_of(found: re.Match[str]) -> int:
    hour = int(found["h"] or 0)
    half = (found["half"] or found["half2"] or "").lower()
    if half in {"下午", "晚上", "pm"} and hour < NOON:
        return hour + NOON
    if half in {"am", "凌晨", "上午"} and hour == NOON:
        return 0
    return hour


def zone_of(text: str | None) -> tzinfo | None:
    if not text:
        return SHANGHAI
    if text == "Z":
        return UTC
    return datetime.strptime(text.replace(":", ""), "%z").tzinfo
