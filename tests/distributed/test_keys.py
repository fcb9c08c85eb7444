"""Keys are rotated under four processes that go on writing; its console is killed on the way."""

import asyncio
import json
import signal
import sys
from typing import Any

import httpx
import pytest

from deploy.cluster.machine import environment_of
from tests.distributed.platform import Distributed, citizen, clerk, soon
from tests.distributed.test_console import SERVICES, redress
from tests.distributed.test_journey import PHONE, opened, sent

pytestmark = [pytest.mark.distributed, pytest.mark.postgres, pytest.mark.kafka]


async def found(desk: httpx.AsyncClient) -> int:
    """How many cases the desk finds by the phone that all complaints have."""
    answer = await desk.get("/mediation/api/v1/cases", params={"q": PHONE, "limit": 100})
    assert answer.status_code == httpx.codes.OK, answer.text
    return len(answer.json()["items"])


async def killed_in_the_middle(platform: Distributed) -> None:
    """A rotation whose console is killed as soon as the next key is there."""
    machine = platform.machine
    own = {f"{name.upper()}_DATABASE_URL": url for name, url in machine.urls().items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.cli", "keys", "rotate"),
        env=environment_of(machine.common(), machine.layout.data) | own | {"PATH": "/usr/bin:/bin"},
    )
    while keys_of(platform) == ["k1"]:
        assert process.returncode is None
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    await process.wait()


def keys_of(platform: Distributed) -> list[str]:
    """Which keys the key file holds."""
    return list(json.loads(platform.machine.common().key_path.read_text())["keys"])


async def complaining(person: httpx.AsyncClient, over: asyncio.Event) -> list[dict[str, Any]]:
    """Complaints, one after the other; none may be refused."""
    receipts = []
    while not over.is_set():
        receipts.append(await sent(person))
        await asyncio.sleep(0.3)
    return receipts


async def searching(desk: httpx.AsyncClient, over: asyncio.Event) -> list[int]:
    """How many cases were found, each time."""
    counts = []
    while not over.is_set():
        counts.append(await found(desk))
        await asyncio.sleep(0.3)
    return counts


async def test_a_rotation_that_was_killed_is_finished_while_complaints_come_in(
    cluster: Distributed,
) -> None:
    over = asyncio.Event()
    async with citizen(cluster) as person, clerk(cluster) as desk:
        first = [await sent(person) for _ in range(5)]
        for one in first:
            await opened(desk, one["number"])
        before = await soon(lambda: found(desk), lambda count: count >= len(first))
        writing = asyncio.create_task(complaining(person, over))
        reading = asyncio.create_task(searching(desk, over))

        await killed_in_the_middle(cluster)
        assert keys_of(cluster) == ["k1", "k2"]
        facts = await redress(cluster, "keys", "rotate")
        over.set()
        written, counts = await writing, await reading

        assert (facts["key"], facts["made"], facts["retired"]) == ("k2", False, ["k1"])
        assert (facts["unreadable"], facts["needed"]) == (0, [])
        assert keys_of(cluster) == ["k2"]
        assert counts == sorted(counts)
        assert counts[0] >= before
        for one in written:
            await opened(desk, one["number"])
        await soon(lambda: found(desk), lambda count: count >= min(100, before + len(written)))

    status = (await redress(cluster, "status"))["services"]
    assert {name: status[name]["key"] for name in SERVICES} == dict.fromkeys(SERVICES, "k2")
    assert {name: status[name]["dead_letters"] for name in SERVICES} == dict.fromkeys(SERVICES, 0)
    shown = await redress(cluster, "keys", "show")
    assert [(one["id"], one["active"]) for one in shown["keys"]] == [("k2", True)]
    assert shown["unknown"] == 0
    trail = await redress(cluster, "audit", "verify")
    assert trail["intact"] is True
    assert trail["services"]["mediation"]["rows"] > len(first)
    assert "KeyError" not in cluster.words()
