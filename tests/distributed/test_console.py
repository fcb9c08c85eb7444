"""The console of a distributed installation: the commands themselves, against four processes."""

import asyncio
import json
import sys
from typing import Any

import httpx
import pytest

from deploy.cluster.machine import environment_of
from shared.clock import system_clock
from shared.database import open_engine
from shared.events import encode
from shared.messaging.burying import bury
from shared.runtime.keys import vault_of
from shared.work import Database
from tests.distributed.platform import Distributed, all_counted, citizen, clerk
from tests.distributed.test_journey import opened, sent
from tests.shared.things import received

pytestmark = [pytest.mark.distributed, pytest.mark.postgres, pytest.mark.kafka]
SERVICES = {"intake", "mediation", "notification", "analytics"}
MEASURES = ("received", "accepted", "closed", "letters_sent")


async def redress(platform: Distributed, *words: str, wrong: int = 0) -> Any:
    """What a command says with `--json`."""
    machine = platform.machine
    own = {f"{name.upper()}_DATABASE_URL": url for name, url in machine.urls().items()}
    told = environment_of(machine.common(), machine.layout.data) | own
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.cli", *words, "--json"),
        env=told | {"PATH": "/usr/bin:/bin"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate()
    assert process.returncode == wrong, complained.decode()
    return json.loads(said)


async def figures(desk: httpx.AsyncClient) -> dict[str, Any]:
    """Every measure by channel."""
    asked = [{"measure": measure, "by": "channel"} for measure in MEASURES]
    answers = [await desk.get("/analytics/api/v1/figures", params=one) for one in asked]
    return {
        one["measure"]: answer.json()["items"] for one, answer in zip(asked, answers, strict=True)
    }


async def test_status_names_every_service_and_nothing_waits(cluster: Distributed) -> None:
    said = await redress(cluster, "status")
    assert said["mode"] == "distributed"
    assert set(said["services"]) == SERVICES
    for facts in said["services"].values():
        assert facts["dead_letters"] == 0
        assert facts["migration"]["at"] == facts["migration"]["newest"]
        assert "unreachable" not in facts


async def test_status_shows_what_each_service_says_of_itself(cluster: Distributed) -> None:
    services = (await redress(cluster, "status"))["services"]
    usual = {"outbox", "lag", "dead_letters", "troubles", "migration", "key"}
    own = {name: set(facts) - usual for name, facts in services.items()}
    assert own == {
        "intake": {"reporters_to_move", "erased_files_waiting"},
        "mediation": {
            "timers_due", "words_wanted", "words_unknown_to_intake", "amendments_waiting",
            "erasures_waiting", "retention_due",
            "search_waiting", "search_oldest_seconds", "search_keys", "search_filling",
            "log_checkpoints", "calendar", "calendar_published_to", "packs",
        },
        "notification": {"letters"},
        "analytics": {"positions", "complaints", "rebuilding", "as_of", "facts_schema"},
    }  # fmt: skip
    assert services["notification"]["letters"]["failed"] == 0


async def test_figures_rebuilt_from_the_topics_are_the_same(cluster: Distributed) -> None:
    async with citizen(cluster) as person, clerk(cluster) as desk:
        receipts = [await sent(person) for _ in range(3)]
        for receipt in receipts:
            await opened(desk, receipt["number"])
        await all_counted(cluster)
        before = await figures(desk)
        assert sum(one["value"] for one in before["received"]) >= len(receipts)
        await redress(cluster, "rebuild", "analytics")
        assert await figures(desk) == before


async def test_replaying_when_nothing_is_buried_does_nothing(cluster: Distributed) -> None:
    said = await redress(cluster, "replay")
    nothing = {"went": 0, "failed": 0}
    assert {name: said[name] for name in SERVICES} == dict.fromkeys(SERVICES, nothing)


async def test_a_dead_letter_of_analytics_is_replayed_by_the_process_that_holds_the_facts(
    cluster: Distributed,
) -> None:
    common = cluster.machine.common()
    engine = open_engine(cluster.machine.urls()["analytics"])
    database = Database(engine, system_clock, vault_of(common))
    try:
        await all_counted(cluster)
        await bury(database, "analytics", encode(received()), "SomeError")
        before = (await redress(cluster, "status", wrong=1))["services"]["analytics"]
        assert before["dead_letters"] == 1
        said = await redress(cluster, "replay", "--service", "analytics")
        assert said == {"analytics": {"went": 1, "failed": 0}}
        after = (await redress(cluster, "status"))["services"]["analytics"]
        assert after["dead_letters"] == 0
        assert after["complaints"] == before["complaints"] + 1
    finally:
        await database.close()
