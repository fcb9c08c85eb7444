"""`redress import` as people type it: in their language, and nothing is kept by halves."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.deploy.files import a_workbook
from tests.deploy.installation import Installation

LEDGER = ["编号", "登记时间", "投诉人", "联系电话", "商家", "投诉内容", "涉及金额"]
COUNTS = ("read", "created", "known", "refused")


def a_line(number: int, **changed: Any) -> list[Any]:
    usual = {
        "编号": number,
        "登记时间": "2026-05-02",
        "投诉人": "张三",
        "联系电话": "13800000000",
        "商家": "城南店",
        "投诉内容": "办卡后关门",
        "涉及金额": 1200,
    }
    return list((usual | changed).values())


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Generator[Installation]:
    """A server on an empty folder, without demonstration data."""
    made = Installation(tmp_path_factory.mktemp("redress") / "data")
    made.up("--no-demo")
    yield made
    made.down()


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a good row, a bad cell, and a row that only intake refuses."""
    rows = [
        LEDGER,
        a_line(1),
        a_line(2, 登记时间="25点"),
        a_line(3, 联系电话="abc"),
        a_line(4, 涉及金额="无"),
    ]
    return a_workbook(tmp_path_factory.mktemp("files") / "a.xlsx", rows)


SAID = {
    "zh": [
        "第3行 登记时间 “25点”: 看不懂这个日期“25点”；请写成 2026-06-16 或 2026-06-16 09:12。",
        "第4行 联系电话 “abc”: 这不像一个电话号码，请填手机号，或者带区号的座机号。",
        "第5行 涉及金额 “无”: 金额没有写明，按未填处理。",
    ],
    "en": [
        (
            "Row 3 登记时间 “25点”: “25点” cannot be read as a date; write 2026-06-16 or "
            "2026-06-16 09:12."
        ),
        (
            "Row 4 联系电话 “abc”: This does not look like a phone number; please give a mobile, "
            "or a landline with its area code."
        ),
        "Row 5 涉及金额 “无”: The amount is left open and was taken as not given.",
    ],
}


@pytest.mark.parametrize("language", SAID)
def test_what_is_wrong_is_said_in_the_users_language_and_a_dry_run_keeps_nothing(
    here: Installation, wrong: Path, language: str
) -> None:
    asked = ("import", str(wrong), "--map", "ledger", "--dry-run", "--lang", language)
    done = here.ended(*asked)
    assert done.stderr.splitlines() == SAID[language]
    assert done.returncode == 1
    assert done.stdout.startswith("read 4, created 2, known 0, refused 2 - ")
    again = here.facts(*asked, code=1)
    assert [again[name] for name in COUNTS] == [4, 2, 0, 2]


def test_the_locale_names_the_language_and_the_report_speaks_it_too(
    here: Installation, wrong: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LC_ALL")
    monkeypatch.setenv("LC_MESSAGES", "en_GB.UTF-8")
    report = tmp_path / "report.xlsx"
    asked = ("import", str(wrong), "--map", "ledger", "--dry-run", "--errors", str(report))
    assert here.ended(*asked).stderr.splitlines() == SAID["en"]
    sheet = load_workbook(report).active
    assert sheet is not None
    assert list(sheet.iter_rows(values_only=True)) == [
        ("Row", "Column", "As written", "What is wrong", "Outcome"),
        (3, "登记时间", "25点", SAID["en"][0].partition(": ")[2], "Not imported"),
        (4, "联系电话", "abc", SAID["en"][1].partition(": ")[2], "Not imported"),
        (5, "涉及金额", "无", SAID["en"][2].partition(": ")[2], "Imported; please check"),
    ]


REFUSALS = {
    "header.csv": "“header.csv”的列名下面没有一行内容，什么也没有导入；请核对是不是这个文件。\n",
    "empty.csv": "文件“empty.csv”是空的；请核对是不是这个文件。\n",
    "mixed.csv": "文件不全是 UTF-8 的文字：读到第 3 行就读不下去；请另存为 UTF-8 的 csv。\n",
}


def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(
    here: Installation, tmp_path: Path
) -> None:
    header = (",".join(LEDGER) + "\n").encode()
    contents = {"header.csv": header, "empty.csv": b"", "mixed.csv": header + b"\n\xff\xfe\xff"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        done = here.ended("import", str(tmp_path / name), "--map", "ledger")
        assert done.stderr == REFUSALS[name]
        assert done.returncode == (0 if name == "header.csv" else 1)
    assert here.facts("status")["services"]["analytics"]["complaints"] == 0


def test_a_number_of_an_earlier_import_with_other_content_is_refused_and_changes_nothing(
    here: Installation, tmp_path: Path
) -> None:
    asked = ("import", str(tmp_path / "a.xlsx"), "--map", "ledger")
    a_workbook(tmp_path / "a.xlsx", [LEDGER, a_line(9001)])
    assert here.ended(*asked).stdout.startswith("read 1, created 1, known 0, refused 0 - ")
    a_workbook(tmp_path / "a.xlsx", [LEDGER, a_line(9001, 投诉人="李四"), a_line(9002)])
    done = here.ended(*asked, "--dry-run")
    assert (done.returncode, done.stderr) == (1, f"第2行 编号 “9001”: {BEFORE}\n")
    assert done.stdout.startswith("read 2, created 1, known 0, refused 1 - ")
    assert here.ended(*asked, "--lang", "en").stderr == (
        "Row 2 编号 “9001”: This number was registered before with other content, and what is "
        "registered was not changed; change the number, or correct the case itself.\n"
    )
    a_workbook(tmp_path / "a.xlsx", [LEDGER, a_line(9001), a_line(9002)])
    assert here.ended(*asked).stdout.startswith("read 2, created 0, known 2, refused 0 - ")


BEFORE = "同一编号以前登记过，内容不同，登记的没有改动；请改编号，或到案件里更正。"


def test_a_report_that_cannot_be_written_is_noticed_before_anything_is_taken(
    here: Installation, wrong: Path, tmp_path: Path
) -> None:
    asked = ("import", str(wrong), "--map", "ledger", "--errors")
    nowhere = tmp_path / "no" / "report.csv"
    done = here.ended(*asked, str(nowhere))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"写不了报告“{nowhere}”：No such file or directory；请换一个地方。什么也没有导入。\n"
    )
    before = wrong.read_bytes()
    done = here.ended(*asked, str(wrong), "--lang", "en")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"The report “{wrong}” is the file to be imported and would replace it; choose another "
        "name.\n"
    )
    assert wrong.read_bytes() == before
    tried = here.facts("import", str(wrong), "--map", "ledger", "--dry-run", code=1)
    assert tried["created"] == 2
