"""Giving memory back never harms, and ends when it is asked to."""

import asyncio
import subprocess
import sys

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


def test_what_is_loaded_at_the_start_is_not_looked_through_again() -> None:
    """In a process of its own: it changes how all of Python works."""
    told = (
        "import gc; from deploy.cli.memory import look_seldom; look_seldom();"
        " print(gc.get_freeze_count() > 1000, gc.get_threshold())"
    )
    said = subprocess.check_output([sys.executable, "-c", told], text=True)  # noqa: S603 - our own
    assert said == "True (10000, 20, 100)\n"


def test_libraries_end_in_silence_all_the_same() -> None:
    """DuckDB lists on standard error whatever is still there when Python has ended."""
    told = (
        "import duckdb; from services.analytics import main; from deploy.cli.memory import"
        " look_seldom; kept = duckdb.connect(); kept.execute('SELECT 1'); look_seldom()"
    )
    ended = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    )
    assert (ended.stdout, ended.stderr) == ("", "")
