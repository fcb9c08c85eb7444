"""What arrives together is committed together, each item with its own answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from shared import group_commit
from shared.group_commit import ENOUGH, MOST, GroupCommit


class GoneError(Exception):
    """The database is away."""


@dataclass
class Disk:
    """Notes each group; a group is written when it is let through."""

    groups: list[list[int]] = field(default_factory=list)
    closed: bool = False
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def commit(self, items: Sequence[int]) -> Sequence[int | Exception]:
        self.groups.append(list(items))
        self.begun.set()
        if self.closed:
            await self.opened.wait()
        if 13 in items:
            raise ValueError("13 cannot be kept")
        if 404 in items:
            raise GoneError
        return [item * 10 for item in items]

    def let_through(self) -> None:
        self.closed = False
        self.opened.set()


def commits(disk: Disk, at_once: int = 1) -> GroupCommit[int, int]:
    return GroupCommit(disk.commit, lambda error: isinstance(error, GoneError), at_once)


def joining(group: GroupCommit[int, int], items: Sequence[int]) -> list[asyncio.Task[int]]:
    return [asyncio.create_task(group.join(item)) for item in items]


async def test_what_comes_at_the_same_moment_is_one_group() -> None:
    disk = Disk()
    group = commits(disk)
    assert await asyncio.gather(*joining(group, [1, 2, 3])) == [10, 20, 30]
    assert disk.groups == [[1, 2, 3]]


async def test_who_comes_while_a_group_is_written_is_in_the_next_one() -> None:
    disk = Disk(closed=True)
    group = commits(disk)
    first = joining(group, [1])
    await disk.begun.wait()
    more = joining(group, [2, 3, 4])
    await asyncio.sleep(0)
    disk.let_through()
    assert await asyncio.gather(*first, *more) == [10, 20, 30, 40]
    assert disk.groups == [[1], [2, 3, 4]]


async def test_after_a_crowd_the_next_group_waits_for_those_who_come_a_moment_later() -> None:
    disk = Disk()
    group = commits(disk)
    await asyncio.gather(*joining(group, [1, 2]))
    first = joining(group, [3])
    for _ in range(5):  # the loop goes round: without the moment the group would be gone
        await asyncio.sleep(0)
    assert disk.groups == [[1, 2]]
    assert await asyncio.gather(*first, *joining(group, [4])) == [30, 40]
    assert disk.groups == [[1, 2], [3, 4]]


async def test_who_completes_the_crowd_ends_the_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "MOMENT", 3600.0)
    disk = Disk()
    group = commits(disk)
    await asyncio.gather(*joining(group, [1, 2, 3]))
    few = joining(group, [4, 5])
    for _ in range(5):
        await asyncio.sleep(0)
    assert disk.groups == [[1, 2, 3]]
    assert await asyncio.gather(*few, *joining(group, [6])) == [40, 50, 60]
    assert disk.groups == [[1, 2, 3], [4, 5, 6]]


async def test_no_more_than_enough_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "MOMENT", 3600.0)
    disk = Disk()
    group = commits(disk)
    await asyncio.gather(*joining(group, range(100, 100 + 3 * ENOUGH)))
    await asyncio.gather(*joining(group, range(200, 200 + ENOUGH)))
    assert [len(one) for one in disk.groups] == [3 * ENOUGH, ENOUGH]


async def test_who_comes_alone_does_not_wait() -> None:
    disk = Disk()
    group = commits(disk)
    for item in (1, 2, 3):
        [task] = joining(group, [item])
        for _ in range(5):
            await asyncio.sleep(0)
        assert task.done()
    assert disk.groups == [[1], [2], [3]]


async def test_a_second_group_goes_beside_the_first_only_when_enough_wait() -> None:
    disk = Disk(closed=True)
    group = commits(disk, at_once=2)
    first = joining(group, [0])
    await disk.begun.wait()
    few = joining(group, range(1, ENOUGH))
    for _ in range(5):
        await asyncio.sleep(0)
    assert disk.groups == [[0]]
    last = joining(group, [ENOUGH])
    for _ in range(5):
        await asyncio.sleep(0)
    assert disk.groups == [[0], list(range(1, ENOUGH + 1))]
    disk.let_through()
    assert await asyncio.gather(*first, *few, *last) == [n * 10 for n in range(ENOUGH + 1)]


async def test_no_group_is_larger_than_the_most() -> None:
    disk = Disk()
    answers = await asyncio.gather(*joining(commits(disk), range(14, MOST + 15)))
    assert answers == [n * 10 for n in range(14, MOST + 15)]
    assert [len(one) for one in disk.groups] == [MOST, 1]


async def test_one_bad_item_does_not_fail_its_neighbours() -> None:
    disk = Disk()
    answers = await asyncio.gather(*joining(commits(disk), [12, 13, 14]), return_exceptions=True)
    assert [str(one) for one in answers] == ["120", "13 cannot be kept", "140"]
    assert disk.groups == [[12, 13, 14], [12], [13], [14]]


async def test_where_the_database_is_away_everybody_is_told_at_once() -> None:
    disk = Disk()
    answers = await asyncio.gather(*joining(commits(disk), [1, 404, 2]), return_exceptions=True)
    assert [type(one) for one in answers] == [GoneError, GoneError, GoneError]
    assert disk.groups == [[1, 404, 2]]


async def test_who_closes_waits_until_everything_is_written_though_those_who_joined_have_gone() -> (
    None
):
    disk = Disk(closed=True)
    group = commits(disk)
    first = joining(group, [1])
    await disk.begun.wait()
    joined = [*first, *joining(group, [2, 3])]
    await asyncio.sleep(0)
    for one in joined:
        one.cancel()
    closing = asyncio.create_task(group.close())
    await asyncio.gather(*joined, return_exceptions=True)
    assert (disk.groups, closing.done()) == ([[1]], False)
    disk.let_through()
    await closing
    assert disk.groups == [[1], [2, 3]]


@pytest.mark.parametrize("at_once", [1, 2])
async def test_whoever_joins_the_moment_a_group_is_answered_is_answered_too(at_once: int) -> None:
    disk = Disk()
    group = commits(disk, at_once)

    async def ask_again_and_again(item: int) -> list[int]:
        return [await group.join(item) for _ in range(20)]

    async with asyncio.timeout(10):
        answers = await asyncio.gather(*(ask_again_and_again(n) for n in range(20, 25)))
    assert answers == [[n * 10] * 20 for n in range(20, 25)]
    assert sum(len(one) for one in disk.groups) == 100
