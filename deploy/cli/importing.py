"""`redress import`: one file through the batch address of intake's API."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from deploy.cli import say
from deploy.cli.errors import CannotError
from deploy.cli.reach import intake
from deploy.imports.layout import layout_of
from deploy.imports.mapping import load_map
from deploy.imports.report import write_report
from deploy.imports.rows import rows_of
from deploy.imports.run import Answer, Import, Outcome, Tally
from deploy.imports.sheets import open_sheet
from shared.clock import system_clock
from shared.net import Client, Unanswered
from shared.settings import CommonSettings

BATCH_ADDRESS = "/intake/api/v1/complaints/batch"
BATCH_HEADERS = {"Content-Type": "application/json", "Prefer": "return=minimal"}
"""Nobody reads the receipts of an import."""


@dataclass(frozen=True)
class Asked:
    """What the command line says."""

    file: Path
    map: str
    dry_run: bool
    errors: Path | None


@dataclass(frozen=True)
class Done:
    """What became of the file."""

    tally: Tally
    unused: tuple[str, ...]
    seconds: float
    dry_run: bool

    @property
    def rate(self) -> int:
        return round(self.tally.read / self.seconds) if self.seconds else 0

    def as_json(self) -> dict[str, Any]:
        facts = {
            "dry_run": self.dry_run,
            "unused_columns": list(self.unused),
            "seconds": round(self.seconds, 3),
            "rows_per_second": self.rate,
        }
        return self.tally.as_json() | facts

    def line(self) -> str:
        """The one line at the end."""
        counts = ", ".join(f"{name} {count}" for name, count in self.tally.as_json().items())
        kept = " (dry run: nothing was kept)" if self.dry_run else ""
        return f"{counts} - {self.seconds:.1f} s, {self.rate} rows/s{kept}"


async def run_import(common: CommonSettings, asked: Asked) -> Done:
    """Read, map, send, report. Raises FileRefusedError, MapRefusedError before anything is sent."""
    began = time.perf_counter()
    chosen = load_map(asked.map)
    sheet = open_sheet(asked.file, chosen.sheet)
    layout = layout_of(sheet, chosen)
    if layout.unused:
        say.complain(f"Columns left out: {'、'.join(layout.unused)}")
    rows = rows_of(sheet, layout, chosen, system_clock())
    with say.bar(asked.file.name) as shown:
        task = shown.add_task(asked.file.name, total=len(sheet.rows) - layout.header_at - 1)
        async with intake(common) as client:
            sender = Sender(client, asked.dry_run)
            run = Import(layout, sender.send, lambda done: shown.update(task, completed=done))
            try:
                tally = await run.run(rows)
            finally:
                if asked.errors:
                    write_report(asked.errors, run.tally.problems)
    return Done(tally, layout.unused, time.perf_counter() - began, asked.dry_run)


@dataclass(frozen=True)
class Sender:
    """Hands batches to intake's API as the console."""

    client: Client
    dry_run: bool

    async def send(self, complaints: Sequence[bytes]) -> list[Answer]:
        """One batch. Raises CannotError where intake does not answer as it should."""
        asked = {"dry_run": "true"} if self.dry_run else {}
        body = b'{"items":[' + b",".join(complaints) + b"]}"
        try:
            answer = await self.client.post(
                BATCH_ADDRESS, params=asked, content=body, headers=BATCH_HEADERS
            )
        except Unanswered as error:
            raise CannotError(
                "Intake does not answer. What was taken stays; run the same command again."
            ) from error
        if answer.is_error:
            raise CannotError(f"Intake refused the batch ({answer.status_code}): {answer.text}")
        return [answer_of(one) for one in from_json(answer.content)["items"]]


def answer_of(item: dict[str, Any]) -> Answer:
    errors = [(one.get("pointer"), one["detail"]) for one in item.get("errors") or ()]
    return Answer(Outcome(item["outcome"]), tuple(errors))
