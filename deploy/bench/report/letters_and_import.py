"""(c), (d) What the report says of letters and of the import."""

from collections.abc import Iterator

from deploy.bench.markdown import figure
from deploy.bench.report.tables import cpu_table, tallies
from deploy.bench.results import Results


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
