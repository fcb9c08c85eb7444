"""Small spreadsheets, written for one test."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

MAILBOX = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]


def a_workbook(path: Path, rows: Sequence[Sequence[Any]], above: int = 0) -> Path:
    """An xlsx file; `above` empty rows before the first one."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate(rows, start=above + 1):
        for column, cell in enumerate(row, start=1):
            sheet.cell(number, column, cell)
    book.save(path)
    return path


def a_message(number: int, **changed: Any) -> list[Any]:
    """One row of a mailbox."""
    usual = {
        "留言编号": number,
        "留言用户": f"用户{number}",
        "留言主题": "健身房关门不退费",
        "留言时间": "2026/5/2 9:05:07",
        "留言详情": "\n\t\t　办卡三个月后门店关门，\t电话没人接。\n\n\n\n要求退还余额。 ",
        "反对数": 0,
        "点赞数": 3,
    }
    return list((usual | changed).values())
