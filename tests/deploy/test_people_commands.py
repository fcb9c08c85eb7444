"""Roles, units and spreadsheets of people, as they are typed on the console."""

import csv
import json
import stat
from pathlib import Path

import pytest

from tests.deploy.installation import Installation

HELD = "This person holds this role here already.\n"
NOT_HELD = "This person does not hold this role here.\n"
TAKEN = "This account exists already; please choose another name.\n"


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    """A folder whose first start is behind it, with nothing in it."""
    made = Installation(tmp_path / "data")
    made.run("staff", "add", "lin", "--display", "林静")
    return made


def table(path: Path, *lines: str) -> str:
    path.write_text("\n".join(lines) + "\n", encoding="gbk")
    return str(path)


def test_units_and_people_come_from_files_once_and_are_listed(
    here: Installation, tmp_path: Path
) -> None:
    units = table(tmp_path / "units.csv", "代码,名称,上级代码", "cs,船山区,sn", "sn,遂宁市,")
    people = table(
        tmp_path / "people.csv",
        "账号,姓名,部门代码,角色",
        "wang,王芳,cs,调解员、统计员",
        "li,李强,nowhere,调解员",
    )
    assert here.facts("units", "import", units, "--dry-run")["new"] == 2
    assert here.facts("units", "list")["items"] == []
    assert here.facts("units", "import", units)["new"] == 2
    listed = here.facts("units", "list")["items"]
    assert [(one["code"], one["level"], one["parent"]) for one in listed] == [
        ("sn", 1, ""),
        ("cs", 2, "sn"),
    ]
    dry = here.ended("staff", "import", people, "--dry-run", "--lang", "zh")
    assert (dry.returncode, "没有部门代码「nowhere」" in dry.stderr) == (1, True)
    done = here.facts("staff", "import", people, code=1)
    assert (done["new"], done["refused"]) == (1, 1)
    kept = Path(done["passwords_file"])
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with kept.open(encoding="utf-8-sig", newline="") as file:
        [head, wang] = list(csv.reader(file))
    assert (head, wang[:2], len(wang[2])) == (["账号", "姓名", "密码"], ["wang", "王芳"], 19)
    handed_out = kept.read_bytes()
    again = here.facts("staff", "import", people, code=1)
    assert (again["new"], again["same"], again["refused"]) == (0, 1, 1)
    assert kept.read_bytes() == handed_out, "nobody is new, and no file is asked for"
    kept.unlink()
    assert here.facts("staff", "import", people, code=1)["same"] == 1
    assert not kept.exists()
    people_now = {one["name"]: one for one in here.facts("staff", "list")["items"]}
    assert people_now["wang"]["roles"] == ["mediator", "statistician"]
    assert people_now["wang"]["unit"] == "cs"


def test_the_same_people_twice_are_no_fault_and_ask_for_no_file(
    here: Installation, tmp_path: Path
) -> None:
    people = table(tmp_path / "people.csv", "账号,姓名,角色", "wang,王芳,调解员")
    made = here.facts("staff", "import", people)
    assert (made["new"], Path(made["passwords_file"])) == (1, tmp_path / "people.csv.passwords.csv")
    before = here.facts("staff", "list")["items"]
    files = {one: one.read_bytes() for one in tmp_path.glob("*.csv")}
    assert len(files) == 2
    done = here.ended("staff", "import", people)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "read 1, new 0, changed 0, same 1, refused 0\n",
        "",
    )
    nowhere = str(tmp_path / "none" / "x.csv")
    assert here.facts("staff", "import", people, "--passwords", nowhere)["same"] == 1
    assert here.facts("staff", "list")["items"] == before
    assert {one: one.read_bytes() for one in tmp_path.glob("*.csv")} == files


@pytest.mark.parametrize(
    ("passwords", "why"),
    [
        ("none/x.csv", "cannot be written: No such file or directory."),
        ("there.csv", "is there already. Hand its passwords out and delete it first."),
    ],
)
def test_without_a_file_for_their_passwords_no_account_is_made(
    here: Installation, tmp_path: Path, passwords: str, why: str
) -> None:
    (tmp_path / "there.csv").write_text("passwords of others")
    people = table(tmp_path / "people.csv", "账号,姓名,角色", "wang,王芳,调解员")
    before, left = here.facts("staff", "list")["items"], sorted(tmp_path.iterdir())
    path = tmp_path / passwords
    done = here.ended("staff", "import", people, "--passwords", str(path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{path} {why} Nothing was imported.\n"
    assert here.facts("staff", "list")["items"] == before
    assert sorted(tmp_path.iterdir()) == left
    assert (tmp_path / "there.csv").read_text() == "passwords of others"


def test_a_name_with_commas_and_quotation_marks_is_one_cell_of_the_password_file(
    here: Installation, tmp_path: Path
) -> None:
    people = table(tmp_path / "people.csv", "账号,姓名,角色", 'wang,"王芳, ""小王""",调解员')
    path = tmp_path / "passwords.csv"
    made = here.facts("staff", "import", people, "--passwords", str(path))
    assert (made["new"], made["passwords_file"]) == (1, str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        [head, wang] = list(csv.reader(file))
    assert (head, wang[:2], len(wang[2])) == (
        ["账号", "姓名", "密码"],
        ["wang", '王芳, "小王"'],
        19,
    )


def test_a_file_that_cannot_be_read_leaves_no_password_file(
    here: Installation, tmp_path: Path
) -> None:
    people = table(tmp_path / "people.csv", "姓名,角色", "王芳,调解员")
    assert here.ended("staff", "import", people).returncode == 1
    assert [one.name for one in tmp_path.glob("*.csv")] == ["people.csv"]


def test_a_role_is_given_and_taken_away_on_the_console(here: Installation) -> None:
    def roles() -> list[str]:
        [lin] = here.facts("staff", "list")["items"]
        found: list[str] = lin["roles"]
        return found

    assert here.run("staff", "grant", "lin", "leader") == "lin holds leader.\n"
    assert roles() == ["leader", "mediator"]
    done = here.ended("staff", "grant", "lin", "leader")
    assert (done.returncode, done.stderr) == (1, HELD)
    for wrong, why in (
        (["--from", "tomorrow"], "'tomorrow' is no day"),
        (["--unit", "nowhere"], "There is no unit 'nowhere'"),
    ):
        done = here.ended("staff", "grant", "lin", "statistician", *wrong)
        assert (done.returncode, why in done.stderr) == (1, True)
    assert roles() == ["leader", "mediator"]
    here.run("staff", "revoke", "lin", "leader")
    assert roles() == ["mediator"]
    done = here.ended("staff", "revoke", "lin", "leader")
    assert (done.returncode, done.stderr) == (1, NOT_HELD)


def test_an_account_is_of_the_first_body_unless_another_or_all_are_named(
    here: Installation,
) -> None:
    here.run("staff", "add", "one", "--role", "administrator")
    here.run("staff", "add", "two", "--role", "administrator", "--body", "all")
    here.run("staff", "add", "three", "--role", "mediator", "--body", "demo")
    here.run("staff", "grant", "three", "auditor")
    here.run("staff", "grant", "three", "statistician", "--body", "all")
    before = here.facts("staff", "list")["items"]
    where = {one["name"]: one["body"] for one in before}
    assert (where["one"], where["two"], where["three"]) == ("main", "", "demo")
    done = here.ended("staff", "add", "four", "--body", "nowhere")
    assert (done.returncode, done.stderr) == (
        1,
        "There is no body 'nowhere'; known: main, demo, or all.\n",
    )
    assert here.facts("staff", "list")["items"] == before
    told = here.run("staff", "add", "--help") + here.run("staff", "grant", "--help")
    assert " ".join(told.replace("│", " ").split()).count("default: the first one; all:") == 2
    for name, body in (("one", ""), ("three", "all")):
        more = ("--body", body) if body else ()
        role = "administrator" if name == "one" else "statistician"
        here.run("staff", "revoke", name, role, *more)
    roles = {one["name"]: one["roles"] for one in here.facts("staff", "list")["items"]}
    assert (roles["one"], roles["three"]) == ([], ["mediator", "auditor"])


def test_a_blank_in_a_name_and_a_role_twice_are_refused_in_english(here: Installation) -> None:
    before = here.facts("staff", "list")["items"]
    for name in ("x y", "x", "a/b"):
        done = here.ended("staff", "add", name)
        assert done.returncode == 1
        assert done.stderr.startswith("A name to log in with has 2 to 40 letters, digits and")
    done = here.ended("staff", "add", "lin")
    assert (done.returncode, done.stderr) == (1, TAKEN)
    done = here.ended("units", "list", "--body", "all")
    assert done.stderr == "Units belong to one body; name it: main, demo.\n"
    assert here.facts("staff", "list")["items"] == before


def test_a_file_that_lacks_its_columns_is_refused_whole(here: Installation, tmp_path: Path) -> None:
    done = here.ended("staff", "import", table(tmp_path / "x.csv", "姓名,角色", "王芳,调解员"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("“x.csv”缺少列：账号/name/account/登录名")
    assert json.loads(here.run("staff", "list", "--json"))["items"][0]["name"] == "lin"
