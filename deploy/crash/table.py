"""The counts as a table in Markdown."""

from collections.abc import Sequence

from deploy.crash.trial import Outcome


def table(outcomes: Sequence[Outcome]) -> str:
    """One column per mode."""
    columns = [facts(one) for one in outcomes]
    rows = [["what", *(one.mode for one in outcomes)], ["---"] * (len(outcomes) + 1)]
    rows += [[name, *(column[name] for column in columns)] for name in columns[0]]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def facts(one: Outcome) -> dict[str, str]:
    """What is said of one mode, in order."""
    killed = ", ".join(f"{name} {count}" for name, count in sorted(one.killer.killed.items()))
    away = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in one.killer.absent.items())
    counts = one.counts
    return {
        "killed with SIGKILL": f"{one.killer.killed.total()}: {killed}",
        "kept away": away or "-",
        "complaints acknowledged": str(len(one.told.acknowledged)),
        "asked again without an answer": str(one.told.repeated),
        "longest wait for an acknowledgement": f"{one.told.longest:.1f} s",
        "complaints kept": str(len(counts.complaints)),
        "cases": str(len(counts.cases)),
        "rows on the dashboard": str(len(counts.facts)),
        "cases forwarded": str(len(counts.forwarded)),
        "letters": str(len(counts.letters)),
        "document numbers": ", ".join(
            f"{name}: 1-{max(given)}" for name, given in counts.numbers.items()
        ),
        "numbers missing or double": str(counts.gaps),
        "events buried": str(counts.dead),
        "events never published": str(counts.outbox),
        "settled after the last kill": f"{one.settled_in:.0f} s",
        "wrong": str(len(one.wrongs)),
    }
