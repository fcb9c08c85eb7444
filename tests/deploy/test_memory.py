"""Giving memory back never harms, and ends when it is asked to."""

import asyncio

import pytest

from deploy.cli import memory


async def test_memory_is_given_back_again_and_again_until_the_server_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "EVERY", 0.001)
    memory.keep_little()
    task = asyncio.create_task(memory.give_back())
    await asyncio.sleep(0.02)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
