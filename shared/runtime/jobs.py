"""One piece of background work, and how a poll of the bus is dealt with."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from shared.messaging.bus import Source
from shared.messaging.delivery import deliver
from shared.messaging.inbox import Subscriber
from shared.runtime.service import DatabaseStep
from shared.runtime.steps import PACE, Health, Pace, Step, forever


@dataclass(frozen=True)
class Job:
    """One piece of background work: what, how it is doing, what wakes it, how often it looks."""

    health: Health
    step: Step
    wake: asyncio.Event
    pace: Pace = PACE

    def forever(self) -> Coroutine[Any, Any, None]:
        return forever(self.health, self.step, self.wake, self.pace)


async def take(source: Source, subscriber: Subscriber) -> int:
    """Deal with one poll, then move on. A crash in between repeats, never loses."""
    bodies = await source.poll()
    if bodies:
        try:
            await deliver(subscriber, bodies)
        except BaseException:
            await source.close()
            raise
        await source.commit()
    return len(bodies)


def named(step: DatabaseStep | Callable[..., Awaitable[int]]) -> str:
    """The name of a step as people know it."""
    inner = step.func if isinstance(step, partial) else step
    return getattr(inner, "__name__", type(inner).__name__)
