"""What is wrong with one row of a spreadsheet of units is told at once."""

import pytest

from services.mediation.use_cases.people.importing import UNIT_COLUMNS, Outcome, lines_of
from services.mediation.use_cases.people.importing.unit_lines import planned
from shared.sheets import sheet_of

REGION = "没有这个行政区划代码，应是6位数字，例如510903。"
NAME = "请写部门名称，最多60个字。"
CODE = "部门代码用1到40个小写字母、数字和 . - _。"
NO_PARENT = "没有上级代码「nowhere」：请先写上级那一行，或者改正代码。"


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("b,,,999999", [NAME, REGION]),
        ("a,乙,nowhere,999999", ["第2行已经写了代码「a」。", REGION, NO_PARENT]),
        ("a/b,,nowhere,", [CODE, NAME, NO_PARENT]),
        ("b,乙,nowhere,", [NO_PARENT]),
        ("b,,a,", [NAME]),
    ],
)
def test_a_row_of_a_unit_tells_everything_that_is_wrong_with_it(row: str, wrong: list[str]) -> None:
    table = f"代码,名称,上级代码,行政区划\na,甲,,\n{row}\n"
    plan = planned(lines_of(sheet_of(table.encode(), "units.csv"), UNIT_COLUMNS), {})
    assert [one.outcome for one in plan.rows] == [Outcome.NEW, Outcome.REFUSED]
    assert [one.in_words("zh") for one in plan.rows[1].remarks] == wrong
    assert [one.code for one in plan.doings] == ["a"]


def test_below_a_row_that_is_wrong_in_itself_nothing_comes_in() -> None:
    table = "代码,名称,上级代码\na,,nowhere\nb,乙,a\n"
    plan = planned(lines_of(sheet_of(table.encode(), "units.csv"), UNIT_COLUMNS), {})
    said = [[one.in_words("zh") for one in row.remarks] for row in plan.rows]
    below = "没有上级代码「a」：请先写上级那一行，或者改正代码。"
    assert said == [[NAME, NO_PARENT], [below]]
    assert plan.doings == []
