"""The commands as people type them: what they print, what they leave, how they end."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from deploy.cli.reach import ask
from shared.settings import CommonSettings
from tests.deploy.files import MAILBOX, a_message, a_workbook
from tests.deploy.installation import PATIENCE, REDRESS, Installation

NOBODY = "There is no such account; please check how it is written.\n"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Generator[Installation]:
    """A server on an empty folder, without demonstration data."""
    made = Installation(tmp_path_factory.mktemp("redress") / "data")
    made.first = made.up("--no-demo")
    yield made
    if made.server is not None and made.server.poll() is None:
        made.server.kill()
        made.down(signal.SIGKILL)


def test_the_first_start_says_its_address_key_and_passwords_once(here: Installation) -> None:
    first = here.first
    assert first["address"].startswith("http://127.0.0.1:")
    assert first["key_made"] == str(here.folder) + ".key"
    assert [one["name"] for one in first["accounts"]] == ["admin"]
    assert first["demo_complaints"] == 0
    [sender, post] = first["letters_lack"]
    assert sender.startswith("Letters have no name of your organisation")
    assert post.startswith("No mail server is set: e-mail waits on /notification/mail")
    kept = Path(first["passwords_file"])
    assert kept.stat().st_mode & 0o777 == 0o600
    assert first["accounts"][0]["password"] in kept.read_text()


def test_a_second_server_on_the_same_folder_names_the_first(here: Installation) -> None:
    done = here.ended("up", "--port", "0")
    assert done.returncode == 1
    assert f"({here.first['address']}). Stop that one first" in done.stderr


def test_the_status_is_asked_through_the_socket(here: Installation) -> None:
    facts = here.facts("status")
    assert (facts["mode"], facts["version"]) == ("embedded", "0.1.0")
    assert set(facts["services"]) == {"intake", "mediation", "notification", "analytics"}
    for one in facts["services"].values():
        assert (one["dead_letters"], one["troubles"]) == (0, {})
        assert one["migration"]["at"] == one["migration"]["newest"]


def test_rows_come_in_once_and_what_is_wrong_is_reported(
    here: Installation, tmp_path: Path
) -> None:
    rows = [MAILBOX, *(a_message(number) for number in range(1, 601))]
    rows += [a_message(601, 留言时间="25点"), a_message(602, 留言详情="字" * 10_001)]
    path = str(a_workbook(tmp_path / "留言.xlsx", rows))
    report = tmp_path / "report.xlsx"
    asked = ("import", path, "--map", "mayor-mailbox")
    counts = {"read": 602, "created": 600, "known": 0, "refused": 2}

    tried = here.facts(*asked, "--dry-run", code=1)
    assert {name: tried[name] for name in counts} == counts
    assert tried["dry_run"] is True
    taken = here.facts(*asked, "--errors", str(report), code=1)
    assert {name: taken[name] for name in counts} == counts
    again = here.ended(*asked)
    assert again.returncode == 1
    assert again.stdout.startswith("read 602, created 0, known 600, refused 2 - ")
    assert "第602行 留言时间 “25点”: 看不懂这个日期" in again.stderr

    sheet = load_workbook(report).active
    assert sheet is not None
    found = list(sheet.iter_rows(min_row=2, max_col=3, values_only=True))
    assert found == [(602, "留言时间", "25点"), (603, "留言详情", "字" * 59 + "…")]
    assert settled(here)["analytics"]["complaints"] == 600


def settled(here: Installation) -> Any:
    """The services once nothing waits any more. It is asked, not slept, until that is so."""
    common = CommonSettings(data=here.folder)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        services = asyncio.run(ask(common, "status"))["services"]
        waits = sum(one["outbox"] + one["lag"] for one in services.values())
        if not waits and services["analytics"]["complaints"]:
            return services
    raise AssertionError("Something waits for ever.")


def test_a_broken_file_and_an_unknown_map_change_nothing(
    here: Installation, tmp_path: Path
) -> None:
    before = settled(here)["analytics"]["complaints"]
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 and no more")
    done = here.ended("import", str(broken), "--map", "ledger")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("文件“broken.xlsx”已损坏")
    done = here.ended("import", str(broken), "--map", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert "自带的有：ledger、mayor-mailbox" in done.stderr
    assert settled(here)["analytics"]["complaints"] == before


def test_accounts_are_made_reset_and_ended_from_the_console(here: Installation) -> None:
    made = here.facts("staff", "add", "lin", "--display", "林调解员")
    reset = here.facts("staff", "reset", "lin")
    assert made["name"] == reset["name"] == "lin"
    assert made["password"] != reset["password"]
    changed = {"name": "lin", "phone": "0999-12315 转 8"}
    assert here.facts("staff", "change", "lin", "--phone", "０９９９-12315 转 8") == changed
    done = here.ended("staff", "change", "lin", "--phone", "")
    assert done.stdout == "lin: letters print no phone from now on.\n"
    assert here.facts("staff", "end", "lin") == {"name": "lin"}
    done = here.ended("staff", "change", "lin", "--phone", "call me")
    assert (done.returncode, done.stderr) == (1, "'call me' is no telephone: write 0999-12315.\n")
    for wrong in (("change", "nobody", "--phone", "12315"), ("end", "nobody")):
        done = here.ended("staff", *wrong)
        assert (done.returncode, done.stderr) == (1, NOBODY)
    done = here.ended("staff", "add", "wang", "--role", "king")
    assert done.returncode == 1
    assert done.stderr.startswith("There is no role 'king'; known: registrar, mediator,")


def test_fictitious_complaints_come_and_go(here: Installation) -> None:
    before = settled(here)["analytics"]["complaints"]
    assert here.facts("demo", "--complaints", "20", "--seed", "4")["made"] == 20
    assert settled(here)["analytics"]["complaints"] == before + 20
    assert here.facts("demo", "--remove") == {"removed": 20}
    assert settled(here)["analytics"]["complaints"] == before


def test_facts_are_made_anew_and_dead_letters_replayed(here: Installation) -> None:
    before = settled(here)["analytics"]["complaints"]
    assert here.facts("rebuild", "analytics")["events"] >= before
    assert settled(here)["analytics"]["complaints"] == before
    assert here.facts("replay", "--service", "mediation") == {"mediation": {"went": 0, "failed": 0}}


def test_asked_to_stop_it_closes_everything_and_the_files_answer(
    here: Installation, tmp_path: Path
) -> None:
    before = settled(here)["analytics"]["complaints"]
    assert here.down() == 0
    left = {path.name for path in here.folder.iterdir()}
    assert left == {"intake.db", "mediation.db", "notification.db", "analytics.db", "bus.db",
                    "facts.duckdb", "lock", "tmp"}  # fmt: skip
    assert [path.name for path in (here.folder / "tmp").iterdir()] == ["redress.lock"]
    assert here.facts("status", code=1)["services"]["analytics"]["complaints"] == before
    path = str(a_workbook(tmp_path / "more.xlsx", [MAILBOX, a_message(1), a_message(9001)]))
    taken = here.facts("import", path, "--map", "mayor-mailbox")
    assert [taken[name] for name in ("read", "created", "known", "refused")] == [2, 1, 1, 0]
    assert here.facts("status", code=1)["services"]["analytics"]["complaints"] == before + 1


def test_data_without_its_key_is_not_served(here: Installation) -> None:
    key = here.folder.with_name("data.key")
    away = key.rename(key.with_suffix(".away"))
    done = here.ended("up", "--port", "0")
    away.rename(key)
    assert done.returncode == 1
    assert "holds data, but its key" in done.stderr
    assert here.facts("status", code=1)["mode"] == "embedded"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["serve", "nothing"], "unknown service 'nothing'"),
        (["migrate", "nothing"], "unknown service 'nothing'"),
        (["rebuild", "intake"], "unknown thing to rebuild 'intake'"),
        (["replay", "x"], "x is no id of a dead letter"),
        (["clock", "explain"], "--clock and --from are needed"),
        (["import", "x.csv"], "Missing option '--map'"),
        (["nothing"], "No such command 'nothing'"),
    ],
)
def test_wrong_usage_ends_with_two_and_names_what_is_known(arguments: list[str], says: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [*REDRESS, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 2
    assert says in " ".join(done.stderr.replace("│", " ").split())
