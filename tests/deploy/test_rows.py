"""A row becomes a complaint of the API or a sentence, and no row is ever lost."""

import asyncio
import csv
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from deploy.imports.layout import Layout, layout_of
from deploy.imports.mapping import load_map
from deploy.imports.problems import Problem, Remark
from deploy.imports.report import write_report
from deploy.imports.rows import Row, rows_of
from deploy.imports.run import Answer, Import, Outcome
from deploy.imports.sheets import Sheet, open_sheet
from shared.i18n import LANGUAGES, Language
from tests.deploy.files import MAILBOX, a_message, a_workbook

NOW = datetime(2026, 11, 22, tzinfo=UTC)
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


def read(rows: list[list[Any]], name: str = "mayor-mailbox") -> list[Row]:
    chosen = load_map(name)
    sheet = Sheet("Sheet1", None, list(enumerate(rows, start=1)))
    return list(rows_of(sheet, layout_of(sheet, chosen), chosen, NOW))


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


class Books:
    """A stand for intake: keeps what it took, knows it again, refuses a text that says so."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.sizes: list[int] = []

    async def send(self, complaints: Sequence[bytes]) -> list[Answer]:
        self.sizes.append(len(complaints))
        return [self.take(json.loads(complaint)) for complaint in complaints]

    def take(self, complaint: dict[str, Any]) -> Answer:
        if "拒" in complaint["matter"]["text"]:
            return Answer(Outcome.REFUSED, (("/matter/text", "不收。"),))
        known = complaint["external"]["id"] in self.kept
        self.kept[complaint["external"]["id"]] = complaint
        return Answer(Outcome.KNOWN if known else Outcome.CREATED)


def layout(rows: list[list[Any]]) -> Layout:
    sheet = Sheet("Sheet1", None, list(enumerate(rows, start=1)))
    return layout_of(sheet, load_map("mayor-mailbox"))


NUMBERS = st.integers(1, 12)
TEXTS = st.sampled_from(["好", "拒", "", "另一件"])
TIMES = st.sampled_from(["2026/5/2", "25点", 43832.5, None])


@settings(deadline=None)
@given(st.lists(st.tuples(NUMBERS, TIMES, TEXTS), max_size=40))
def test_read_is_created_and_known_and_refused_whatever_the_rows_are(
    cells: list[tuple[int, Any, str]],
) -> None:
    table = [MAILBOX, *([n, "甲", "乙", t, text, 0, 0] for n, t, text in cells)]
    rows, books = read(table), Books()
    tally = asyncio.run(Import(layout(table), books.send).run(rows))
    assert tally.read == len(cells)
    assert tally.created == len(books.kept)
    refused = Counter(one.row for one in tally.problems if one.refused)
    assert len(refused) == tally.refused
    again = asyncio.run(Import(layout(table), books.send).run(rows))
    assert again.created == 0
    assert (again.read, again.refused) == (tally.read, tally.refused)


async def test_rows_go_in_batches_and_a_second_run_creates_nothing() -> None:
    table = [MAILBOX, *(a_message(number) for number in range(1201))]
    books = Books()
    seen: list[int] = []
    run = Import(layout(table), books.send, seen.append)
    tally = await run.run(read(table))
    assert tally.as_json() == {"read": 1201, "created": 1201, "known": 0, "refused": 0}
    assert books.sizes == [200] * 6 + [1]
    assert seen == [200, 400, 600, 800, 1000, 1200, 1201]
    tally = await Import(layout(table), books.send).run(read(table))
    assert tally.as_json() == {"read": 1201, "created": 0, "known": 1201, "refused": 0}


async def test_three_batches_are_on_their_way_at_once_and_the_report_keeps_the_order() -> None:
    texts = {1: "拒", 600: "拒", 1100: "拒"}
    table = [MAILBOX, *(a_message(n, 留言详情=texts.get(n, "好")) for n in range(1, 1602))]
    table[700] = a_message(600, 留言详情="别的事")
    books, on_the_way, most = Books(), set[int](), list[int]()

    async def send(complaints: Sequence[bytes]) -> list[Answer]:
        on_the_way.add(id(complaints))
        most.append(len(on_the_way))
        answers = await books.send(complaints)
        for _ in range(10 - len(most)):
            await asyncio.sleep(0)
        on_the_way.remove(id(complaints))
        return answers

    tally = await Import(layout(table), send).run(read(table))
    assert tally.as_json() == {"read": 1601, "created": 1597, "known": 0, "refused": 4}
    assert [one.row for one in tally.problems] == [2, 601, 701, 1101]
    assert max(most) == 3


async def test_where_intake_falls_the_next_run_takes_up_what_is_missing() -> None:
    table = [MAILBOX, *(a_message(number) for number in range(2001))]
    books = Books()

    async def falling(complaints: Sequence[bytes]) -> list[Answer]:
        if len(books.sizes) == 2:
            raise ConnectionError
        return await books.send(complaints)

    run = Import(layout(table), falling)
    with pytest.raises(ConnectionError):
        await run.run(read(table))
    assert run.tally.as_json() == {"read": 400, "created": 400, "known": 0, "refused": 0}
    tally = await Import(layout(table), books.send).run(read(table))
    assert tally.as_json() == {"read": 2001, "created": 1601, "known": 400, "refused": 0}
    assert len(books.kept) == 2001


async def test_the_same_number_with_other_content_in_one_file_is_refused() -> None:
    table = [MAILBOX, a_message(1), a_message(1), a_message(1, 留言详情="别的事")]
    books = Books()
    tally = await Import(layout(table), books.send).run(read(table))
    assert tally.as_json() == {"read": 3, "created": 1, "known": 1, "refused": 1}
    assert [one.line("zh") for one in tally.problems] == [
        "第4行 留言编号 “1”: 第2行已用同一编号，内容不同；请改编号，或删去其中一行。"
    ]
    assert "办卡三个月" in books.kept["1"]["matter"]["text"]


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


def test_a_row_of_a_text_file_that_has_more_cells_than_columns_is_not_taken() -> None:
    table = [["编号", "投诉内容"], ["1", "关门", "，不退费"], ["2", "关门", " ", ""]]
    sheet = Sheet("a.csv", "utf-8", list(enumerate(table, start=1)))
    chosen = load_map("ledger")
    wide, blank = rows_of(sheet, layout_of(sheet, chosen), chosen, NOW)
    assert wide.complaint is None
    assert [one.line("zh") for one in wide.problems] == [
        "第2行 “，不退费”: 这一行的格子比列名多；内容里若有分隔符，请给那一格加上引号。"
    ]
    assert blank.problems == ()


async def test_what_intake_refuses_is_told_with_the_cell_as_it_was_written() -> None:
    table = [MAILBOX, a_message(1, 留言详情=" 拒　收 "), a_message(2)]

    async def refusing(complaints: Sequence[bytes]) -> list[Answer]:
        errors = (("/matter/text", "不收。"), ("/claims/0/kind", "没有。"), ("", "整件不收。"))
        return [Answer(Outcome.REFUSED, errors), Answer(Outcome.CREATED)]

    tally = await Import(layout(table), refusing).run(read(table))
    assert [one.line("zh") for one in tally.problems] == [
        "第2行 留言详情 “拒 收”: 不收。",
        "第2行 claims.kind: 没有。",
        "第2行: 整件不收。",
    ]
    assert tally.as_json() == {"read": 2, "created": 1, "known": 0, "refused": 1}


@pytest.mark.parametrize("blank", ["\u3000", "\u200b", "\ufeff", "\t\n"])
def test_a_cell_of_blanks_is_empty(blank: str) -> None:
    [row] = read([MAILBOX, a_message(1, 留言详情=blank)])
    assert row.complaint is None
