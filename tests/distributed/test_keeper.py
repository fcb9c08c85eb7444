"""Programs that are kept running, with `sleep` as the program."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.cluster.identity import born, put_down, same
from deploy.cluster.keeper import Keeper
from deploy.processes import Program, start


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def keeper(said: list[str]) -> Iterator[Keeper]:
    one = Keeper(said.append)
    yield one
    one.stop(one.names())


@pytest.fixture
def sleeper(tmp_path: Path) -> Program:
    sleep = shutil.which("sleep")
    assert sleep is not None
    return Program("sleeper", (sleep, "600"), tmp_path / "sleeper.log", patience=5)


def pid_of(keeper: Keeper) -> int:
    [facts] = keeper.facts()
    pid = facts["pid"]
    assert isinstance(pid, int)
    return pid


def until(true: Callable[[], bool]) -> None:
    """Wait for something that surely comes; fail after ten seconds."""
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_falls_is_started_again_and_said(
    keeper: Keeper, sleeper: Program, said: list[str]
) -> None:
    keeper.start(sleeper)
    first = pid_of(keeper)
    keeper.kill("sleeper")
    until(lambda: keeper.tend() == 1)
    assert pid_of(keeper) != first
    assert keeper.facts()[0]["restarts"] == 1
    assert said == ["sleeper ended (SIGKILL); again in 0.2 s"]


def test_the_pause_grows_with_each_fall(keeper: Keeper, sleeper: Program, said: list[str]) -> None:
    keeper.start(sleeper)
    for _ in range(3):
        keeper.kill("sleeper")
        until(lambda: keeper.tend() == 1)
    assert [words.rpartition("again in ")[2] for words in said] == ["0.2 s", "0.4 s", "0.8 s"]


def test_what_is_held_stays_away_until_it_is_released(keeper: Keeper, sleeper: Program) -> None:
    keeper.start(sleeper)
    first = pid_of(keeper)
    keeper.kill("sleeper", hold=True)
    time.sleep(0.5)
    assert [keeper.tend() for _ in range(10)] == [0] * 10
    assert pid_of(keeper) == first
    keeper.release("sleeper")
    until(lambda: keeper.tend() == 1)
    assert pid_of(keeper) != first


def test_what_was_stopped_does_not_come_back(keeper: Keeper, sleeper: Program) -> None:
    process = keeper.start(sleeper)
    keeper.stop(["sleeper"])
    assert process.poll() == -signal.SIGTERM
    assert keeper.names() == []
    assert keeper.tend() == 0


def test_a_process_left_behind_is_ended_only_if_it_is_still_the_same(sleeper: Program) -> None:
    process = start(sleeper)
    when = born(process.pid)
    assert not put_down(process.pid, "1")
    assert same(process.pid, when)
    assert put_down(process.pid, when)
    process.wait()
    assert not same(process.pid, when)
    assert not put_down(process.pid, when)


def test_the_environment_of_a_program_is_never_shown(tmp_path: Path) -> None:
    program = Program("one", ("true",), tmp_path / "log", {"INTAKE_DATABASE_URL": "secret"})
    assert "secret" not in repr(program)
