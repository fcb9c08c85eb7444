"""Fictitious complaints in the distributed mode: there, killed half-way and completed, and gone."""

import asyncio
import json
import os
import signal
import sys
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from deploy.cluster.machine import environment_of
from services.intake.tables import ComplaintRow
from shared.database import open_engine
from tests.distributed.platform import Distributed, clerk, soon

pytestmark = [pytest.mark.distributed, pytest.mark.postgres, pytest.mark.kafka]
MEASURES = ("received", "accepted", "closed", "letters_sent")
COMPLAINTS = 2500
WORDS = ("demo", "--complaints", str(COMPLAINTS), "--seed", "5")


async def started(platform: Distributed, *words: str) -> asyncio.subprocess.Process:
    """A command in a session of its own, so that it can be killed with all its processes."""
    machine = platform.machine
    own = {f"{name.upper()}_DATABASE_URL": url for name, url in machine.urls().items()}
    told = environment_of(machine.common(), machine.layout.data) | own
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.cli", *words, "--json"),
        env=told | {"PATH": "/usr/bin:/bin"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )


async def redress(platform: Distributed, *words: str) -> Any:
    """What a command says with `--json`."""
    process = await started(platform, *words)
    said, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()
    assert b"Traceback" not in complained
    return json.loads(said)


async def figures(desk: httpx.AsyncClient) -> dict[str, int]:
    """The figures of the demonstration's body."""
    found = {}
    for measure in MEASURES:
        asked = {"measure": measure, "body": "demo", "from": "2024-01-01"}
        answer = await desk.get("/analytics/api/v1/figures", params=asked)
        assert answer.is_success, answer.text
        found[measure] = answer.json()["total"]["value"]
    return found


async def first_complaint(platform: Distributed) -> None:
    """Wait until intake has one. The figures know it later, when perhaps all of them are there."""
    engine = open_engine(platform.machine.urls()["intake"])
    demo = select(func.count()).where(ComplaintRow.body == "demo")

    async def kept() -> int:
        async with engine.connect() as connection:
            return await connection.scalar(demo) or 0

    try:
        await soon(kept, bool, patience=120)
    finally:
        await engine.dispose()


async def is_quiet(platform: Distributed) -> bool:
    """Whether everybody has heard everything, and nothing had to be buried."""
    status = (await redress(platform, "status"))["services"].values()
    assert not any(one["dead_letters"] for one in status)
    return not any(one["outbox"] or one["lag"] for one in status)


async def at_rest(platform: Distributed, desk: httpx.AsyncClient, received: int) -> dict[str, int]:
    """The figures, once nothing waits and that many complaints are counted."""

    async def looked() -> dict[str, int]:
        return await figures(desk) if await is_quiet(platform) else {}

    return await soon(looked, lambda found: found.get("received") == received, patience=120)


async def test_killed_half_way_and_completed_then_removed_for_good(cluster: Distributed) -> None:
    async with clerk(cluster, "demo") as desk:
        loading = await started(cluster, *WORDS)
        await first_complaint(cluster)
        os.killpg(loading.pid, signal.SIGKILL)
        await loading.wait()
        made = (await redress(cluster, *WORDS))["made"]
        assert 0 <= made <= COMPLAINTS
        loaded = await at_rest(cluster, desk, COMPLAINTS)
        assert 0 < loaded["accepted"] < COMPLAINTS
        assert (await redress(cluster, *WORDS))["made"] == 0

        await redress(cluster, "rebuild", "analytics")
        assert await figures(desk) == loaded

        assert await redress(cluster, "demo", "--remove") == {"removed": COMPLAINTS}
        assert await redress(cluster, "demo", "--remove") == {"removed": 0}
        nothing = await at_rest(cluster, desk, 0)
        assert set(nothing.values()) == {0}
        await redress(cluster, "rebuild", "analytics")
        assert await figures(desk) == nothing
