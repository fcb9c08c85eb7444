"""(b) Lifecycles over HTTP: create, accept, agree, close, search."""

import asyncio
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from deploy.bench.complaints import creates, packed
from deploy.bench.load import Pace, bursts, open_loop, repeated
from deploy.bench.run import Cost, Run, costing
from deploy.bench.stage import Clerk, Stage
from deploy.bench.statistics import Tally
from deploy.bench.wire import Address, Answer, Connection, request

CASES = "/mediation/api/v1/cases"
NOT_FOUND, FIRST_VERSION = 404, 1
STEPS: tuple[tuple[str, bytes], ...] = (
    ("agree", packed({"text": "双方同意退款，当场履行。", "recovered_fen": 1000})),
    ("close", b"{}"),
)
CLIENTS = 50
RATES, BURST_SECONDS = (1, 15, 1, 25, 2, 35, 10), 20.0
"""Lifecycles per second, each for so long: a spike-and-valley test known from a published peer."""
FIRST_WAIT, LONGEST_WAIT, PATIENCE = 0.02, 0.5, 30.0
"""Seconds: how soon to ask again for a case that is not open yet, and when to give up."""


@dataclass
class Lines:
    """One caller's connections: to intake and to mediation."""

    intake: Connection
    mediation: Connection

    def close(self) -> None:
        self.intake.close()
        self.mediation.close()


@dataclass
class Lifecycles:
    """Does lifecycles, and notes each request of them."""

    intake: Address
    mediation: Address
    who: Clerk
    requests: Tally = field(default_factory=Tally)
    """Every request but those to accept that came before the case was open."""
    by_step: dict[str, Tally] = field(default_factory=dict)
    opening: Tally = field(default_factory=Tally)
    """From the answer to `create` until the case was there to be accepted."""
    zero: float = field(default_factory=time.perf_counter)
    _creates: Iterator[bytes] = field(default_factory=lambda: creates(secrets.token_hex(6)))

    def lines(self) -> Lines:
        return Lines(Connection(self.intake), Connection(self.mediation))

    def next_create(self) -> bytes:
        return next(self._creates)

    async def live(self, _: int, lines: Lines) -> Answer:
        """One whole lifecycle; the first answer that is not fine ends it."""
        made = await self.timed("create", lines.intake, self.next_create())
        if not made.fine:
            return made
        complaint = made.json()
        answer = await self.accept(lines.mediation, complaint["id"])
        for step, body in STEPS:
            if not answer.fine:
                return answer
            raw = self.step(complaint["id"], step, body, answer.json()["version"])
            answer = await self.timed(step, lines.mediation, raw)
        if not answer.fine:
            return answer
        search = f"{CASES}?state=all&q={quote(complaint['number'])}"
        raw = request("GET", search, headers=self.who.headers)
        found = await self.timed("search", lines.mediation, raw)
        if found.fine and [one["state"] for one in found.json()["items"]] != ["closed"]:
            return Answer(NOT_FOUND, b"not found by its number: " + found.body[:200])
        return found

    def step(self, name: str, step: str, body: bytes, version: int) -> bytes:
        headers = {**self.who.headers, "if-match": f'"{version}"'}
        return request("POST", f"{CASES}/{name}/steps/{step}", body, headers)

    async def accept(self, mediation: Connection, name: str) -> Answer:
        """Accept a case as soon as it is there; asked too early, the answer is 404."""
        raw = self.step(name, "accept", b"{}", FIRST_VERSION)
        zero, wait = time.perf_counter(), FIRST_WAIT
        while True:
            began = time.perf_counter()
            answer = await mediation.send(raw)
            if answer.status != NOT_FOUND or began - zero > PATIENCE:
                self.opening.note(began - self.zero, began - zero, 200)
                self.note("accept", began, answer)
                return answer
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def timed(self, step: str, connection: Connection, raw: bytes) -> Answer:
        began = time.perf_counter()
        answer = await connection.send(raw)
        self.note(step, began, answer)
        return answer

    def note(self, step: str, began: float, answer: Answer) -> None:
        took = time.perf_counter() - began
        for tally in (self.requests, self.by_step.setdefault(step, Tally())):
            tally.note(began - self.zero, took, answer.status, answer.body)


@dataclass(frozen=True)
class Lived:
    """Lifecycles in a closed loop with so many complaints there before."""

    complaints: int
    tally: Tally
    work: Lifecycles
    cost: Cost


async def closed(run: Run, stage: Stage, who: Clerk, complaints: int) -> Lived:
    """So many clients, one lifecycle after the other."""
    work = lifecycles_of(stage, who)
    pace = Pace(CLIENTS, max(30.0, run.plan.seconds))
    with costing(stage.pids) as cost:
        told = run.told(f"lifecycles at {complaints:,}")
        tally = await repeated(work.lines, work.live, pace, told)
    return Lived(complaints, tally, work, cost)


def lifecycles_of(stage: Stage, who: Clerk) -> Lifecycles:
    return Lifecycles(stage.addresses["intake"], stage.addresses["mediation"], who)


@dataclass(frozen=True)
class Burst:
    """One stretch of the bursts, by the HTTP requests that began in it."""

    per_second: float
    requests: int
    p50: float
    p95: float
    settled_p95: float
    """Of the requests that began later than ten seconds after its beginning."""


@dataclass(frozen=True)
class Bursts:
    """The bursts at one factor."""

    complaints: int
    factor: float
    tally: Tally
    work: Lifecycles
    stretches: tuple[Burst, ...]
    cost: Mapping[str, float]


async def burst(run: Run, stage: Stage, who: Clerk, complaints: int, factor: float) -> Bursts:
    """Valleys and spikes, whether or not those before are done."""
    work = lifecycles_of(stage, who)
    arrivals = bursts(RATES, BURST_SECONDS, factor)
    told = run.told(f"bursts x {factor:g} at {complaints:,}")
    with costing(stage.pids) as cost:
        work.zero = time.perf_counter()
        tally = await open_loop(work.lines, work.live, arrivals, told)
    stretches = tuple(
        stretch(work.requests, number * BURST_SECONDS, rate * factor)
        for number, rate in enumerate(RATES)
    )
    return Bursts(complaints, factor, tally, work, stretches, cost.cpu)


def stretch(requests: Tally, begin: float, per_second: float) -> Burst:
    end = begin + BURST_SECONDS
    return Burst(
        per_second,
        sum(begin <= at < end for at in requests.started),
        requests.quantile_between(begin, end, 0.5),
        requests.quantile_between(begin, end, 0.95),
        requests.quantile_between(begin + 10.0, end, 0.95),
    )


def old_p95_is_back(stretches: tuple[Burst, ...], tolerance: float = 1.25) -> bool:
    """Whether, ten seconds after each spike, the valley is as it was before that spike.

    `tolerance` is for the noise of few requests in a valley; below 20 ms nobody notices any.
    """
    return all(
        after.settled_p95 <= max(before.p95 * tolerance, 20.0)
        for before, spike, after in zip(stretches, stretches[1:], stretches[2:], strict=False)
        if spike.per_second > before.per_second
    )
