"""(g) What the report says of the search."""

from collections.abc import Iterator, Sequence

from deploy.bench.markdown import figure, mib, percent, table
from deploy.bench.searching import RARE, Searching
from deploy.bench.statistics import percentile
from services.mediation.use_cases.desk import PAGE

BUCKETS = ((0.1, 1.1), (RARE, 0.1), (0.001, RARE), (0.0, 0.001))
"""From which share of the complaints to below which, for each row."""


def searched(done: Searching | None) -> Iterator[str]:
    """The part of the report."""
    if done is None:
        return
    yield "## (g) Search"
    yield (
        f"{done.texts:,} texts of 40 to 110 words of a vocabulary of 30,000, PostgreSQL alone with "
        f"the shipped settings. Cases and sealed texts in {done.filled:.0f} s; tokens in "
        f"{done.indexed:.0f} s: **{figure(done.rate)} texts/s**; tokens with their index "
        f"{mib(done.size)} MiB. A page of the API stops after {PAGE} hits, the desk's first page "
        "counts up to 1,000; each hit is opened and checked. Milliseconds:"
    )
    titles = ("in % of the complaints", "searches", "API p50", "p95", "desk p50", "p95", "most")
    yield table(titles, [row for one in BUCKETS if (row := bucket(done, *one))])


def bucket(done: Searching, least: float, below: float) -> Sequence[str]:
    """One row: searches that find a share of the complaints within these bounds."""
    these = [one for one in done.all if least <= one[0] < below]
    api, desk = sorted(one[1] for one in these), sorted(one[2] for one in these)
    if not these:
        return ()
    name = f"{percent(least)} to {percent(min(below, 1.0))}"
    quantiles = [percentile(took, share) for took in (api, desk) for share in (0.5, 0.95)]
    return (name, str(len(these)), *map(figure, quantiles), figure(desk[-1]))
