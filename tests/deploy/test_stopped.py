"""What commands say of a distributed installation that does not run, and of one that does."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli.app import app
from deploy.cli.commands.cluster import show
from deploy.cluster.layout import Layout, Ports
from shared.vault import Vault, write_key_file

SERVICES = ("intake", "mediation", "notification", "analytics")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vault: Vault) -> Path:
    """A distributed installation whose processes and databases are all away."""
    write_key_file(vault, tmp_path / "data.key")
    (tmp_path / "data").mkdir()
    for name in SERVICES:
        nowhere = "postgresql+asyncpg://one:two@127.0.0.1:1/none"
        monkeypatch.setenv(f"{name.upper()}_DATABASE_URL", nowhere)
        monkeypatch.setenv(f"REDRESS_{name.upper()}_URL", "http://127.0.0.1:1")
    return tmp_path / "data"


def cluster_in(data: Path, port: int) -> None:
    """What a cluster that was started there once has left."""
    ports = Ports(port, dict.fromkeys(SERVICES, 1), 1, ((1, 1),))
    ports.write(Layout(data).ports)


@pytest.mark.parametrize(
    ("port", "start"),
    [
        (None, "docker compose up --detach --wait"),
        (8000, "redress cluster up --data {data}"),
        (8100, "redress cluster up --data {data} --port 8100"),
    ],
)
def test_the_status_of_what_is_stopped_is_one_line_that_says_how_to_start_it(
    data: Path, port: int | None, start: str
) -> None:
    if port is not None:
        cluster_in(data, port)
    done = CliRunner().invoke(app, ["status", "--data", str(data)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"not running; start it with {start.format(data=data)}\n"


def test_the_status_of_what_is_stopped_names_each_service_as_json(data: Path) -> None:
    done = CliRunner().invoke(app, ["status", "--json", "--data", str(data)])
    assert done.exit_code == 1
    services = json.loads(done.stdout)["services"]
    assert [name for name in services if services[name]["unreachable"]] == list(SERVICES)
    assert done.stderr == "not running; start it with docker compose up --detach --wait\n"


def test_a_cluster_that_never_was_is_said_not_to_run(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["cluster", "status", "--data", str(tmp_path / "data")])
    assert (done.exit_code, done.stdout) == (1, "")
    start = f"redress cluster up --data {tmp_path / 'data'}"
    assert done.stderr == f"not running; start it with {start}\n"


def test_a_cluster_that_was_stopped_is_said_not_to_run_whatever_its_address_was(
    tmp_path: Path,
) -> None:
    one = {"name": "intake", "pid": 1, "born": "never", "restarts": 0, "log": "intake.log"}
    address = "http://127.0.0.1:8100"
    left = {"phase": "stopped", "address": address, "addresses": {}, "processes": [one]}
    (tmp_path / "cluster.json").write_text(json.dumps(left))
    done = CliRunner().invoke(app, ["cluster", "status", "--data", str(tmp_path)])
    assert done.exit_code == 1
    table = [line.split() for line in done.stdout.splitlines()]
    assert table == [
        ["process", "pid", "alive", "ready", "address"],
        ["intake", "1", "NO", "-"],
    ]
    start = f"redress cluster up --data {tmp_path} --port 8100"
    assert done.stderr == f"not running; start it with {start}\n"


def test_readiness_is_shown_in_words_as_it_is_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    def process(name: str, ready: str | None) -> dict[str, Any]:
        return {"name": name, "pid": 7, "alive": True, "ready": ready, "address": "x"}

    processes = [process("intake", "ready"), process("mediation", "no bus"), process("kafka", None)]
    show({"running": True, "address": "http://127.0.0.1:8000", "processes": processes}, json=False)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        ["process", "pid", "alive", "ready", "address"],
        ["intake", "7", "yes", "ready", "x"],
        ["mediation", "7", "yes", "no", "bus", "x"],
        ["kafka", "7", "yes", "-", "x"],
        ["Redress", "(和解通):", "http://127.0.0.1:8000"],
    ]
