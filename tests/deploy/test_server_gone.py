"""What a command says whose server is gone, or does not answer."""

import asyncio
import socket
from collections.abc import Generator
from contextlib import closing

import pytest

from deploy.cli import reach
from deploy.cli.errors import CannotError
from deploy.cli.folder import FolderTakenError, note_running, owning, prepare, socket_of
from deploy.cli.reach import ask_the_owner
from deploy.cli.say import nobody_watches
from shared.settings import CommonSettings


@pytest.fixture
def door(common: CommonSettings) -> Generator[socket.socket]:
    """The control socket of a folder, answered by the test."""
    prepare(common.data)
    with closing(socket.socket(socket.AF_UNIX)) as made:
        made.bind(str(socket_of(common)))
        made.listen()
        yield made


async def hang_up(door: socket.socket) -> None:
    """Take a question and end, as a process does that is killed."""
    loop = asyncio.get_running_loop()
    door.settimeout(0)
    asked, _ = await loop.sock_accept(door)
    with closing(asked):
        await loop.sock_recv(asked, 1000)


async def test_a_server_that_was_killed_is_not_told_as_one_that_runs(
    common: CommonSettings, door: socket.socket
) -> None:
    """Its lock went with it; what it noted of itself stays."""
    note_running(common, "http://127.0.0.1:8000")
    with pytest.raises(CannotError) as told:
        await asyncio.gather(
            ask_the_owner(common, "keys-rotate", {}, nobody_watches), hang_up(door)
        )
    assert type(told.value) is CannotError
    assert str(told.value) == (
        "The server ended before this was done. "
        "What was done stays done; run the same command again."
    )


async def test_a_server_that_has_the_folder_and_does_not_answer_is_named(
    common: CommonSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "LETTING_GO", 0.0)
    with owning(common):
        note_running(common, "http://127.0.0.1:8000")
        with pytest.raises(FolderTakenError, match="Stop that one first"):
            await ask_the_owner(common, "keys-rotate", {}, nobody_watches)
