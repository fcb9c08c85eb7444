"""Background work that falls says why, once, and starts again."""

import asyncio
from contextlib import suppress

import pytest
import structlog

from shared.runtime.steps import (
    Health,
    Pace,
    Step,
    Ward,
    ended,
    forever,
    rest,
    settle,
    woken_within,
)


async def run_until(done: asyncio.Event, health: Health, step: Step) -> None:
    task = asyncio.create_task(forever(health, step, asyncio.Event(), Pace(0.001, gather=0)))
    async with asyncio.timeout(20):
        await done.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_step_that_falls_is_named_once_and_run_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.runtime.steps.FIRST_WAIT", 0.001)
    ward, calls, done = Ward(), 0, asyncio.Event()
    health = ward.health("x", "dispatch")

    async def step() -> int:
        nonlocal calls
        calls += 1
        if calls <= 3:
            raise ConnectionRefusedError("somebody's words")
        done.set()
        return 0

    with structlog.testing.capture_logs() as lines:
        await run_until(done, health, step)
    fell = [line for line in lines if line["event"] == "step_fell"]
    assert [(line["step"], line["reason"]) for line in fell] == [
        ("dispatch", "ConnectionRefusedError")
    ]
    assert [line["event"] for line in lines if line["event"] == "step_recovered"] == [
        "step_recovered"
    ]
    assert health.failures == 3
    assert ward.troubles() == []


async def test_settling_runs_until_nothing_is_left() -> None:
    left = {"a": 3, "b": 1}

    def step(name: str) -> object:
        async def one() -> int:
            if not left[name]:
                return 0
            left[name] -= 1
            return 1

        return one

    await settle([step("a"), step("b")])  # type: ignore[list-item]  # steps
    assert left == {"a": 0, "b": 0}


async def test_a_step_that_is_woken_in_vain_again_and_again_rests_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rests: list[float] = []
    rested = asyncio.sleep

    async def sleep(seconds: float) -> None:
        rests.append(seconds)
        await rested(0)

    monkeypatch.setattr("shared.runtime.steps.asyncio.sleep", sleep)
    wake, looks = asyncio.Event(), 0

    async def step() -> int:
        nonlocal looks
        looks += 1
        if looks > 15:
            raise asyncio.CancelledError
        wake.set()
        return int(looks == 13)

    with suppress(asyncio.CancelledError):
        await forever(Ward().health("x", "y"), step, wake, Pace(gather=1.0))
    assert rests == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 1, 0, 1]


def test_the_more_a_step_did_the_longer_it_rests_but_never_longer_than_a_tenth_of_a_second() -> (
    None
):
    assert [rest(done, Pace(gather=0.01)) for done in (1, 4, 10, 500)] == [0.01, 0.04, 0.1, 0.1]
    assert rest(500, Pace(gather=0.2)) == 0.2
    assert rest(500, Pace(gather=0)) == 0
    assert rest(500, Pace(gather=0.01, longest=0.01)) == 0.01


@pytest.mark.parametrize("turns", range(6))
async def test_who_is_to_end_the_moment_it_is_woken_ends(turns: int) -> None:
    """However far the waking has come in so many turns of the loop."""
    wake = asyncio.Event()

    async def sleeping() -> None:
        while True:
            await woken_within(wake, 3600)
            wake.clear()

    sleeper = asyncio.create_task(sleeping())
    for _ in range(3):
        await asyncio.sleep(0)
    wake.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    sleeper.cancel()
    assert await asyncio.wait([sleeper], timeout=10) == ({sleeper}, set())
    assert sleeper.cancelled()


async def test_work_that_forgets_that_it_is_to_end_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.runtime.steps.ASKED_AGAIN", 0.01)
    asked = 0

    async def deaf(times: int) -> None:
        nonlocal asked
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                asked += 1
                if asked > times:
                    raise

    async def failing() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ConnectionRefusedError

    work = [asyncio.create_task(one) for one in (deaf(2), failing())]
    await asyncio.sleep(0)
    await ended(work)
    assert [one.done() for one in work] == [True, True]
    assert asked == 3
