"""Days in a spreadsheet of people: what is none is told with the name of its column."""

from datetime import date

import pytest

from services.mediation.use_cases.people.importing import STAFF_COLUMNS, lines_of
from services.mediation.use_cases.people.importing.faults import Faults
from services.mediation.use_cases.people.importing.plans import refused
from services.mediation.use_cases.people.importing.staff_lines import StaffDoing, read
from shared.sheets import sheet_of
from shared.sheets.problems import Remark

TODAY = date(2026, 6, 1)
FIRST, LAST = "生效日期/from", "失效日期/to"


def looked_at(first: str, last: str) -> tuple[StaffDoing, tuple[Remark, ...]]:
    """A row with these days, and what is wrong with it."""
    table = f"账号,姓名,角色,生效日期,失效日期\nwang,王芳,调解员,{first},{last}\n"
    [line] = lines_of(sheet_of(table.encode(), "people.csv"), STAFF_COLUMNS)
    faults = Faults()
    doing = read(line, {}, TODAY, faults)
    return doing, refused(2, "wang", *faults.found).remarks


@pytest.mark.parametrize(
    ("first", "last", "columns"),
    [
        ("2026-02-30", "", [FIRST]),
        ("", "2026年13月1日", [LAST]),
        ("第三天", "2026-06-30 25:00", [FIRST, LAST]),
    ],
)
def test_what_is_no_day_is_told_with_its_column(first: str, last: str, columns: list[str]) -> None:
    _, wrong = looked_at(first, last)
    assert [one.in_words("zh") for one in wrong] == [
        f"「{column}」写的不是日期；请写成 2026-06-30。" for column in columns
    ]
    assert [one.in_words("en") for one in wrong] == [
        f"What stands in the column {column} is no day; write 2026-06-30." for column in columns
    ]


def test_days_are_read_as_people_spell_them() -> None:
    doing, wrong = looked_at("2026年6月16日", "2026/12/31")
    assert (doing.first_on, doing.last_on) == (date(2026, 6, 16), date(2026, 12, 31))
    assert wrong == ()
