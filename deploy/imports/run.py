"""The import itself: batches through the checks of the API, each row counted exactly once."""

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from operator import attrgetter
from typing import Any, Self

from pydantic_core import to_json

from deploy.imports.layout import Layout, cell_at
from deploy.imports.problems import Problem
from deploy.imports.rows import Row, shown
from shared.i18n import N_
from shared.sheets.problems import Remark

BATCH = 200
"""Rows in one request; intake takes 500, but the more there are at once, the more memory."""
IN_FLIGHT = 3
"""Batches on their way at once: while intake keeps one, the next ones are read."""
CONTRADICTS = N_("第{first}行已用同一编号，内容不同；请改编号，或删去其中一行。")
TAKEN_BEFORE = N_("同一编号以前登记过，内容不同，登记的没有改动；请改编号，或到案件里更正。")
CONFLICT = 409


class Outcome(StrEnum):
    CREATED = "created"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What intake says to one complaint; `errors` are (JSON pointer, sentence in our language)."""

    outcome: Outcome
    errors: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Self:
        """One item of the answer to a batch. A row knows nothing of the keys of the API."""
        if item["status"] == CONFLICT:
            return cls(Outcome.REFUSED, (("/external/id", TAKEN_BEFORE),))
        errors = ((one.get("pointer") or "", one["detail"]) for one in item.get("errors") or ())
        return cls(Outcome(item["outcome"]), tuple(errors))


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
    settled: list[Outcome] = field(default_factory=list)
    """What became of rows without asking intake."""
    fresh: list[Row] = field(default_factory=list)
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
                batch.settled.append(Outcome.REFUSED)
                continue
            content = to_json(row.complaint)
            first, same = self._first_with(row.complaint["external"]["id"], row.number, content)
            if first == row.number:
                batch.fresh.append(row)
                ready.append(content)
            elif same:
                batch.settled.append(Outcome.KNOWN)
            else:
                batch.settled.append(Outcome.REFUSED)
                remark = Remark(CONTRADICTS, {"first": first})
                batch.problems.append(self._problem(row, "/external/id", remark))
        if ready:
            batch.sent = asyncio.create_task(self.send(ready))
        return batch

    async def _end(self, batch: Batch) -> None:
        """Count every row of a batch once; what is wrong is kept in the order of the file."""
        answers = await batch.sent if batch.sent else []
        for outcome in batch.settled:
            self.tally.note(outcome)
        for row, answer in zip(batch.fresh, answers, strict=True):
            self.tally.note(answer.outcome)
            for pointer, sentence in answer.errors:
                batch.problems.append(self._problem(row, pointer, Remark(sentence)))
        self.tally.problems += sorted(batch.problems, key=attrgetter("row"))
        self.progress(self.tally.read)

    def _problem(self, row: Row, pointer: str, remark: Remark) -> Problem:
        """What is wrong with one field of a row, under the name its column has in the file."""
        index, column = self.layout.column_behind(pointer)
        return Problem(row.number, column, shown(cell_at(row.cells, index)), remark)

    def _first_with(self, identity: str, number: int, content: bytes) -> tuple[int, bool]:
        """The row that used this number first, and whether it says the same."""
        digest = hashlib.blake2b(content, digest_size=16).digest()
        first, before = self._seen.setdefault(identity, (number, digest))
        return first, before == digest


async def stopped(tasks: Sequence["asyncio.Task[Any]"]) -> None:
    """End what is still on its way after a failure; what intake took of it stays taken."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
