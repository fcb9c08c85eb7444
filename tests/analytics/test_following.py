"""Following the log: nothing twice, nothing lost, and the same figures when told anew."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.analytics.following import Following
from services.analytics.store import FactsStore
from services.analytics.use_cases import LogEndsBeforeOurPositionError, follow
from shared.messaging.bus import Positions, Stretch
from shared.messaging.replay import replay
from shared.messaging.tables import DeadLetterRow
from tests.analytics.conftest import Analytics
from tests.analytics.histories import Story
from tests.analytics.test_figures import ask, town


class ShortLog:
    """A log of two streams in memory, as Kafka's is one of many."""

    def __init__(self, streams: dict[str, list[bytes]]) -> None:
        self.streams = streams
        self.asked: list[dict[str, int]] = []

    async def read_from(self, positions: Positions, most: int) -> Stretch:
        self.asked.append(dict(positions))
        moved: dict[str, int] = {}
        bodies: list[bytes] = []
        for name, all_bodies in self.streams.items():
            start = positions.get(name, 0)
            some = all_bodies[start : start + 2]
            if some:
                moved[name] = start + len(some)
                bodies += some
        return Stretch(bodies, moved)

    async def ends(self) -> Positions:
        return {name: len(bodies) for name, bodies in self.streams.items()}

    async def close(self) -> None:
        """Nothing to let go."""


def two_streams(stories: Sequence[Story]) -> ShortLog:
    bodies = [body for story in stories for body in story.bodies]
    intake = [body for body in bodies if b'"/intake"' in body]
    others = [body for body in bodies if b'"/intake"' not in body]
    return ShortLog({"intake-events/0": intake, "mediation-events/0": others})


async def all_figures(analytics: Analytics) -> list[Any]:
    """Everything the figures say, without when they say it."""
    found = []
    for measure in ("received", "accepted", "closed", "letters_sent", "overdue", "closing_rate"):
        for by in ("day", "channel", "unit", "state"):
            answer = await ask(analytics, measure=measure, by=by)
            found.append((measure, by, answer["total"], answer["items"]))
    return found


async def test_what_is_published_twice_is_counted_once(analytics: Analytics) -> None:
    stories = town()
    await analytics.say(stories)
    once = await all_figures(analytics)
    await analytics.publish([body for story in reversed(stories) for body in story.bodies])
    await analytics.settle()
    assert await all_figures(analytics) == once


async def test_facts_told_anew_give_the_same_figures_and_go_on(analytics: Analytics) -> None:
    await analytics.say(town())
    before = await all_figures(analytics)
    async with analytics.console() as console:
        started = await console.post("/internal/rebuild")
        assert started.status_code == 202
        assert started.json()["read"] < started.json()["of"]
        assert (await ask(analytics, measure="received"))["rebuilding"] is True
        assert (await ask(analytics, measure="received"))["total"]["value"] == 7
        await analytics.settle()
        ended = (await console.get("/internal/progress")).json()
    assert ended["read"] == ended["of"] > 0
    assert await all_figures(analytics) == before
    assert (await ask(analytics, measure="received"))["rebuilding"] is False
    await analytics.say([Story(30).received()])
    assert (await ask(analytics, measure="received"))["total"]["value"] == 8


async def test_telling_anew_of_an_empty_log_ends(analytics: Analytics) -> None:
    async with analytics.console() as console:
        await console.post("/internal/rebuild")
        await analytics.settle()
        ended = (await console.get("/internal/progress")).json()
    assert ended == {"read": 0, "of": 0}


async def test_only_the_console_may_have_the_facts_told_anew(analytics: Analytics) -> None:
    async with analytics.client() as client:
        assert (await client.post("/internal/rebuild")).status_code in (401, 403, 404)


async def test_what_cannot_be_read_is_kept_and_the_rest_is_counted(analytics: Analytics) -> None:
    broken = Story(2).received().bodies[0].replace(b'"channel":"web"', b'"channel":7')
    await analytics.publish([Story(1).received().bodies[0], broken, b"{", broken])
    await analytics.settle()
    assert (await ask(analytics, measure="received"))["total"]["value"] == 1
    assert {body for body, _ in await dead_letters(analytics)} == {broken, b"{"}
    async with analytics.console() as console:
        await console.post("/internal/rebuild")
    await analytics.settle()
    assert len(await dead_letters(analytics)) == 2


async def test_a_dead_letter_that_can_be_read_by_now_is_counted_when_replayed(
    analytics: Analytics,
) -> None:
    database = analytics.running.database
    good = Story(1).received().bodies[0]
    async with database.work() as work:
        row = {"id": UUID(int=1), "body": good, "type": "", "error": "", "replayed_at": None}
        await work.insert(DeadLetterRow, [row | {"buried_at": work.now}])
    assert await replay(analytics.running.subscriber()) == (1, 0)
    assert (await ask(analytics, measure="received"))["total"]["value"] == 1


async def dead_letters(analytics: Analytics) -> list[tuple[bytes, object]]:
    async with analytics.running.database.reading() as session:
        found = await session.execute(select(DeadLetterRow.body, DeadLetterRow.replayed_at))
        return [(body, replayed) for body, replayed in found.all()]


async def test_many_streams_are_followed_each_from_its_own_position(
    analytics: Analytics, store: FactsStore
) -> None:
    log, following = two_streams(town()), Following(store)
    while await follow(following, analytics.running.database, log):
        pass
    ends = {"intake-events/0": 8, "mediation-events/0": 27}
    assert await store.positions() == await log.ends() == ends
    assert (following.lag, following.rebuilding, following.of) == (0, False, 35)
    assert await store.complaints() == 8
    again = Following(store)
    assert await follow(again, analytics.running.database, log) == 0
    assert log.asked[-1] == ends


async def test_a_log_that_is_shorter_than_what_was_read_is_refused(
    analytics: Analytics, store: FactsStore
) -> None:
    whole = two_streams(town())
    while await follow(Following(store), analytics.running.database, whole):
        pass
    positions = await store.positions()
    cut = ShortLog({name: bodies[:1] for name, bodies in whole.streams.items()})
    with pytest.raises(LogEndsBeforeOurPositionError):
        await follow(Following(store), analytics.running.database, cut)
    assert await store.positions() == positions
    assert await store.complaints() == 8


async def test_telling_anew_never_mixes_with_a_batch_that_is_being_taken(
    analytics: Analytics,
) -> None:
    await analytics.say(town())
    before = await all_figures(analytics)
    async with analytics.console() as console:
        for _ in range(5):
            await asyncio.gather(analytics.settle(), console.post("/internal/rebuild"))
    await analytics.settle()
    assert await all_figures(analytics) == before


async def test_the_status_says_how_far_the_facts_are(analytics: Analytics) -> None:
    await analytics.say(town())
    facts = await analytics.running.status.facts()
    said = {name: facts[name] for name in ("lag", "complaints", "rebuilding", "facts_schema")}
    assert said == {"lag": 0, "complaints": 8, "rebuilding": False, "facts_schema": 5}
    assert facts["as_of"] == "2026-06-23T04:00:00+00:00"
