"""The report of a run, in Markdown."""

from collections.abc import Mapping

from deploy.bench.creating import WARM, WARM_SERVICES
from deploy.bench.goals import goals_table
from deploy.bench.report.costs import memory, protecting
from deploy.bench.report.creation import creating, settling
from deploy.bench.report.letters_and_import import others
from deploy.bench.report.lifecycles import bursting, living
from deploy.bench.report.search import searched
from deploy.bench.results import Results
from deploy.bench.run import Plan
from deploy.bench.surroundings import limits, machine, packages

__all__ = ["report"]


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
