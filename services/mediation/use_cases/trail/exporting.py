"""The trail as a file: CSV or Excel, written a stretch of rows at a time, in a thread."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.mediation.use_cases.trail.asking import AuditQuery, understood
from services.mediation.use_cases.trail.labels import KINDS, SERVICES, action_words
from services.mediation.use_cases.trail.listing import Installation, Listed, noted, page_of
from services.mediation.use_cases.trail.telling import Telling
from shared.acting import Staff
from shared.clock import SHANGHAI
from shared.i18n import N_, Language, filled, translated
from shared.kernel import UnknownError
from shared.net import Unanswered
from shared.rights import Action, Role
from shared.sheets.writing import Column, Csv, Excel, Table, growing, temporary
from shared.terms import label_of
from shared.trail import Deed
from shared.trail.reading import Line
from shared.work import Database

AT_ONCE = 500
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LEFT_OUT = N_("不完整：文件里只有最新的{most}条，更早的没有写进来。请缩短日期，分几次导出。")
Cell = Callable[[Line, Telling], str]


def written(line: Line) -> str:
    """The time as Shanghai's clocks show it, to the second."""
    return line.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def in_a_cell(line: Line, told: Telling) -> str:
    """What was said with it, in one cell."""
    between = translated(N_("；"), told.language)
    return told.gone(line) or between.join(f"{name} {text}" for name, text in told.facts(line))


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


FORMS: Mapping[str, Callable[[Path, Sequence[Column]], Table]] = {"csv": Csv, "xlsx": Excel}


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
    here: Installation


@dataclass(frozen=True)
class Exported:
    """A temporary file, which the caller deletes."""

    path: Path
    cut: bool
    """Whether it has the newest `most` rows only, and there are older ones."""


async def export(database: Database, wanted: Export) -> Exported:
    """Write the lines to a temporary file, newest first; its last row says so where older lack.

    It is noted, with its form and how many rows, before anybody gets it. Raises what `list_trail`
    raises, NoSuchFormError, and ServiceSilentError where a service does not answer.
    """
    if wanted.form not in FORMS:
        raise NoSuchFormError("只能导出 csv 或者 xlsx。")
    columns = [Column(translated(name, wanted.language), width) for name, width, _ in COLUMNS]
    async with temporary(wanted.form) as path:
        async with growing(lambda: FORMS[wanted.form](path, columns)) as sheet:
            rows, cut = await fill(sheet, database, wanted)
        told: dict[str, object] = {"form": wanted.form, "rows": rows}
        told |= {"more": True} if cut else {}
        deed, right = Deed.AUDIT_EXPORTED, Action.AUDIT_READ
        await noted(database, wanted.who, deed, wanted.query, right, **told)
    return Exported(path, cut)


class NoSuchFormError(UnknownError):
    """A kind of file that is not made here."""


async def fill(sheet: Table, database: Database, wanted: Export) -> tuple[int, bool]:
    """Write all lines, a stretch at a time; how many, and whether older ones were left out."""
    here = wanted.here
    async with database.reading() as session:
        put = await understood(session, wanted.query, wanted.who, here.bodies)
    left = wanted.most
    while left > 0:
        listed = await page_of(database, here.sisters, put, min(AT_ONCE, left))
        if listed.silent:
            raise ServiceSilentError(", ".join(listed.silent))
        await asyncio.to_thread(sheet.add, cells(listed, wanted))
        left -= len(listed.lines)
        if listed.next is None:
            return wanted.most - left, False
        question = put.question.model_copy(update={"before": listed.next})
        put = put.about(question)
    await asyncio.to_thread(sheet.add, [[left_out(wanted)]])
    return wanted.most, True


def left_out(wanted: Export) -> str:
    """What the last row of a file says that has not everything."""
    return filled(LEFT_OUT, {"most": wanted.most}, wanted.language)


def cells(listed: Listed, wanted: Export) -> list[list[str]]:
    """The lines as text, column by column."""
    told = Telling(listed.names, wanted.language, wanted.here.bodies)
    return [[cell(line, told) for _, _, cell in COLUMNS] for line in listed.lines]
