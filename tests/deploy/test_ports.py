"""Ports of this machine are given out once each."""

import socket

import pytest

from deploy.processes import ClusterError, free_port
from deploy.processes.ports import GIVEN, OURS


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> range:
    """Three neighbours that are free, and the only ones there are."""
    first = next(
        one
        for one in OURS
        if all(free(one + more) and one + more not in GIVEN for more in range(3))
    )
    monkeypatch.setattr("deploy.processes.ports.OURS", range(first, first + 3))
    return range(first, first + 3)


def free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_who_was_given_a_port_has_it_though_nobody_listens_there_yet(three: range) -> None:
    assert sorted(free_port() for _ in three) == list(three)
    with pytest.raises(ClusterError, match=f"no port of {three.start} to {three.stop - 1} is free"):
        free_port()


def test_a_port_that_was_wanted_is_given_to_nobody_else(three: range) -> None:
    assert free_port(three[1]) == three[1]
    assert sorted(free_port() for _ in range(2)) == [three[0], three[2]]


def test_where_the_wanted_one_is_taken_there_is_another(three: range) -> None:
    with socket.create_server(("127.0.0.1", three[0])):
        assert free_port(three[0]) in three[1:]
