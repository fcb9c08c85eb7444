"""The report of a run, in Markdown."""

from collections.abc import Iterator, Mapping

from deploy.bench.creating import WARM, WARM_SERVICES
from deploy.bench.goals import goals_table
from deploy.bench.lifecycles import BURST_SECONDS, Bursts, Lived
from deploy.bench.markdown import figure, mib, percent, table
from deploy.bench.results import Results, at, rate_of
from deploy.bench.run import Cost, Figure, Plan
from deploy.bench.searching import searched
from deploy.bench.statistics import Tally
from deploy.bench.surroundings import limits, machine, packages

QUANTILES = (0.5, 0.95, 0.99)


def report(plan: Plan, results: Results) -> str:
    """Everything, the goals first."""
    parts = [
        "# Benchmark",
        surroundings(plan, results.versions),
        "## Goals",
        goals_table(results.goals()),
        *(
            f"Part {part} was not measured to its end: {why}"
            for part, why in results.failed.items()
        ),
        *creating(results),
        *settling(results),
        *living(results),
        *bursting(results),
        *others(results),
        *memory(results),
        *protecting(results),
        *searched(results.searching),
        *([] if results.buried is None else [f"Events set aside in the run: {results.buried}."]),
    ]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def surroundings(plan: Plan, versions: Mapping[str, str]) -> str:
    known = {**machine(), **versions, **packages()}
    lines = [f"- {name}: {value}" for name, value in known.items()]
    asked = ", ".join(sorted(plan.parts))
    raised = "; ".join(f"`{n}` {now} (default {usual})" for n, (usual, now) in limits().items())
    lines += [
        f"- asked for: {plan.complaints:,} complaints, parts {asked}, {plan.seconds:g} s each",
        f"- limits raised, since one address plays everybody: {raised}",
        "- load generator, services, Kafka and PostgreSQL share the cores",
        "- the ceiling shared them with its load generator alone",
        f"- before (a): {WARM_SERVICES:g} s of load on all services; before each figure {WARM:g} s",
    ]

    return "\n".join(lines)


def creating(results: Results) -> Iterator[str]:
    figures = [*results.ceiling, *results.direct, *results.front]
    if not figures:
        return
    yield "## (a) Create"
    yield (
        "`ceiling`: the same route, model and outer layer with an answer from memory, nothing else "
        "running. `intake`: the service itself; `front`: through nginx; all services running. "
        "Every request has an `Idempotency-Key` of its own."
    )
    titles = ("", "clients", "per s", "of the ceiling", "p50 ms", "p99 ms", "errors", "client CPU")
    yield table(titles, [created(results, one) for one in figures])
    if results.raw:
        yield "pgbench with the same rows (complaint and event, one transaction each):"
        rows = [
            (
                *(str(clients), figure(one.per_second), figure(one.quantile(0.5))),
                *(figure(one.quantile(0.99)), percent(share_of_raw(results, clients))),
            )
            for clients, one in results.raw.items()
        ]
        yield table(("clients", "per s", "p50 ms", "p99 ms", "intake reaches of it"), rows)
    if results.bulk:
        share = percent(results.of_ceiling(results.bulk_rate))
        yield f"Bulk create: {figure(results.bulk_rate)} complaints/s, {share} of the ceiling."
    yield "CPU milliseconds per complaint:"
    yield cpu_table([(f"{one.name} {one.clients}", one.cost, one.tally.count) for one in figures])


def created(results: Results, one: Figure) -> tuple[str, ...]:
    tally = one.tally
    return (
        *(one.name, str(one.clients), figure(tally.rate)),
        percent(results.of_ceiling(tally.rate, one.clients)),
        *(figure(tally.quantile(0.5)), figure(tally.quantile(0.99)), str(tally.errors)),
        percent(tally.own_cpu / tally.seconds),
    )


def share_of_raw(results: Results, clients: int) -> float:
    return rate_of(at(results.direct, clients)) / results.raw[clients].per_second


def cpu_table(figures: list[tuple[str, Cost, int]]) -> str:
    names = list(dict.fromkeys(name for _, cost, _ in figures for name in cost.cpu))
    rows = [
        (title, *(figure(cost.per(count)[n]) if n in cost.cpu else "" for n in names))
        for title, cost, count in figures
    ]
    return table(("", *names), rows)


def settling(results: Results) -> Iterator[str]:
    one = results.settled
    if one is None:
        return
    yield "### Settled"
    yield (
        f"{one.count:,} complaints from 32 clients, each with its case and its dashboard row "
        f"after {one.seconds:.1f} s: **{figure(one.rate)} per second**, "
        f"{percent(results.of_ceiling(one.rate))} of the ceiling; the last row came "
        f"{one.lag:.2f} s after the last answer; {one.tally.errors} errors."
    )
    yield cpu_table([("CPU ms per complaint", one.cost, one.count)])


def living(results: Results) -> Iterator[str]:
    if not results.lived:
        return
    yield "## (b) Lifecycles: create, accept, agree, close, search"
    yield f"50 clients, closed loop, services called directly. Preloaded: {preloaded(results)}."
    rows = [lifecycle(results, one) for one in results.lived]
    titles = ("complaints", "lifecycles/s", "of the ceiling", "p50 ms", "p95 ms", "p99 ms")
    yield table((*titles, "errors"), rows)
    for one in results.lived:
        yield f"By step at {one.complaints:,}, ms:"
        yield tallies({**one.work.by_step, "until the case is open": one.work.opening})
    for one in results.lived:
        yield from what_failed(one.work.requests)
    yield "CPU milliseconds per lifecycle:"
    yield cpu_table([(f"{one.complaints:,}", one.cost, one.tally.count) for one in results.lived])


def preloaded(results: Results) -> str:
    made = [
        f"{count:,} in {seconds:.0f} s, settled {results.rested.get(count, 0.0):.0f} s later"
        for count, seconds in results.preloaded.items()
    ]
    return "; ".join(made) or "nothing"


def lifecycle(results: Results, one: Lived) -> tuple[str, ...]:
    return (
        *(f"{one.complaints:,}", figure(one.tally.rate)),
        percent(results.of_ceiling(one.tally.rate)),
        *(figure(one.tally.quantile(share)) for share in QUANTILES),
        str(one.tally.errors),
    )


def tallies(named: Mapping[str, Tally]) -> str:
    rows = [
        (name, str(one.count), *(figure(one.quantile(share)) for share in QUANTILES))
        for name, one in named.items()
    ]
    return table(("", "count", "p50", "p95", "p99"), rows)


def bursting(results: Results) -> Iterator[str]:
    for one in results.bursts:
        yield f"### Bursts x {one.factor:g} at {one.complaints:,} complaints"
        yield (
            f"Open loop, {BURST_SECONDS:g} s each; {one.tally.count} lifecycles, "
            f"{one.tally.errors} failed; {one.work.requests.count} requests, "
            f"{one.work.requests.errors} errors, p95 "
            f"{figure(one.work.requests.quantile(0.95))} ms; whole lifecycles p95 "
            f"{figure(one.tally.quantile(0.95))} ms."
        )
        yield stretches(one)
        yield from what_failed(one.work.requests)


def what_failed(tally: Tally) -> Iterator[str]:
    """The first answers that were no success."""
    for said in tally.wrong:
        yield f"- {said}"


def stretches(one: Bursts) -> str:
    titles = ("lifecycles/s", "requests", "p50 ms", "p95 ms", "p95 after 10 s")
    rows = [
        (
            *(figure(s.per_second), str(s.requests)),
            *(figure(s.p50), figure(s.p95), figure(s.settled_p95)),
        )
        for s in one.stretches
    ]
    return table(titles, rows)


def others(results: Results) -> Iterator[str]:
    letters = results.forwarded
    if letters:
        yield "## (c) From forwarding to the letter, 50 per second"
        yield tallies(
            {
                "POST forward": letters.forwards,
                "until the letter is made": letters.letters,
                "first fetch of the PDF": letters.pdfs,
            }
        )
        yield f"{letters.missing} letters did not come."
        yield cpu_table([("CPU ms per letter", letters.cost, letters.forwards.count)])
    done = results.imported
    if done:
        yield "## (d) Import"
        yield (
            f"{done.created:,} of {done.rows:,} rows in {done.seconds:.1f} s: "
            f"{figure(done.rate)} rows/s."
        )
        yield cpu_table([("CPU ms per row", done.cost, done.rows)])


def memory(results: Results) -> Iterator[str]:
    yield "## (e) Memory, MiB"
    named = {"at the start": results.idle, "at the end": results.loaded}
    for title, cost in named.items():
        if cost:
            rows = [(n, mib(cost.rss[n]), mib(cost.pss[n])) for n in cost.rss]
            rows.append(("together", mib(sum(cost.rss.values())), mib(sum(cost.pss.values()))))
            yield f"Distributed, {title} of the run:"
            yield table(("process", "RSS", "PSS"), rows)
    one = results.embedded
    if one:
        yield (
            f"Embedded, one process: {mib(one.idle.rss)} RSS at the start, "
            f"{mib(one.loaded.rss)} after the load, {mib(one.highest)} at its highest "
            f"({figure(one.creates.rate)} creates/s and {figure(one.lifecycles.rate)} "
            f"lifecycles/s with 8 clients; {one.creates.errors + one.lifecycles.errors} errors)."
        )


def protecting(results: Results) -> Iterator[str]:
    one = results.protected
    if one is None:
        return
    yield "## (f) What encryption and masks cost"
    yield (
        "Two clusters that differ in nothing else, measured turn by turn while the other one "
        "rests; the bare one neither encrypts nor masks (only the bench can do that). Rates per "
        "second, one for each round; the cost is 1 minus the ratio of the medians. "
        f"{one.errors} errors."
    )
    rows = [
        (
            *(name, ", ".join(map(figure, rates.protected)), ", ".join(map(figure, rates.bare))),
            percent(rates.cost),
        )
        for name, rates in (("create", one.creates), ("lifecycles", one.lifecycles))
    ]
    yield table(("", "protected", "bare", "cost"), rows)
