"""What commands print: facts for people or as JSON on stdout, what is wrong on stderr."""

import json
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

WIDE = 200
"""Columns where nobody looks: lines in a file are not folded."""
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True, highlight=False, soft_wrap=True)

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
    out.print(line, markup=False)


def complain(line: str) -> None:
    """A line about what is wrong."""
    err.print(line, markup=False)


def fail(line: str, code: int = WRONG) -> NoReturn:
    """Say what is wrong and end."""
    complain(line)
    raise typer.Exit(code)


def table(*columns: str) -> Table:
    """A table without frames, to be filled and printed."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def bar(title: str) -> Progress:
    """A progress bar on stderr; nothing where nobody watches."""
    return Progress(
        TextColumn(title),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


@contextmanager
def counting(title: str) -> Generator[Counted]:
    """A progress bar that is told how much is done, of how much."""
    with bar(title) as shown:
        task = shown.add_task(title, total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)


def flat(facts: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Nested facts as lines: `mediation.migration.at` -> value."""
    lines: list[tuple[str, str]] = []
    for name, value in facts.items():
        if isinstance(value, Mapping) and value:
            lines += flat(value, f"{before}{name}.")
        else:
            lines.append((before + name, "-" if value in (None, {}, []) else str(value)))
    return lines
