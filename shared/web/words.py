"""Dates, money and deadlines as people read them, in the language of the page."""

from datetime import date, datetime

from markupsafe import Markup, escape

from shared.clock import SHANGHAI
from shared.i18n import N_, filled, spoken, translated

WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SOON = 3
"""Days from which on a deadline is called near."""


def legal(value: date | datetime) -> date:
    """The Shanghai day of an instant; a day is itself."""
    return value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value


def day(value: date | datetime | None, today: date | None = None) -> str:
    """Month, day and weekday: 6月23日（周二）; with the year where it is not that of today."""
    if value is None:
        return ""
    at = legal(value)
    weekday, words = translated(WEEKDAYS[at.weekday()]), near_day(at, today)
    return f"{weekday} {words}" if spoken() == "en" else f"{words}（{weekday}）"


def near_day(at: date, today: date | None) -> str:
    """Month and day, and the year unless it is that of today: nobody has to guess it."""
    if today is None or at.year != today.year:
        return full_day(at)
    if spoken() == "en":
        return f"{at.day} {MONTHS[at.month - 1]}"
    return f"{at.month}月{at.day}日"


def full_day(value: date | datetime | None) -> str:
    """With the year: 2026年6月23日."""
    if value is None:
        return ""
    at = legal(value)
    if spoken() == "en":
        return f"{at.day} {MONTHS[at.month - 1]} {at.year}"
    return f"{at.year}年{at.month}月{at.day}日"


def moment(value: datetime | None, today: date | None = None) -> str:
    """Day and time in Shanghai: 6月23日 14:05; with the year where it is not that of today."""
    if value is None:
        return ""
    at = value.astimezone(SHANGHAI)
    return f"{near_day(at.date(), today)} {at:%H:%M}"


def iso(value: date | datetime | None) -> str:
    """For `datetime` attributes and date fields: ISO 8601, instants in Shanghai."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat(timespec="minutes")
    return value.isoformat()


def yuan(fen: int | None) -> str:
    """Money: 12,800.00元; `fen` are hundredths."""
    if fen is None:
        return ""
    sign, amount = ("-" if fen < 0 else ""), abs(fen)
    money = f"{sign}{amount // 100:,}.{amount % 100:02d}"
    return f"CNY {money}" if spoken() == "en" else f"{money}元"


def number(value: float | None) -> str:
    """Grouped by thousands: 12,345."""
    return "" if value is None else f"{value:,}"


def due_pill(due: date | None, today: date, *, paused: bool = False, done: bool = False) -> Markup:
    """How near a deadline is, as shape, colour and words."""
    kind, words = due_words(due, today, paused=paused, done=done)
    return Markup('<span class="due {}">{}</span>').format(kind, escape(words))


def due_words(due: date | None, today: date, *, paused: bool, done: bool) -> tuple[str, str]:
    """Class and words of a deadline."""
    if done:
        return "done", translated(N_("已办"))
    if paused:
        return "pause", translated(N_("暂停"))
    if due is None:
        return "idle", translated(N_("没有期限"))
    left = (due - today).days
    if left < 0:
        return "late", filled(N_("已超期{days}天"), {"days": -left})
    if left == 0:
        return "soon", translated(N_("今天到期"))
    return ("soon" if left <= SOON else "run"), filled(N_("还剩{days}天"), {"days": left})
