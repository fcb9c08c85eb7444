"""The import itself: batches through the checks of the API, each row counted exactly once."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from deploy.imports.layout import Layout
from deploy.imports.problems import Problem
from deploy.imports.rows import Row

BATCH = 500


class Outcome(StrEnum):
    CREATED = "created"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What intake says to one complaint; `errors` are (JSON pointer, sentence)."""

    outcome: Outcome
    errors: tuple[tuple[str | None, str], ...] = ()


Send = Callable[[Sequence[dict[str, Any]]], Awaitable[Sequence[Answer]]]
"""Hands up to 500 complaints to intake, in one transaction, and brings an answer for each."""


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
        remaining = iter(rows)
        while batch := list(islice(remaining, BATCH)):
            await self._take(batch)
            self.progress(self.tally.read)
            await asyncio.sleep(0)
        return self.tally

    async def _take(self, rows: Sequence[Row]) -> None:
        fresh: list[tuple[Row, dict[str, Any]]] = []
        for row in rows:
            self.tally.problems += row.problems
            if row.complaint is None:
                self.tally.note(Outcome.REFUSED)
            elif (before := self._met_before(row.number, row.complaint)) is None:
                fresh.append((row, row.complaint))
            else:
                self._record(row, before)
        answers = await self.send([complaint for _, complaint in fresh]) if fresh else []
        for (row, _), answer in zip(fresh, answers, strict=True):
            self._record(row, answer)

    def _record(self, row: Row, answer: Answer) -> None:
        self.tally.note(answer.outcome)
        if answer.outcome is Outcome.REFUSED:
            for pointer, sentence in answer.errors:
                target = (pointer or "").strip("/").replace("/", ".")
                column = self.layout.places.get(target, (0, target or None))[1]
                self.tally.problems.append(Problem(row.number, column, "", sentence))

    def _met_before(self, number: int, complaint: dict[str, Any]) -> Answer | None:
        """The same number twice in one file: a repetition, or two rows that contradict."""
        content = json.dumps(complaint, sort_keys=True).encode()
        digest = hashlib.blake2b(content, digest_size=16).digest()
        first, before = self._seen.setdefault(complaint["external"]["id"], (number, digest))
        if first == number:
            return None
        if before == digest:
            return Answer(Outcome.KNOWN)
        sentence = f"第 {first} 行已用同一编号，内容不同；请改编号，或删去其中一行。"
        return Answer(Outcome.REFUSED, (("/external/id", sentence),))
