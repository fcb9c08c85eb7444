"""The rows a person must look at, as a file for the spreadsheet they came from."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from deploy.imports.problems import Problem
from shared.i18n import N_, Language, translated
from shared.sheets.writing import Column, Csv, Excel, Table, Value

TITLE = N_("要人看的行")
COLUMNS = (N_("行"), N_("哪一栏"), N_("原来写的"), N_("问题"), N_("结果"))
REFUSED, TAKEN = N_("没有导入"), N_("已导入，请核对")


def write_report(path: Path, problems: Iterable[Problem], language: Language) -> None:
    """As xlsx or csv by the name's ending; what somebody typed never becomes a formula.

    Raises OSError where the file cannot be written.
    """
    columns = [Column(translated(name, language)) for name in COLUMNS]
    if path.suffix.lower() == ".xlsx":
        table: Table = Excel(path, columns, translated(TITLE, language))
    else:
        table = Csv(path, columns)
    with closing(table):
        table.add(lines(problems, language))


def lines(problems: Iterable[Problem], language: Language) -> Iterator[Sequence[Value]]:
    """A line for each problem."""
    refused, taken = (translated(result, language) for result in (REFUSED, TAKEN))
    for one in problems:
        words = one.remark.in_words(language)
        yield one.row, one.column or "", one.value, words, refused if one.refused else taken
