"""`redress privacy copy` writes new files for their owner alone, or gives nothing out."""

import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.files import a_workbook
from tests.deploy.installation import Installation

WHO = ("--checked", "当面看了身份证", "--name", "张三", "--phone", "13800000000")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A folder with one complaint of somebody; no server runs."""
    made = Installation(tmp_path_factory.mktemp("redress") / "data")
    rows: list[list[Any]] = [
        ["编号", "登记时间", "投诉人", "联系电话", "商家", "投诉内容"],
        [1, "2026-05-02", "张三", "13800000000", "城南店", "办卡后关门"],
    ]
    file = a_workbook(made.folder.with_name("ledger.xlsx"), rows)
    made.run("import", str(file), "--map", "ledger")
    return made


def noted(here: Installation) -> list[str]:
    """What the trail says of copies, in their order."""
    with sqlite3.connect(here.folder / "mediation.db") as books:
        found = books.execute("SELECT action FROM audit_log WHERE action LIKE 'copy%' ORDER BY id")
        return [action for (action,) in found]


@pytest.mark.parametrize("taken", ["copy.zip", "copy-2.zip"])
def test_over_a_file_that_is_there_nothing_is_written_and_no_copy_is_given(
    here: Installation, tmp_path: Path, taken: str
) -> None:
    before = noted(here)
    (tmp_path / taken).write_text("evidence")
    done = here.ended("privacy", "copy", *WHO, "--out", str(tmp_path / "copy.zip"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"File exists: {tmp_path / taken}\n"
    assert noted(here) == before
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [(taken, "evidence")]


def test_into_a_folder_that_is_not_there_no_copy_is_given(
    here: Installation, tmp_path: Path
) -> None:
    before = noted(here)
    out = tmp_path / "none" / "copy.zip"
    done = here.ended("privacy", "copy", *WHO, "--out", str(out))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"No such file or directory: {out}\n"
    assert noted(here) == before
    assert list(tmp_path.iterdir()) == []


def test_a_copy_of_nobody_leaves_no_file(here: Installation, tmp_path: Path) -> None:
    before = noted(here)
    who = ("--checked", "看了身份证", "--name", "没有这个人", "--phone", "13899990000")
    done = here.ended("privacy", "copy", *who, "--out", str(tmp_path / "copy.zip"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("没有找到这个人的案件")
    assert noted(here) == before
    assert list(tmp_path.iterdir()) == []


def test_a_copy_is_one_archive_that_only_its_owner_reads(
    here: Installation, tmp_path: Path
) -> None:
    before = noted(here)
    out = tmp_path / "copy.zip"
    assert here.facts("privacy", "copy", *WHO, "--out", str(out)) == {"files": [str(out)]}
    assert out.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(out) as opened:
        assert "张三" in opened.read("everything.json").decode()
    assert list(tmp_path.iterdir()) == [out], "files of bodies without an archive are gone"
    assert noted(here) == [*before, "copy.asked", "copy.given"]
