"""python -m deploy.bench: the figures, as ratios of one run. Writes Markdown."""

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from deploy.bench.measure import measure
from deploy.bench.report import report
from deploy.bench.results import Results
from deploy.bench.run import PARTS, Plan, running
from deploy.processes import ClusterError

USAGE = 2


def main(  # noqa: PLR0913, PLR0917 - the options of a command
    complaints: Annotated[
        int, typer.Option(help="How many complaints are there before lifecycles.", min=100)
    ] = 10_000,
    only: Annotated[str, typer.Option(help="Parts: any of a,b,c,d,e,f,g.")] = "a,b,c,d,e,f,g",
    seconds: Annotated[float, typer.Option(help="How long each figure is taken.", min=1)] = 10,
    out: Annotated[Path, typer.Option(help="The report.")] = Path("bench.md"),
    port: Annotated[int, typer.Option(help="The front's port.")] = 8900,
    data: Annotated[
        Path | None, typer.Option(help="Folder for the run; default: one that is removed.")
    ] = None,
) -> None:
    """Measure, on this machine, with PostgreSQL and Kafka; ratios to a ceiling of the same run."""
    parts = frozenset(only.replace(",", ""))
    if not parts or parts - set(PARTS):
        raise typer.BadParameter(f"--only takes {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        place = data or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(0o755)  # PostgreSQL may run as somebody else, who must get to its folder
        plan = Plan(complaints, parts, seconds, place.absolute(), port)
        with running(plan) as run:
            try:
                uvloop.run(measure(run, lambda known: write(out, plan, known)))
            except ClusterError as error:
                sys.stderr.write(f"{error}\n")
                raise typer.Exit(1) from error
    sys.stdout.write(out.read_text(encoding="utf-8"))


def write(out: Path, plan: Plan, results: Results) -> None:
    """The report as far as it is known."""
    out.write_text(report(plan, results), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
