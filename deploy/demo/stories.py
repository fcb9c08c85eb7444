"""What happens to a fictitious complaint: who, what, and each step until now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from deploy.demo.complaints import complaint_of
from deploy.demo.courses import COURSES, FORWARD, NOT_FOUND, SHOWCASE, TAKE, WEIGHTS, Course, Span
from deploy.demo.dice import Dice
from deploy.demo.people import chance
from shared.clock import SHANGHAI

OLDEST = timedelta(days=420)
RECENT = timedelta(days=25)
RECENT_SHARE = 0.2
TAKEN_SHARE = 0.35
"""How many cases the mediator has taken over before the first step."""


@dataclass(frozen=True)
class Taken:
    """A step that was taken, when, and what was said."""

    step: str
    at: datetime
    facts: dict[str, Any]


@dataclass(frozen=True)
class Story:
    """One fictitious complaint, from its receipt to the present."""

    seed: int
    index: int
    complaint: dict[str, Any]
    """In the JSON of the API."""
    received_at: datetime
    steps: tuple[Taken, ...]


def stories(count: int, seed: int, until: datetime, first: int = 0) -> Iterator[Story]:
    """Complaints `first` to `count` of a seed. Equal arguments give equal stories.

    A story depends on its own index alone: the first hundred of a thousand are the same hundred.
    """
    for index in range(first, count):
        yield story(seed, index, until)


def story(seed: int, index: int, until: datetime) -> Story:
    """One of them. The first ones show every way a case can stand."""
    random = Dice(f"{seed}/{index}")
    until = until.astimezone(SHANGHAI)
    course = (
        SHOWCASE[index]
        if index < len(SHOWCASE)
        else random.choices(COURSES, cum_weights=WEIGHTS)[0]
    )
    received = received_at(random, course, until)
    complaint = complaint_of(random, course.kind, received)
    if complaint["respondent"] is None and FORWARD in course.steps:
        course = NOT_FOUND
    return Story(seed, index, complaint, received, tuple(steps(random, course, received, until)))


def received_at(random: Random, course: Course, until: datetime) -> datetime:
    """By day more than by night; early enough for what must have happened since."""
    oldest, newest = OLDEST, timedelta(hours=2)
    if course.unfinished:
        oldest = RECENT if course.days is None else timedelta(days=course.days[1])
        newest = timedelta(hours=2) if course.days is None else timedelta(days=course.days[0])
    elif chance(random, RECENT_SHARE):
        oldest = RECENT
    else:
        newest = timedelta(days=3)
    back = newest + (oldest - newest) * random.random()
    moment = until - back
    hour = 8 + int(11 * random.betavariate(1.5, 1.5)) if chance(random, 0.9) else 21
    day_moment = moment.replace(hour=hour, minute=random.randrange(60), second=random.randrange(60))
    if day_moment > until - timedelta(hours=1):
        day_moment -= timedelta(days=1)
    return day_moment.replace(microsecond=0)


def steps(random: Random, course: Course, received: datetime, until: datetime) -> Iterator[Taken]:
    """The steps of a course, each some days after the one before, until the present."""
    at = received
    first: tuple[tuple[str, Span], ...] = ()
    if course.steps and chance(random, TAKEN_SHARE):
        first = (TAKE,)
    for name, (least, most) in (*first, *course.steps):
        at = in_office_hours(random, at + timedelta(days=random.uniform(least, most)), at)
        if at >= until:
            return
        yield Taken(name, at, course.facts(name, random))


def in_office_hours(random: Random, moment: datetime, after: datetime) -> datetime:
    """Between nine and five, and later than what came before."""
    wanted = moment.replace(
        hour=9 + random.randrange(8), minute=random.randrange(60), second=random.randrange(60)
    ).replace(microsecond=0)
    return wanted if wanted > after else wanted + timedelta(days=1)
