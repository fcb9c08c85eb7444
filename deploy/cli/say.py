"""What commands print: facts for people or as JSON on stdout, what is wrong on stderr."""

import json
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from shared.clock import SHANGHAI

if TYPE_CHECKING:
    from rich.progress import Progress

WIDE = 200
"""Columns of a table that goes into a file."""
WRONG = 1
USAGE = 2

Facts = dict[str, Any]
Counted = Callable[[int, int], None]
"""Told how much is done, of how much."""


def nobody_watches(done: int, of: int) -> None:
    """No progress is shown."""


def facts_as_json(facts: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(facts, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def say(line: str) -> None:
    """A line for people."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """A line about what is wrong."""
    sys.stderr.write(line + "\n")


def fail(line: str, code: int = WRONG) -> NoReturn:
    """Say what is wrong and end."""
    complain(line)
    raise typer.Exit(code)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table without frames; not folded where nobody looks."""
    from rich.console import Console  # noqa: PLC0415 - memory: only when asked for
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    width = None if sys.stdout.isatty() else WIDE
    Console(highlight=False, width=width).print(table)


def bar(title: str) -> "Progress":
    """A progress bar on stderr; nothing where nobody watches."""
    from rich import progress  # noqa: PLC0415 - memory: only when asked for
    from rich.console import Console  # noqa: PLC0415

    return progress.Progress(
        progress.TextColumn(title),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


@contextmanager
def counting(title: str) -> Generator[Counted]:
    """A progress bar that is told how much is done, of how much."""
    with bar(title) as shown:
        task = shown.add_task(title, total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)


def local(at: datetime | str | None) -> str:
    """An instant, or its ISO spelling, by Shanghai's clock: 2026-06-16 09:12; `-` for none."""
    if at is None:
        return "-"
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def flat(facts: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Nested facts as lines: `mediation.migration.at` -> value."""
    lines: list[tuple[str, str]] = []
    for name, value in facts.items():
        if isinstance(value, Mapping) and value:
            lines += flat(value, f"{before}{name}.")
        else:
            lines.append((before + name, "-" if value in (None, {}, []) else str(value)))
    return lines
