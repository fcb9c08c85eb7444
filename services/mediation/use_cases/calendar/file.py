"""A calendar file: a line for each day that an announcement names."""

from collections.abc import Iterable, Sequence
from datetime import date

from services.mediation.domain.calendar import BrokenCalendarError, CalendarDay, DayKind
from shared.sheets.cells import Cell, is_empty, line_of
from shared.sheets.dates import day_of
from shared.sheets.problems import CellRefusedError, Several

COLUMNS = ("date", "kind", "festival", "source", "confirmed")
CONFIRMED = {"yes": True, "no": False}
Rows = Iterable[tuple[int, Sequence[Cell]]]
"""The rows of a file, each with the number of the line it begins on."""


def read_days(rows: Rows) -> list[CalendarDay]:
    """The days of a calendar file; empty lines are passed over.

    Raises BrokenCalendarError with the line at fault.
    """
    lines = ((line, row) for line, row in rows if not all(map(is_empty, row)))
    _, head = next(lines, (1, ()))
    if tuple(map(line_of, head)) != COLUMNS:
        raise BrokenCalendarError("第一行应当是：{columns}", columns=",".join(COLUMNS))
    found: dict[date, tuple[int, CalendarDay]] = {}
    for line, row in lines:
        one = day_in(list(map(line_of, row)), line)
        before, _ = found.setdefault(one.day, (line, one))
        if before != line:
            raise BrokenCalendarError(
                "第{line}行：{day} 在第{before}行已经写了，请只留一行。",
                line=line,
                day=one.day.isoformat(),
                before=before,
            )
    if not found:
        raise BrokenCalendarError("文件里没有日期。")
    return [one for _, one in found.values()]


def day_in(cells: Sequence[str], line: int) -> CalendarDay:
    """The day of one line. Raises BrokenCalendarError."""
    if len(cells) != len(COLUMNS) or not all(cells):
        raise BrokenCalendarError(
            "第{line}行应当有 {columns} 各一格，都要写。", line=line, columns=Several(COLUMNS)
        )
    day, kind, festival, source, confirmed = cells
    if kind not in {one.value for one in DayKind}:
        raise BrokenCalendarError(
            "第{line}行的类别“{kind}”不认识，应当是 {kinds} 之一。",
            line=line,
            kind=kind[:40],
            kinds=Several(DayKind),
        )
    if confirmed not in CONFIRMED:
        raise BrokenCalendarError(
            "第{line}行的 confirmed 不能是“{said}”：通知已公布写 yes，还没有公布写 no。",
            line=line,
            said=confirmed[:40],
        )
    return CalendarDay(day_named(day, line), DayKind(kind), festival, source, CONFIRMED[confirmed])


def day_named(typed: str, line: int) -> date:
    """Raises BrokenCalendarError."""
    try:
        return day_of(typed)
    except CellRefusedError:
        raise BrokenCalendarError(
            "第{line}行的日期“{day}”读不懂，请写成 2027-01-01 这样。", line=line, day=typed[:40]
        ) from None
