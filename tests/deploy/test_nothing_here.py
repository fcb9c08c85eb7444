"""Commands that only look make nothing where there is no installation; a stopped one reads so."""

import asyncio
import signal
from pathlib import Path

import pytest

from deploy.cli.folder import NothingHereError
from deploy.cli.reach import ask
from shared.settings import CommonSettings
from tests.deploy.files import MAILBOX, a_message, a_workbook
from tests.deploy.installation import Installation

LOOKS = [
    "status",
    "keys",
    "keys-rotate",
    "replay",
    "rebuild",
    "demo-remove",
    "staff-list",
    "staff-change",
    "staff-end",
    "staff-reset",
    "staff-grant",
    "staff-revoke",
    "units-list",
    "privacy-copy",
    "privacy-reapply",
    "audit-verify",
    "audit-head",
]
TRIED = ["staff-import", "units-import", "calendar-import"]
ASKED = [*((name, {}) for name in LOOKS), *((name, {"dry_run": True}) for name in TRIED)]


def nothing_at(folder: Path) -> str:
    return f"no installation here: {folder}; start one with redress up --data {folder}"


@pytest.mark.parametrize(("name", "asked"), ASKED)
def test_what_begins_no_installation_makes_none(
    tmp_path: Path, name: str, asked: dict[str, bool]
) -> None:
    common = CommonSettings(data=tmp_path / "data")
    with pytest.raises(NothingHereError) as refused:
        asyncio.run(ask(common, name, asked))
    assert str(refused.value) == nothing_at(tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["status"], ["status", "--json"], ["keys", "show"]])
def test_in_the_wrong_folder_a_command_ends_with_one_and_says_how_to_begin(
    tmp_path: Path, command: list[str]
) -> None:
    folder = tmp_path / "wrong"
    folder.mkdir()
    (folder / "letter.txt").write_text("something else")
    done = Installation(folder).ended(*command)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == nothing_at(folder) + "\n"
    assert [one.name for one in tmp_path.rglob("*")] == ["wrong", "letter.txt"]


def test_a_dry_run_of_complaints_where_nothing_is_makes_nothing(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "留言.xlsx", [MAILBOX, a_message(1)])
    here = Installation(tmp_path / "data")
    done = here.ended("import", str(path), "--map", "mayor-mailbox", "--dry-run")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == nothing_at(here.folder) + "\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_stopped_installation_tells_its_figures_and_that_it_does_not_run(tmp_path: Path) -> None:
    here = Installation(tmp_path / "data")
    here.run("demo", "--complaints", "3")
    stopped = f"not running; start it with redress up --data {here.folder}\n"
    done = here.ended("status")
    assert (done.returncode, done.stderr) == (1, stopped)
    assert done.stdout.rstrip().endswith("embedded, version 0.1.0")
    facts = here.facts("status", code=1)
    assert (facts["mode"], facts["running"]) == ("embedded", False)
    assert facts["services"]["analytics"]["complaints"] == 3
    here.up("--no-demo")
    try:
        assert here.facts("status")["running"] is True
        assert here.ended("status").stderr == ""
    finally:
        here.down(signal.SIGKILL)
    done = here.ended("status")
    assert (done.returncode, done.stderr) == (1, stopped)
