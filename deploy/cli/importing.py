"""`redress import`: one file through the batch address of intake's API."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from deploy.cli import say
from deploy.cli.errors import CannotError
from deploy.cli.reach import intake
from deploy.imports.layout import Layout, layout_of
from deploy.imports.mapping import load_map
from deploy.imports.report import write_report
from deploy.imports.rows import Row, rows_of
from deploy.imports.run import Answer, Import, Tally
from shared.clock import system_clock
from shared.i18n import N_, TAGS, Language, translated
from shared.net import Client, Unanswered
from shared.settings import CommonSettings
from shared.sheets import open_sheet
from shared.sheets.problems import FileRefusedError, Remark, Several

BATCH_ADDRESS = "/intake/api/v1/complaints/batch"
BATCH_HEADERS = {"Content-Type": "application/json", "Prefer": "return=minimal"}
"""Nobody reads the receipts of an import."""
SHOWN = 20
"""Remarks on the console; a report has all of them."""
MORE = N_("……还有 {more} 处；用 --errors FILE 写出全部。")
LEFT_OUT = N_("这些列没有导入：{columns}。")
NOTHING_BELOW = N_("“{name}”的列名下面没有一行内容，什么也没有导入；请核对是不是这个文件。")
SILENT = N_("受理服务没有回答。已收下的不会丢；请再运行一次同样的命令。")
REFUSED = N_("受理服务没有收下这一批（{status}）：{why}")


@dataclass(frozen=True)
class Asked:
    """What the command line says."""

    file: Path
    map: str
    dry_run: bool
    errors: Path | None
    language: Language


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

    def remarks(self, language: Language) -> Iterator[str]:
        """The first rows that a person must look at, and how many more there are."""
        problems = self.tally.problems
        yield from (one.line(language) for one in problems[:SHOWN])
        if (more := len(problems) - SHOWN) > 0:
            yield Remark(MORE, {"more": more}).in_words(language)

    def line(self) -> str:
        """The one line at the end."""
        counts = ", ".join(f"{name} {count}" for name, count in self.tally.as_json().items())
        kept = " (dry run: nothing was kept)" if self.dry_run else ""
        return f"{counts} - {self.seconds:.1f} s, {self.rate} rows/s{kept}"


async def run_import(common: CommonSettings, asked: Asked) -> Done:
    """Read, map, send, report. Raises ImportRefusedError before anything is sent."""
    began = time.perf_counter()
    chosen = load_map(asked.map)
    sheet = open_sheet(asked.file, chosen.sheet)
    layout = layout_of(sheet, chosen)
    prepare_report(asked)
    if layout.unused:
        warn(asked, LEFT_OUT, columns=Several(layout.unused))
    rows = rows_of(sheet, layout, chosen, system_clock())
    first = next(rows, None)
    if first is None:
        warn(asked, NOTHING_BELOW, name=asked.file.name)
        tally = Tally()
    else:
        below = len(sheet.rows) - layout.header_at - 1
        tally = await taken(common, asked, layout, chain([first], rows), below)
    return Done(tally, layout.unused, time.perf_counter() - began, asked.dry_run)


async def taken(
    common: CommonSettings, asked: Asked, layout: Layout, rows: Iterable[Row], below: int
) -> Tally:
    """Send the rows to intake and write the report, even of an import that was interrupted."""
    with say.bar(asked.file.name) as shown:
        task = shown.add_task(asked.file.name, total=below)
        async with intake(common, looks=asked.dry_run) as client:
            sender = Sender(client, asked.language, asked.dry_run)
            run = Import(layout, sender.send, lambda done: shown.update(task, completed=done))
            try:
                return await run.run(rows)
            finally:
                if asked.errors:
                    write_report(asked.errors, run.tally.problems, asked.language)


def warn(asked: Asked, sentence: str, **facts: Any) -> None:
    """Say what is left out of the file, or that nothing is in it."""
    say.complain(Remark(sentence, facts).in_words(asked.language))


def prepare_report(asked: Asked) -> None:
    """Find out whether the report can be written while nothing has been taken yet."""
    if asked.errors is None:
        return
    if asked.errors.exists() and asked.errors.samefile(asked.file):
        raise FileRefusedError(
            "报告“{name}”就是要导入的文件，会把它盖掉；请换一个名字。", name=asked.errors
        )
    try:
        write_report(asked.errors, (), asked.language)
    except OSError as error:
        why = error.strerror or error
        raise FileRefusedError(
            "写不了报告“{name}”：{why}；请换一个地方。什么也没有导入。", name=asked.errors, why=why
        ) from error


@dataclass(frozen=True)
class Sender:
    """Hands batches to intake's API as the console."""

    client: Client
    language: Language
    dry_run: bool

    async def send(self, complaints: Sequence[bytes]) -> list[Answer]:
        """One batch. Raises CannotError where intake does not answer as it should."""
        asked = {"dry_run": "true"} if self.dry_run else {}
        headers = BATCH_HEADERS | {"Accept-Language": TAGS[self.language]}
        body = b'{"items":[' + b",".join(complaints) + b"]}"
        try:
            answer = await self.client.post(
                BATCH_ADDRESS, params=asked, content=body, headers=headers
            )
        except Unanswered as error:
            raise CannotError(translated(SILENT, self.language)) from error
        if answer.is_error:
            facts = {"status": answer.status_code, "why": reason_in(answer.text)}
            raise CannotError(Remark(REFUSED, facts).in_words(self.language))
        return [Answer.of(one) for one in from_json(answer.content)["items"]]


def reason_in(answer: str) -> str:
    """What a problem document says (RFC 9457); another answer as it is."""
    try:
        return str(from_json(answer)["detail"])
    except (ValueError, LookupError, TypeError):
        return answer
