"""A row becomes a complaint of the API or a sentence about the cell at fault."""

from pathlib import Path

import pytest

from deploy.imports.layout import layout_of
from deploy.imports.mapping import load_map
from deploy.imports.problems import MapRefusedError
from deploy.imports.rows import Row, rows_of
from shared.sheets import open_sheet
from tests.deploy.files import MAILBOX, a_message, a_workbook
from tests.deploy.tables import NOW, read

LEDGER = [
    "编号",
    "登记时间",
    "来源",
    "投诉人",
    "电话",
    "商家",
    "投诉内容",
    "涉及金额",
    "诉求",
    "同意转送",
]


def test_a_message_becomes_a_complaint_with_its_own_number_and_date(tmp_path: Path) -> None:
    chosen = load_map("mayor-mailbox")
    sheet = open_sheet(a_workbook(tmp_path / "a.xlsx", [MAILBOX, a_message(188006)]))
    [row] = rows_of(sheet, layout_of(sheet, chosen), chosen, NOW)
    assert row.problems == ()
    assert row.complaint == {
        "kind": "complaint",
        "channel": "web",
        "external": {
            "source": "mayor-mailbox",
            "id": "188006",
            "received_at": "2026-05-02T09:05:07+08:00",
        },
        "complainant": {"name": "用户188006"},
        "matter": {
            "subject": "健身房关门不退费",
            "text": "办卡三个月后门店关门， 电话没人接。\n\n要求退还余额。",
        },
    }


def test_a_line_of_a_ledger_fills_what_it_knows() -> None:
    line = [
        "2026-17", "2026年5月2日", "12345转办", "张三", "１３８ 0000 0000", "城南店",
        "办卡后关门", "10、23万元", "退款；赔礼道歉", "同意",
    ]  # fmt: skip
    [row] = read([LEDGER, line], "ledger")
    assert row.complaint == {
        "kind": "complaint",
        "channel": "hotline_12345",
        "external": {
            "source": "ledger",
            "id": "2026-17",
            "received_at": "2026-05-02T00:00:00+08:00",
        },
        "complainant": {"name": "张三", "phone": "13800000000"},
        "respondent": {"name": "城南店"},
        "matter": {"text": "办卡后关门", "amount_fen": 10_230_000},
        "claims": [{"kind": "refund"}, {"kind": "apology"}],
        "consents": {"forwarding": True},
    }
    assert [one.line("zh") for one in row.problems] == [
        "第2行 涉及金额 “10、23万元”: 顿号当了小数点，读作102300元。"
    ]
    assert not row.problems[0].refused


@pytest.mark.parametrize(
    ("cell", "consents"),
    [("同意", {"forwarding": True}), ("不同意", {"forwarding": False}), ("", None)],
)
def test_a_blank_cell_states_neither_consent_nor_refusal(
    cell: str, consents: dict[str, bool] | None
) -> None:
    line = ["1", "2026年5月2日", "来访", "张三", "", "城南店", "关门", "", "", cell]
    [row] = read([LEDGER, line], "ledger")
    assert row.complaint is not None
    assert row.complaint.get("consents") == consents


def test_every_wrong_cell_of_a_row_is_told_at_once_and_the_row_is_not_taken() -> None:
    line = ["1", "2019/11/3 25:10", "飞鸽", "张三", "", "", "", "1,3641", "", "也许"]
    [row] = read([LEDGER, line], "ledger")
    assert row.complaint is None
    assert [(p.row, p.column, p.value, p.refused) for p in row.problems] == [
        (2, "登记时间", "2019/11/3 25:10", True),
        (2, "来源", "飞鸽", True),
        (2, "投诉内容", "", True),
        (2, "涉及金额", "1,3641", True),
        (2, "同意转送", "也许", True),
    ]
    assert row.problems[2].remark.in_words("zh") == "这一栏没有填；请补上。"


def test_a_date_to_come_is_refused() -> None:
    [row] = read([MAILBOX, a_message(1, 留言时间="2027/1/1 0:00:00")])
    assert row.complaint is None
    assert [one.line("en") for one in row.problems] == [
        "Row 2 留言时间 “2027/1/1 0:00:00”: This time is still to come; check the year."
    ]


def test_masked_words_stay_as_they_are() -> None:
    [row] = read([MAILBOX, a_message(1, 留言详情="依据第***条，提请****处理")])
    assert row.complaint is not None
    assert row.complaint["matter"]["text"] == "依据第***条，提请****处理"


def test_a_row_without_a_number_is_named_by_its_content() -> None:
    header = ["投诉人", "投诉内容"]
    first, same, other = read([header, ["甲", "一"], ["甲", "一"], ["甲", "二"]], "ledger")
    assert first.complaint == same.complaint
    assert first.complaint is not None
    assert other.complaint is not None
    assert first.complaint["external"]["id"] != other.complaint["external"]["id"]


def test_empty_rows_are_no_rows() -> None:
    rows = read([MAILBOX, a_message(1), [None, "", " "], a_message(2)])
    assert [row.number for row in rows] == [2, 4]


FIXED = """
name: fixed
title: b
source: c
fields:
  matter.text: 内容
  claims.kind: {value: refund}
  claims.amount_fen: {value: 12.5}
  consents.mediation: {value: 同意}
  consents.forwarding: {value: true}
  external.received_at: {value: 2026年5月2日}
"""


def fixed(tmp_path: Path, text: str) -> list[Row]:
    (tmp_path / "map.yaml").write_text(text)
    return read([["内容"], ["关门"]], str(tmp_path / "map.yaml"))


def test_a_value_that_the_map_gives_is_read_as_a_cell_would_be(tmp_path: Path) -> None:
    [row] = fixed(tmp_path, FIXED)
    assert row.complaint is not None
    del row.complaint["external"]["id"]
    assert row.complaint == {
        "external": {"source": "c", "received_at": "2026-05-02T00:00:00+08:00"},
        "matter": {"text": "关门"},
        "claims": [{"kind": "refund", "amount_fen": 1250}],
        "consents": {"mediation": True, "forwarding": True},
    }


def test_a_value_of_the_map_that_cannot_be_read_refuses_the_map(tmp_path: Path) -> None:
    with pytest.raises(MapRefusedError) as refused:
        fixed(tmp_path, FIXED.replace("12.5", "许多"))
    assert refused.value.remark.in_words("en") == (
        "In the map “fixed”, the value “许多” of claims.amount_fen cannot be read; correct it."
    )


def test_a_row_of_a_text_file_that_has_more_cells_than_columns_is_not_taken() -> None:
    table = [["编号", "投诉内容"], ["1", "关门", "，不退费"], ["2", "关门", " ", ""]]
    wide, blank = read(table, "ledger", "utf-8")
    assert wide.complaint is None
    assert [one.line("zh") for one in wide.problems] == [
        "第2行 “，不退费”: 这一行的格子比列名多；内容里若有分隔符，请给那一格加上引号。"
    ]
    assert blank.problems == ()


@pytest.mark.parametrize("blank", ["\u3000", "\u200b", "\ufeff", "\t\n"])
def test_a_cell_of_blanks_is_empty(blank: str) -> None:
    [row] = read([MAILBOX, a_message(1, 留言详情=blank)])
    assert row.complaint is None
