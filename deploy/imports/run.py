"""The import itself: batches through the checks of the API, each row counted exactly once."""

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from operator import itemgetter
from typing import Any

from pydantic_core import to_json

from deploy.imports.layout import Layout
from deploy.imports.problems import Problem
from deploy.imports.rows import Row

BATCH = 200
"""Rows in one request; intake takes 500, but the more there are at once, the more memory."""
IN_FLIGHT = 3
"""Batches on their way at once: while intake keeps one, the next ones are read."""


class Outcome(StrEnum):
    CREATED = "created"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What intake says to one complaint; `errors` are (JSON pointer, sentence)."""

    outcome: Outcome
    errors: tuple[tuple[str | None, str], ...] = ()


REFUSED = Answer(Outcome.REFUSED)
"""The row itself could not be read; its problems say why."""

Send = Callable[[Sequence[bytes]], Coroutine[Any, Any, Sequence[Answer]]]
"""Hands a batch of complaints in JSON to intake and brings an answer for each."""


@dataclass
class Tally:
    """read = created + known + refused, always."""

    created: int = 0
    known: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.created + self.known + self.refused

    def as_json(self) -> dict[str, int]:
        counts = {outcome.value: int(getattr(self, outcome)) for outcome in Outcome}
        return {"read": self.read} | counts

    def note(self, outcome: Outcome) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)


@dataclass
class Batch:
    """Rows that go together: what is known of them at once, and the answers that are awaited."""

    problems: list[Problem] = field(default_factory=list)
    settled: list[tuple[int, Answer]] = field(default_factory=list)
    """Row numbers, and what became of them without asking intake."""
    fresh: list[int] = field(default_factory=list)
    sent: "asyncio.Task[Sequence[Answer]] | None" = None


@dataclass
class Import:
    """One file on its way in."""

    layout: Layout
    send: Send
    progress: Callable[[int], None] = lambda _: None
    """Told how many rows are dealt with."""
    tally: Tally = field(default_factory=Tally)
    _seen: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    async def run(self, rows: Iterable[Row]) -> Tally:
        """Take all rows. What an interruption left is found as known by the next run."""
        remaining, under_way = iter(rows), deque[Batch]()
        try:
            while part := list(islice(remaining, BATCH)):
                under_way.append(self._begin(part))
                await asyncio.sleep(0)
                if len(under_way) == IN_FLIGHT:
                    await self._end(under_way.popleft())
            while under_way:
                await self._end(under_way.popleft())
        finally:
            await stopped([one.sent for one in under_way if one.sent])
        return self.tally

    def _begin(self, rows: Sequence[Row]) -> Batch:
        """Send what intake must decide; a number that the file used before is decided here."""
        batch, ready = Batch(), list[bytes]()
        for row in rows:
            batch.problems += row.problems
            if row.complaint is None:
                batch.settled.append((row.number, REFUSED))
                continue
            content = to_json(row.complaint)
            before = self._met_before(row.number, row.complaint["external"]["id"], content)
            if before is None:
                batch.fresh.append(row.number)
                ready.append(content)
            else:
                batch.settled.append((row.number, before))
        if ready:
            batch.sent = asyncio.create_task(self.send(ready))
        return batch

    async def _end(self, batch: Batch) -> None:
        """Count every row of a batch once, in the order of the file."""
        answers = await batch.sent if batch.sent else []
        self.tally.problems += batch.problems
        answered = [*batch.settled, *zip(batch.fresh, answers, strict=True)]
        for number, answer in sorted(answered, key=itemgetter(0)):
            self._record(number, answer)
        self.progress(self.tally.read)

    def _record(self, number: int, answer: Answer) -> None:
        self.tally.note(answer.outcome)
        for pointer, sentence in answer.errors:
            target = (pointer or "").strip("/").replace("/", ".")
            column = self.layout.places.get(target, (0, target or None))[1]
            self.tally.problems.append(Problem(number, column, "", sentence))

    def _met_before(self, number: int, identity: str, content: bytes) -> Answer | None:
        """The same number twice in one file: a repetition, or two rows that contradict."""
        digest = hashlib.blake2b(content, digest_size=16).digest()
        first, before = self._seen.setdefault(identity, (number, digest))
        if first == number:
            return None
        if before == digest:
            return Answer(Outcome.KNOWN)
        sentence = f"第 {first} 行已用同一编号，内容不同；请改编号，或删去其中一行。"
        return Answer(Outcome.REFUSED, (("/external/id", sentence),))


async def stopped(tasks: Sequence["asyncio.Task[Any]"]) -> None:
    """End what is still on its way after a failure; what intake took of it stays taken."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
