"""What `redress cluster` refuses before it starts anything."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy import cluster
from deploy.cluster import commands
from deploy.cluster.layout import Ports
from deploy.cluster.passwords import passwords
from deploy.processes import ClusterError, MissingError, free_port
from shared.sisters import SERVICES


def quiet(words: str) -> None:
    assert words


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("programs", "PostgreSQL"),
        ("java", "Java"),
        ("fetch", "Maven"),
        ("nginx", "nginx"),
    ],
)
def test_a_missing_program_is_named_and_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, what: str
) -> None:
    def missing() -> Callable[[], None]:
        raise MissingError(what, "install it")

    for other in ("programs", "java", "fetch", "nginx"):
        monkeypatch.setattr(commands, other, lambda: None)
    monkeypatch.setattr(commands, name, missing)
    with pytest.raises(MissingError, match=f"{what} is missing: install it"):
        cluster.up(data=tmp_path / "data", tell=quiet)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_the_embedded_mode_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "intake.db").touch()
    with pytest.raises(ClusterError, match="embedded installation"):
        cluster.up(data=tmp_path, tell=quiet)
    assert [one.name for one in tmp_path.iterdir()] == ["intake.db"]


def test_a_taken_port_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ClusterError, match=f"port {port} is taken"):
            Ports.choose(port, 1, None)


def test_ports_of_the_last_start_are_kept(tmp_path: Path) -> None:
    front = free_port()
    first = Ports.choose(front, 3, None)
    first.write(tmp_path / "ports.json")
    assert Ports.read(tmp_path / "ports.json") == first
    assert Ports.choose(front, 3, first) == first


def test_a_service_whose_usual_port_was_taken_keeps_the_one_it_got() -> None:
    front = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", front + len(SERVICES)))
        first = Ports.choose(front, 1, None)
        assert first.services["analytics"] != front + len(SERVICES)
        assert Ports.choose(front, 1, first) == first


def test_passwords_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    first = passwords(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert passwords(file) == first
    assert len(set(first.values())) == 4


def test_where_nothing_ever_ran_there_is_nothing_to_stop(tmp_path: Path) -> None:
    assert cluster.down(tmp_path, tell=quiet) is False
    assert cluster.status(tmp_path)["phase"] == "stopped"
    assert list(tmp_path.iterdir()) == []
