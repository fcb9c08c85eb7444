"""Who hangs up ends an operation: where it tells how far it is, or, if it is silent, anywhere."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from deploy.cli import control
from deploy.cli.control import ENDING, lines
from deploy.cli.operations import OPERATIONS
from deploy.cli.say import Counted, Facts
from shared.runtime.embedded import Embedded


async def hung_up_on(platform: Embedded, name: str) -> None:
    """Hear the first line of an operation, hang up, and wait until it has ended."""
    told = lines(platform, name, {})
    assert json.loads(await anext(told)) == {"done": 0, "of": 2}
    await told.aclose()
    await asyncio.gather(*ENDING)


async def test_a_statement_that_runs_is_finished_and_nothing_after_it_is_done(
    platform: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    went = list[str]()

    async def operation(_: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
        progress(0, 2)
        await asyncio.sleep(0.1)
        went.append("finished")
        progress(1, 2)
        went.append("went on")
        return {}

    monkeypatch.setitem(OPERATIONS, "slow", operation)
    await hung_up_on(platform, "slow")
    assert went == ["finished"]


async def test_an_operation_that_stays_silent_is_cancelled(
    platform: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    went = list[str]()

    async def operation(_: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
        progress(0, 2)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            went.append("cancelled")
            raise
        return {}

    monkeypatch.setattr(control, "SILENT", 0.05)
    monkeypatch.setitem(OPERATIONS, "silent", operation)
    await hung_up_on(platform, "silent")
    await asyncio.sleep(0)
    assert went == ["cancelled"]
