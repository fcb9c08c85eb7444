"""The rows a person must look at, as a file for the spreadsheet they came from."""

import csv
from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from deploy.imports.problems import Problem

COLUMNS = ("行", "哪一栏", "原来写的", "问题", "结果")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines(problems: Iterable[Problem]) -> Iterable[tuple[int, str, str, str, str]]:
    for one in problems:
        result = "没有导入" if one.refused else "已导入，请核对"
        yield one.row, one.column or "", one.value, one.sentence, result


def write_report(path: Path, problems: Iterable[Problem]) -> None:
    """As xlsx or csv by the name's ending; what somebody typed never becomes a formula."""
    if path.suffix.lower() == ".xlsx":
        write_xlsx(path, problems)
    else:
        write_csv(path, problems)


def write_csv(path: Path, problems: Iterable[Problem]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row, *texts in lines(problems):
            writer.writerow([row, *(f"'{t}" if t.startswith(FORMULA) else t for t in texts)])


def write_xlsx(path: Path, problems: Iterable[Problem]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("要人看的行")
        sheet.write_row(0, 0, COLUMNS)
        for number, line in enumerate(lines(problems), start=1):
            sheet.write_row(number, 0, line)
