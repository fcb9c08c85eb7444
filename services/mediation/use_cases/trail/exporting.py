"""The trail as a file: CSV or Excel, written a stretch of rows at a time, in a thread."""

import asyncio
import csv
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from services.mediation.use_cases.ledger import SAFE
from services.mediation.use_cases.trail.asking import AuditQuery, understood
from services.mediation.use_cases.trail.labels import KINDS, SERVICES, action_words
from services.mediation.use_cases.trail.listing import Listed, Sisters, noted, page_of
from services.mediation.use_cases.trail.telling import Telling
from shared.bodies import Bodies
from shared.clock import SHANGHAI
from shared.i18n import N_, Language, translated
from shared.kernel import UnknownError
from shared.net import Unanswered
from shared.rights import Role
from shared.terms import label_of
from shared.trail import Deed
from shared.trail.reading import Line
from shared.web import Staff
from shared.work import Database

AT_ONCE = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a cell of a CSV file would be run as a formula (OWASP, CSV injection)."""
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cell = Callable[[Line, Telling], str]


def written(line: Line) -> str:
    """The time as Shanghai's clocks show it, to the second."""
    return line.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def in_a_cell(line: Line, told: Telling) -> str:
    """What was said with it, in one cell."""
    return "；".join(f"{name} {text}" for name, text in told.facts(line))


def words(table: Mapping[str, str], code: str, told: Telling) -> str:
    """The words for a code; the code itself where it has none."""
    return translated(table.get(code, code), told.language) if code else ""


COLUMNS: tuple[tuple[str, int, Cell], ...] = (
    (N_("时间"), 20, lambda line, _: written(line)),
    (N_("谁"), 14, lambda line, told: told.names.doer(line, told.language)),
    (N_("代谁"), 14, lambda line, told: told.names.behalf(line)),
    (N_("角色"), 12, lambda line, told: label_of(Role, line.role, told.language)),
    (N_("做了什么"), 20, lambda line, told: action_words(line.action, told.language)),
    (N_("哪一类"), 12, lambda line, told: words(KINDS, line.kind, told)),
    (N_("对什么"), 24, lambda line, told: told.thing(line)),
    (N_("内容"), 50, in_a_cell),
    (N_("服务"), 12, lambda line, told: words(SERVICES, line.service, told)),
    (N_("链"), 44, lambda line, _: f"{line.kind}:{line.key}"),
    (N_("序号"), 8, lambda line, _: str(line.seq)),
)


class Sheet(Protocol):
    """A growing file."""

    def add(self, rows: Sequence[Sequence[str]]) -> None: ...

    def close(self) -> None: ...


class Csv:
    """Rows between commas, as Excel reads UTF-8 (with a mark at the start)."""

    def __init__(self, path: Path, head: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file)
        self._csv.writerow(head)

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """Write rows below the last one; no cell is a formula."""
        for row in rows:
            self._csv.writerow([f"'{one}" if one.startswith(FORMULA) else one for one in row])

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class Excel:
    """An Excel file whose cells are all text."""

    def __init__(self, path: Path, head: Sequence[str]) -> None:
        import xlsxwriter  # noqa: PLC0415 - memory: only when asked for

        self._book = xlsxwriter.Workbook(str(path), SAFE)
        self._sheet = self._book.add_worksheet()
        self._next = 1
        bold = self._book.add_format({"bold": True})
        for at, (name, (_, width, _)) in enumerate(zip(head, COLUMNS, strict=True)):
            self._sheet.set_column(at, at, width)
            self._sheet.write_string(0, at, name, bold)
        self._sheet.freeze_panes(1, 0)

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """Write rows below the last one."""
        for row in rows:
            for at, one in enumerate(row):
                self._sheet.write_string(self._next, at, one)
            self._next += 1

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


SHEETS: dict[str, Callable[[Path, Sequence[str]], Sheet]] = {"csv": Csv, "xlsx": Excel}


class ServiceSilentError(Unanswered):
    """A part of the trail is missing: no file is better than one that hides it."""


@dataclass(frozen=True)
class Export:
    """Which file is wanted, and by whom."""

    query: AuditQuery
    who: Staff
    form: str
    language: Language
    most: int
    bodies: Bodies


async def export(database: Database, sisters: Sisters, wanted: Export) -> Path:
    """Write the lines to a temporary file, newest first; the caller deletes it.

    It is noted, with its form and how many rows, before anybody gets it. Raises what `list_trail`
    raises, NoSuchFormError, and ServiceSilentError where a service does not answer.
    """
    if wanted.form not in SHEETS:
        raise NoSuchFormError("只能导出 csv 或者 xlsx。")
    path = Path(await asyncio.to_thread(empty_file, wanted.form))
    head = [translated(name, wanted.language) for name, _, _ in COLUMNS]
    try:
        sheet = await asyncio.to_thread(SHEETS[wanted.form], path, head)
        try:
            rows = await fill(sheet, database, sisters, wanted)
        finally:
            await asyncio.to_thread(sheet.close)
        who, query, form = wanted.who, wanted.query, wanted.form
        await noted(database, who, Deed.AUDIT_EXPORTED, query, form=form, rows=rows)
    except BaseException:
        path.unlink(missing_ok=True)  # noqa: ASYNC240 - one call, and nothing may stay behind
        raise
    return path


class NoSuchFormError(UnknownError):
    """A kind of file that is not made here."""


async def fill(sheet: Sheet, database: Database, sisters: Sisters, wanted: Export) -> int:
    """Write all lines, a stretch at a time; how many."""
    async with database.reading() as session:
        put = await understood(session, wanted.query, wanted.who)
    left = wanted.most
    while left > 0:
        listed = await page_of(database, sisters, put, min(AT_ONCE, left))
        if listed.silent:
            raise ServiceSilentError(", ".join(listed.silent))
        await asyncio.to_thread(sheet.add, cells(listed, wanted))
        left -= len(listed.lines)
        if not listed.more:
            break
        question = put.question.model_copy(update={"before": listed.lines[-1].id})
        put = put.about(question)
    return wanted.most - left


def cells(listed: Listed, wanted: Export) -> list[list[str]]:
    """The lines as text, column by column."""
    told = Telling(listed.names, wanted.language, wanted.bodies)
    return [[cell(line, told) for _, _, cell in COLUMNS] for line in listed.lines]


def empty_file(form: str) -> str:
    """A new temporary file that only we can read."""
    with tempfile.NamedTemporaryFile(suffix=f".{form}", delete=False) as file:
        return file.name
