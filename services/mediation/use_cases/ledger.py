"""The list as a ledger (台账): an Excel file, written row by row, in a thread."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from services.mediation.use_cases.desk import Filters, Listed
from services.mediation.use_cases.finding import On, page_of
from services.mediation.use_cases.labels import CLOCKS, OUTCOMES, STATES
from services.mediation.use_cases.staff import colleagues
from shared.bodies import Bodies
from shared.i18n import N_, Language, filled, translated
from shared.sheets.writing import Column, Excel, Table, growing, temporary
from shared.terms import Channel, Kind, category_label, label_of
from shared.trail import Chain, Deed, Doer, Noted, Said, note_all
from shared.trail.searches import Outcome, searches_of
from shared.work import Database

AT_ONCE = 500
LEFT_OUT = N_("不完整：台账里只有{most}件，其余的没有写进来。请加上筛选条件，分几次导出。")
Cell = Callable[[Listed, "Words"], Any]


@dataclass(frozen=True)
class Words:
    """What turns codes into words."""

    language: Language
    names: Mapping[UUID, str] = field(repr=False)
    bodies: Bodies

    def of(self, table: Mapping[str, str], code: str | None) -> str:
        """The words for a code; the code itself where it has none."""
        return translated(table.get(code, code), self.language) if code else ""

    def body(self, code: str) -> str:
        """The name of an organisation."""
        found = self.bodies.of(code)
        return found.short if found else code


def yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100


def fact(name: str) -> Cell:
    return lambda one, _: one.case[name]


def word(part: str, name: str) -> Cell:
    return lambda one, _: one.shown[part].get(name)


COLUMNS: tuple[tuple[str, int, Cell], ...] = (
    (N_("编号"), 18, fact("number")),
    (N_("机构"), 14, lambda one, words: words.body(one.case["body"])),
    (N_("收到日期"), 12, fact("received_on")),
    (N_("种类"), 8, lambda one, words: label_of(Kind, one.case["kind"], words.language)),
    (N_("渠道"), 14, lambda one, words: label_of(Channel, one.case["channel"], words.language)),
    (N_("投诉人"), 12, word("complainant", "name")),
    (N_("投诉人电话"), 14, word("complainant", "phone")),
    (N_("被投诉人"), 30, word("respondent", "name")),
    (N_("事由"), 40, word("matter", "subject")),
    (N_("类别"), 16, lambda one, words: category(one.case["category"], words)),
    (N_("金额（元）"), 12, lambda one, _: yuan(one.case["amount_fen"])),
    (N_("状态"), 12, lambda one, words: words.of(STATES, one.case["state"])),
    (N_("期限"), 12, fact("due_on")),
    (N_("期限事项"), 14, lambda one, words: words.of(CLOCKS, one.case["due_for"])),
    (N_("受理日期"), 12, fact("accepted_on")),
    (N_("转送日期"), 12, fact("forwarded_on")),
    (N_("答复日期"), 12, fact("replied_on")),
    (N_("结果"), 12, lambda one, words: words.of(OUTCOMES, one.case["outcome"])),
    (N_("结案日期"), 12, fact("closed_on")),
    (N_("挽回损失（元）"), 14, lambda one, _: yuan(one.case["recovered_fen"])),
    (N_("承办"), 12, lambda one, words: words.names.get(one.case["assignee"], "")),
)


def category(code: str | None, words: Words) -> str:
    return category_label(code, words.language) if code else ""


@dataclass(frozen=True)
class Order:
    """Which ledger is wanted."""

    filters: Filters
    language: Language
    bodies: Bodies
    most: int
    doers: Sequence[Doer]
    """Who takes it out of the house: once for each whose right it takes (代理)."""


async def write_ledger(database: Database, order: Order) -> Path:
    """Write the ledger to a temporary file, a stretch of rows at a time; the caller deletes it.

    Its last row says so where there were more cases than it takes. The trail tells of it, with how
    many rows were taken, before anybody gets the file.
    """
    async with database.reading() as session:
        names = {one.id: one.display for one in await colleagues(session, "")}
    words = Words(order.language, names, order.bodies)
    columns = [Column(translated(name, order.language), width) for name, width, _ in COLUMNS]
    title = translated(N_("台账"), order.language)
    async with temporary("xlsx") as path:
        async with growing(lambda: Excel(path, columns, title, fixed=1)) as sheet:
            rows, cut = await fill(sheet, database, order, words)
        await noted(database, order, {"rows": rows} | ({"more": True} if cut else {}))
    return path


async def noted(database: Database, order: Order, written: Mapping[str, Any]) -> None:
    """Who exports which cases and how many, for whom, in the chain of that person."""
    filters = order.filters
    deed = Said(Deed.CASES_EXPORTED, {**told(filters), **written})
    if filters.q:
        searches_of(database).add(order.doers, filters.q, Outcome("ledger"))
    async with database.work() as work:
        await note_all(work, [Noted(Chain("staff", str(one.id)), one, deed) for one in order.doers])


def told(filters: Filters) -> dict[str, Any]:
    """The filters as the trail keeps them; what was searched stands in its own row."""
    used = {
        "state": filters.state,
        "channel": filters.channel,
        "case_kind": filters.kind,
        "assignee": filters.assignee,
        "unit": filters.unit,
        "due_before": filters.due_before,
    }
    chosen = {name: value for name, value in used.items() if value is not None}
    return {"bodies": list(filters.bodies), **chosen, "searched": filters.q is not None}


async def fill(sheet: Table, database: Database, order: Order, words: Words) -> tuple[int, bool]:
    """Write all rows, a stretch at a time; how many, and whether others were left out."""
    on: On | None = None
    left = order.most
    while left > 0:
        async with database.reading() as session:
            rows, on = await page_of(session, database.vault, order.filters, on, min(AT_ONCE, left))
        await asyncio.to_thread(sheet.add, cells(rows, words))
        left -= len(rows)
        if on is None:
            return order.most - left, False
    said = filled(LEFT_OUT, {"most": order.most}, order.language)
    await asyncio.to_thread(sheet.add, [[said]])
    return order.most, True


def cells(rows: Sequence[Listed], words: Words) -> Iterator[list[Any]]:
    """The rows as their columns show them."""
    return ([cell(row, words) for _, _, cell in COLUMNS] for row in rows)
