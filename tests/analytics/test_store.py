"""The store: what is merged, what a repetition does, what survives."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.analytics.domain.columns import COMPLAINTS, LETTERS
from services.analytics.domain.facts import Facts, fold
from services.analytics.domain.registers import Table
from services.analytics.hearing import hear
from services.analytics.store import FactsFile, FactsStore, schema
from tests.analytics.histories import Story, complaint_id, shuffled, stories


async def take(store: FactsStore, at: int, bodies: Sequence[bytes]) -> None:
    await store.take({"bus": at}, hear(bodies).told)


async def rows(store: FactsStore, table: Table) -> dict[Any, dict[str, Any]]:
    """What the store knows, as the fold would say it: only what was stated, instants aware."""
    found = await store.ask(f"FROM {table.name} SELECT {', '.join(table.columns)}", {})
    named = [dict(zip(table.columns, row, strict=True)) for row in found]
    for row in named:
        if row.get("received_at"):
            row["received_at"] = row["received_at"].replace(tzinfo=UTC)
    return {row[table.key]: row for row in named}


async def all_facts(store: FactsStore) -> Facts:
    return Facts(await rows(store, COMPLAINTS), await rows(store, LETTERS))


def full(facts: Facts) -> Facts:
    """With None for every column nobody has stated."""
    return Facts(
        {key: dict.fromkeys(COMPLAINTS.columns) | row for key, row in facts.complaints.items()},
        {key: dict.fromkeys(LETTERS.columns) | row for key, row in facts.letters.items()},
    )


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_batches_in_any_order_and_any_repetition_store_what_the_fold_says(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bodies = data.draw(stories(1)).bodies + data.draw(stories(2)).bodies
    mixed = data.draw(shuffled(bodies))
    size = data.draw(st.integers(1, 8))

    async def told() -> Facts:
        store = FactsStore(FactsFile(tmp_path_factory.mktemp("facts") / "facts.duckdb"))
        async with store.opened():
            for start in range(0, len(mixed), size):
                await take(store, start + size, mixed[start : start + size])
            return await all_facts(store)

    assert asyncio.run(told()) == full(fold(hear(bodies).told))


async def test_a_new_store_knows_nothing_and_reads_from_the_start(store: FactsStore) -> None:
    assert await store.positions() == {}
    assert await store.newest() is None
    assert await all_facts(store) == Facts()


async def test_positions_move_with_the_facts_and_are_there_after_opening_again(
    file: FactsFile, store: FactsStore
) -> None:
    story = Story(1).received().opened()
    await store.take({"intake-events/0": 7, "mediation-events/1": 3}, hear(story.bodies).told)
    await store.take({"mediation-events/1": 4}, [])
    await store.close()
    again = FactsStore(file)
    assert await again.positions() == {"intake-events/0": 7, "mediation-events/1": 4}
    assert await again.newest() == story.now
    assert await all_facts(again) == full(fold(hear(story.bodies).told))
    await again.close()


async def test_a_batch_that_fails_changes_neither_facts_nor_positions(store: FactsStore) -> None:
    await take(store, 2, Story(1).received().bodies)
    bad = hear(Story(2).received().bodies).told[0]
    unstorable = bad._replace(facts=dict(bad.facts) | {"received_on": "yesterday"})
    with pytest.raises(duckdb.Error):
        await store.take({"bus": 9}, [unstorable])
    assert await store.positions() == {"bus": 2}
    assert list((await all_facts(store)).complaints) == [complaint_id(1)]


async def test_facts_told_anew_show_only_when_asked_to(store: FactsStore) -> None:
    await take(store, 4, Story(1).received().bodies + Story(2).received().bodies)
    await store.start_anew()
    assert await store.positions() == {}
    assert await store.is_anew()
    await take(store, 3, Story(3).received().bodies)
    assert set((await all_facts(store)).complaints) == {complaint_id(1), complaint_id(2)}
    await store.show_new()
    assert set((await all_facts(store)).complaints) == {complaint_id(3)}
    assert await store.positions() == {"bus": 3}
    assert not await store.is_anew()
    await store.show_new()
    assert set((await all_facts(store)).complaints) == {complaint_id(3)}


async def test_telling_anew_goes_on_after_a_restart_and_can_begin_once_more(
    file: FactsFile, store: FactsStore
) -> None:
    await take(store, 2, Story(1).received().bodies)
    await store.start_anew()
    await take(store, 3, Story(3).received().bodies)
    await store.close()
    again = FactsStore(file)
    assert await again.is_anew()
    assert await again.positions() == {"bus": 3}
    await again.start_anew()
    assert await again.positions() == {}
    await again.close()


async def test_facts_of_another_schema_are_told_anew(file: FactsFile, store: FactsStore) -> None:
    await take(store, 2, Story(1).received().bodies)
    await store.close()
    connection = duckdb.connect(file.path)
    connection.execute("UPDATE about SET schema = ?", [schema.NUMBER + 1])
    connection.close()
    again = FactsStore(file)
    assert await again.positions() == {}
    assert await all_facts(again) == Facts()
    await again.close()


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 1000])
async def test_a_file_that_is_no_database_is_set_aside_and_told_anew(
    file: FactsFile, damage: bytes
) -> None:
    file.path.write_bytes(damage)
    store = FactsStore(file)
    assert await store.positions() == {}
    await take(store, 2, Story(1).received().bodies)
    await store.close()
    aside = file.path.with_name("facts.duckdb.unreadable")
    assert not damage or aside.read_bytes() == damage


async def test_a_block_that_rots_is_noticed_and_the_facts_are_told_anew(
    file: FactsFile, store: FactsStore
) -> None:
    for number in range(1, 40):
        await take(store, number, Story(number).received(region=str(number) * 400).bodies)
    await store.close()
    rotten = bytearray(file.path.read_bytes())
    rotten[3 * 4096 + 100 :: 64] = b"x" * len(rotten[3 * 4096 + 100 :: 64])
    file.path.write_bytes(rotten)
    again = FactsStore(file)
    with suppress(duckdb.Error):
        await take(again, 50, Story(1).received().accepted().bodies)
    assert await again.positions() in ({}, {"bus": 50})
    assert file.path.with_name("facts.duckdb.unreadable").exists()
    await again.close()


async def test_a_file_another_process_has_open_is_refused_and_left_alone(
    file: FactsFile, store: FactsStore
) -> None:
    await take(store, 2, Story(1).received().bodies)
    code = (
        "import sys; from pathlib import Path\n"
        "from services.analytics.store import FactsFile, FactsInUseError\n"
        "try: FactsFile(Path(sys.argv[1])).open()\n"
        "except FactsInUseError: print('in use')\n"
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, str(file.path), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await child.communicate()
    assert said.decode().strip() == "in use"
    assert await store.positions() == {"bus": 2}


async def test_the_file_is_closed_after_the_questions_that_are_being_answered(
    file: FactsFile,
) -> None:
    """A console command that ends quickly closes it under a reader that has just begun."""
    store = FactsStore(file)
    slow = "SELECT count(*) FROM range(3000000) a WHERE hash(a.range) % 7 = 3"
    async with store.opened():
        for _ in range(20):
            asked = [asyncio.create_task(store.ask(slow, {})) for _ in range(3)]
            await asyncio.sleep(0)
            await store.close()
            answers = await asyncio.gather(*asked)
            assert len({rows[0][0] for rows in answers}) == 1
