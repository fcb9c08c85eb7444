"""(e), (f) What the report says of memory, and of what encryption and masks cost."""

from collections.abc import Iterator

from deploy.bench.markdown import figure, mib, percent, table
from deploy.bench.results import Results


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
