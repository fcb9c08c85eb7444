"""Legal dates from the console."""

import csv
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli.app import app
from deploy.cli.errors import CannotError, WrongUsageError
from tests.deploy.installation import PATIENCE, REDRESS


def said(*arguments: str, data: Path) -> str:
    done = CliRunner().invoke(app, [*arguments, "--data", str(data)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def explained(*arguments: str, data: Path) -> Any:
    return json.loads(said("clock", "explain", *arguments, "--json", data=data))


def test_a_period_of_working_days_steps_over_the_festival(tmp_path: Path) -> None:
    answer = explained("--clock", "accept", "--from", "2026-02-11", data=tmp_path)
    assert (answer["target_due"], answer["legal_due"]) == ("2026-02-27", "2026-02-27")
    assert answer["status"] == "FINAL"
    assert answer["derivation"]["festivals"] == ["春节"]
    assert answer["sentence"].startswith("自2026-02-11收到之次日起7个工作日")


def test_an_instant_counts_from_its_day_in_shanghai(tmp_path: Path) -> None:
    night = explained("--clock", "forward", "--from", "2026-06-01T17:00:00Z", data=tmp_path)
    assert night["derivation"]["start"] == "2026-06-02"


def test_pauses_and_an_extension_move_the_day(tmp_path: Path) -> None:
    plain = explained("--clock", "mediate", "--from", "2026-03-02", data=tmp_path)
    paused = explained(
        "--clock", "mediate", "--from", "2026-03-02", "--pause", "2026-03-10..2026-03-20",
        "--extension", "2026-03-25", data=tmp_path,
    )  # fmt: skip
    assert plain["target_due"] == "2026-04-01"
    assert paused["target_due"] == "2026-05-11"
    assert paused["derivation"]["excluded"] == 10


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--clock", "nap", "--from", "2026-01-01"], "没有期限「nap」"),
        (["--pack", "nap", "--clock", "accept", "--from", "2026-01-01"], "没有名为「nap」的规则包"),
        (["--clock", "accept", "--from", "soon"], "'soon' is no day or instant"),
        (["--clock", "mediate", "--from", "2026-01-01", "--pause", "x"], "'x' is no pause"),
        (["--clock", "forward", "--from", "2026-01-01", "--extension", "2026-01-02"], "不能延长"),
    ],
)
def test_what_the_rules_do_not_know_is_refused_in_words(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(WrongUsageError, match=sentence):
        said("clock", "explain", *arguments, data=tmp_path)


@pytest.mark.parametrize(
    ("clock", "start", "pack", "sentence"),
    [
        ("accept", "soon", "association", "'soon' is no day or instant: write 2026-02-11.\n"),
        ("accept", "2026-01-01", "nap", "没有名为「nap」的规则包"),
        ("nap", "2026-01-01", "association", "没有期限「nap」"),
    ],
)
def test_a_date_a_clock_or_a_pack_that_is_none_ends_as_wrong_usage_does(
    tmp_path: Path, clock: str, start: str, pack: str, sentence: str
) -> None:
    asked = ["--clock", clock, "--from", start, "--pack", pack, "--data", str(tmp_path)]
    done = subprocess.run(  # noqa: S603 - our own program
        [*REDRESS, "clock", "explain", *asked, "--lang", "zh"],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_a_file_of_cases_is_answered_line_by_line(tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text(
        "id,pack,clock,from,pauses\n"
        "1,association,accept,2026-02-11,\n"
        "2,,mediate,2026-03-02,2026-03-10..2026-03-20\n"
        "3,,nap,2026-03-02,\n"
    )
    done = CliRunner().invoke(
        app, ["clock", "explain", "--cases", str(cases), "--data", str(tmp_path)]
    )
    assert done.exit_code == 1
    lines = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(one["id"], one["legal_due"]) for one in lines] == [
        ("1", "2026-02-27"), ("2", "2026-04-13"), ("3", ""),
    ]  # fmt: skip
    assert "没有期限「nap」" in lines[2]["error"]
    assert done.stderr == "1 lines could not be answered; see their last column.\n"


def answers(cases: Path, *arguments: str) -> tuple[list[dict[str, str]], int]:
    asked = ["clock", "explain", "--cases", str(cases), "--data", str(cases.parent), *arguments]
    done = CliRunner().invoke(app, asked)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return list(csv.DictReader(io.StringIO(done.stdout))), done.exit_code


def test_a_line_that_is_too_short_or_too_long_says_so_and_the_others_are_answered(
    tmp_path: Path,
) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text(
        "clock,from,pauses\naccept\naccept,2026-02-11,,,more\naccept,2026-02-11\n"
        "accept,9999-12-31,\naccept,0001-01-01T00:00:00+00:00,\n"
    )
    lines, code = answers(cases)
    assert code == 1
    assert [(one["legal_due"], one["error"]) for one in lines[:3]] == [
        ("", "This line says nothing under from."),
        ("", "This line has more cells than there are columns."),
        ("2026-02-27", ""),
    ]
    assert lines[3]["error"]
    assert len(lines) == 5


def test_a_file_of_cases_in_gb18030_is_read_as_an_import_is(tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_bytes("编号,clock,from\n甲,accept,2026-02-11\n".encode("gb18030"))
    lines, code = answers(cases)
    assert (code, lines[0]["编号"], lines[0]["legal_due"]) == (0, "甲", "2026-02-27")
    cases.write_bytes(b"clock,from\n\xff\xff\xff,2026-02-11\n")
    assert answers(cases) == ([], 1)


def test_a_rule_refuses_in_the_language_that_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("clock", "explain", "--clock", "nap", "--from", "2026-01-01")
    with pytest.raises(CannotError, match="nap") as refused:
        said(*asked, "--lang", "en", data=tmp_path)
    assert str(refused.value) == (
        "The rule pack association has no clock “nap”; there are: accept、forward、reply、mediate."
    )
    cases = tmp_path / "cases.csv"
    cases.write_text("clock,from\nnap,2026-01-01\n")
    [line], _ = answers(cases, "--lang", "en")
    assert line["error"] == str(refused.value)
    monkeypatch.setenv("REDRESS_LANGUAGE", "en")
    with pytest.raises(CannotError) as again:
        said(*asked, data=tmp_path)
    assert str(again.value) == str(refused.value)


def test_a_year_shows_its_days_off_and_days_worked_instead(tmp_path: Path) -> None:
    facts = json.loads(said("calendar", "show", "2026", "--json", data=tmp_path))
    kinds = {one["date"]: one["kind"] for one in facts["days"]}
    assert (facts["working_days"], facts["confirmed"]) == (248, True)
    assert (kinds["2026-10-10"], kinds["2026-10-01"]) == ("ADJUSTED_WORK", "STATUTORY")
    assert "provisional" in said("calendar", "show", "2027", data=tmp_path).lower()


@pytest.mark.parametrize(
    "command",
    [
        ["up"], ["serve"], ["cluster", "up"], ["cluster", "down"], ["cluster", "status"],
        ["migrate"], ["topics"], ["import"], ["demo"], ["status"], ["replay"], ["rebuild"],
        ["doctor"], ["calendar", "show"], ["calendar", "import"], ["clock", "explain"],
        ["staff", "add"],
        ["staff", "change"], ["staff", "end"], ["staff", "reset"], ["staff", "grant"],
        ["staff", "revoke"], ["staff", "list"], ["staff", "import"], ["units", "list"],
        ["units", "import"],
    ],
)  # fmt: skip
def test_every_command_explains_itself_with_an_example(command: list[str]) -> None:
    done = CliRunner().invoke(app, [*command, "--help"])
    assert done.exit_code == 0
    assert f"Example: redress {' '.join(command)}" in done.output or (
        command == ["topics"] and "redress topics" in done.output
    )
