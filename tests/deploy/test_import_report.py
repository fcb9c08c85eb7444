"""The report of the rows a person must look at, in the language of who reads it."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from deploy.imports.problems import Problem
from deploy.imports.report import write_report
from shared.i18n import LANGUAGES, Language
from shared.sheets.problems import Remark

PROBLEMS = [
    Problem(
        37, "时间", "2019/11/3 25:10", Remark("一天里没有{hour}点；请改正时间。", {"hour": 25})
    ),
    Problem(112, "金额", "=1+1", Remark("金额没有写明，按未填处理。"), refused=False),
]
LINES: dict[Language, list[list[str]]] = {
    "zh": [
        ["行", "哪一栏", "原来写的", "问题", "结果"],
        ["37", "时间", "2019/11/3 25:10", "一天里没有25点；请改正时间。", "没有导入"],
        ["112", "金额", "=1+1", "金额没有写明，按未填处理。", "已导入，请核对"],
    ],
    "en": [
        ["Row", "Column", "As written", "What is wrong", "Outcome"],
        ["37", "时间", "2019/11/3 25:10", "A day has no hour 25; correct the time.",
         "Not imported"],
        ["112", "金额", "=1+1", "The amount is left open and was taken as not given.",
         "Imported; please check"],
    ],
}  # fmt: skip
TITLES: dict[Language, str] = {"zh": "要人看的行", "en": "Rows to look at"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_opens_in_a_spreadsheet_and_runs_no_formula(
    tmp_path: Path, language: Language
) -> None:
    header, first, second = LINES[language]
    write_report(tmp_path / "a.csv", PROBLEMS, language)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            header,
            first,
            ["112", "金额", "'=1+1", *second[3:]],
        ]
    write_report(tmp_path / "a.xlsx", PROBLEMS, language)
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert sheet.title == TITLES[language]
    rows = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows == LINES[language]
    assert [cell.data_type for row in sheet.iter_rows(min_row=3) for cell in row] == list("nssss")
