"""The rows a person must look at, as a file for the spreadsheet they came from."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import xlsxwriter

from deploy.imports.problems import Problem
from shared.i18n import N_, Language, translated
from shared.sheets.formulas import harmless

TITLE = N_("要人看的行")
COLUMNS = (N_("行"), N_("哪一栏"), N_("原来写的"), N_("问题"), N_("结果"))
REFUSED, TAKEN = N_("没有导入"), N_("已导入，请核对")


def write_report(path: Path, problems: Iterable[Problem], language: Language) -> None:
    """As xlsx or csv by the name's ending; what somebody typed never becomes a formula.

    Raises OSError where the file cannot be written.
    """
    write = write_xlsx if path.suffix.lower() == ".xlsx" else write_csv
    write(path, lines(problems, language), language)


Line = tuple[int | str, ...]


def lines(problems: Iterable[Problem], language: Language) -> Iterator[Line]:
    """The names of the columns, then a line for each problem."""
    yield tuple(translated(name, language) for name in COLUMNS)
    refused, taken = (translated(result, language) for result in (REFUSED, TAKEN))
    for one in problems:
        words = one.remark.in_words(language)
        yield one.row, one.column or "", one.value, words, refused if one.refused else taken


def write_csv(path: Path, written: Iterable[Line], _: Language) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([harmless(str(cell)) for cell in line] for line in written)


def write_xlsx(path: Path, written: Iterable[Line], language: Language) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with path.open("wb") as file, xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(translated(TITLE, language))
        for number, line in enumerate(written):
            sheet.write_row(number, 0, line)
