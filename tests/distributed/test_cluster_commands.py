"""`redress cluster up`, `status` and `down`, with the supervisor that stays."""

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy import cluster
from deploy.cluster import state
from deploy.cluster.identity import same
from deploy.cluster.layout import Layout
from deploy.processes import ClusterError, MissingError, answers, free_port
from tests.databases import missing_is

pytestmark = [pytest.mark.distributed, pytest.mark.postgres, pytest.mark.kafka]
NAMES = ["postgresql", "kafka-1", "intake", "mediation", "notification", "analytics", "front"]


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="redress-up-", ignore_cleanup_errors=True) as tmp:
        Path(tmp).chmod(0o711)
        yield Path(tmp) / "data"
        cluster.down(Path(tmp) / "data", tell=quiet)


def quiet(words: str) -> None:
    assert words


def until(true: Callable[[], Any], patience: float = 120) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def process(data: Path, name: str) -> dict[str, Any]:
    [found] = [one for one in cluster.status(data)["processes"] if one["name"] == name]
    return dict(found)


def test_up_kill_up_again_and_down(data: Path) -> None:
    port = free_port()
    try:
        facts = cluster.up(port, data, tell=quiet)
    except MissingError as error:
        missing_is(error)
    assert facts["address"] == f"http://127.0.0.1:{port}"
    assert [one["name"] for one in facts["processes"]] == NAMES
    assert all(one["alive"] for one in facts["processes"])
    assert facts["versions"]["kafka"] == "4.3.1"

    nothing_secret_is_told(data)
    it_is_not_started_twice(data, port, facts)
    a_killed_one_comes_back(data)
    a_killed_supervisor_is_noticed(data)

    assert cluster.down(data, tell=quiet) is True
    noted = state.read(Layout(data).state)["processes"]
    assert not [one for one in noted if same(one["pid"], one["born"])]
    assert not answers(port)
    assert cluster.down(data, tell=quiet) is False


def nothing_secret_is_told(data: Path) -> None:
    layout = Layout(data)
    assert layout.environment.stat().st_mode & 0o777 == 0o600
    secrets = layout.passwords.read_text().split('"')[3::4]
    assert len(secrets) == 4
    told = layout.state.read_text() + (layout.logs / "supervisor.log").read_text()
    assert not [one for one in secrets if one in told]


def it_is_not_started_twice(data: Path, port: int, facts: dict[str, Any]) -> None:
    again = cluster.up(port, data, tell=quiet)
    assert [one["pid"] for one in again["processes"]] == [one["pid"] for one in facts["processes"]]
    with pytest.raises(ClusterError, match="runs there already"):
        cluster.up(port + 10, data, tell=quiet)


def a_killed_one_comes_back(data: Path) -> None:
    before = process(data, "intake")
    os.kill(before["pid"], signal.SIGKILL)
    until(lambda: process(data, "intake")["restarts"] == 1)
    until(lambda: process(data, "intake")["ready"] == "ready")
    assert process(data, "intake")["pid"] != before["pid"]


def a_killed_supervisor_is_noticed(data: Path) -> None:
    supervisor = state.read(Layout(data).state)["supervisor"]
    os.kill(supervisor["pid"], signal.SIGKILL)
    until(lambda: not same(supervisor["pid"], supervisor["born"]))
    status = cluster.status(data)
    assert (status["running"], status["phase"]) == (False, "abandoned")
    assert all(one["alive"] for one in status["processes"])
